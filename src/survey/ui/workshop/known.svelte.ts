import { SvelteMap } from 'svelte/reactivity'
import type { Guide, Pack, SaidAnswer, StartAnswer } from '../../model.ts'
import { keepPack, listPacks, removePack } from '../device/packs.ts'
import { describe, nameIn, type About } from './about.ts'
import { findableOf, type Findable } from './find.ts'
import { getAnswers, getPack, searchEnterprises } from './net.ts'
import { keepMet, listMet, type Session } from './session.ts'
import { craftOf, ownFindables, type Speaker } from './speakers.ts'
import type { Visit } from './visits.ts'

interface Holder {
  readonly start: StartAnswer | null
  readonly speaker: Speaker | null
  readonly lang: 'fr' | 'en'
  readonly unnamed: string
}

/** What this device knows of enterprises: the territories taken, those met on line, what others said of them. */
export class Known {
  /** Of every body in whose name one speaks. */
  allPacks = $state.raw<Pack[]>([])
  /** Code of the territory that is on its way. */
  taking = $state<string | null>(null)
  #met = new SvelteMap<string, Findable>()
  #others = new SvelteMap<string, SaidAnswer[]>()
  #session: Session | null = null
  readonly #holder: Holder
  /** Territories of the body in whose name one speaks now. */
  readonly packs = $derived.by(() => this.allPacks.filter(({ body }) => body === this.#holder.speaker?.body))
  readonly findables: Findable[] = $derived.by(() =>
    this.#holder.speaker?.own ? ownFindables(this.#holder.start) : findableOf(this.packs, this.#holder.lang),
  )
  readonly #everybody = $derived.by(
    () =>
      new Map(
        [
          ...ownFindables(this.#holder.start),
          ...this.#met.values(),
          ...findableOf(this.allPacks, this.#holder.lang),
        ].map((one) => [one.enterprise.siret, one]),
      ),
  )

  constructor(holder: Holder) {
    this.#holder = holder
  }

  async open(session: Session): Promise<void> {
    this.#session = session
    for (const one of await listMet(session)) this.#met.set(one.enterprise.siret, one)
    await this.#list(session)
  }
  async #list({ device: { store, person } }: Session): Promise<void> {
    this.allPacks = await listPacks(store, person, Date.now())
  }

  findable = (siret: string): Findable | null => this.#everybody.get(siret) ?? null
  nameOf = (siret: string): string => {
    const known = this.findable(siret)
    return known ? nameIn(known, this.#holder.unnamed) : siret
  }
  describe = (visit: Visit): About =>
    describe(visit, {
      packs: this.allPacks,
      findable: this.findable,
      lang: this.#holder.lang,
      unnamed: this.#holder.unnamed,
    })
  guideOf = ({ open }: Visit): Guide | null =>
    this.#holder.start?.guides.find(({ version }) => version === open.guide) ?? null
  latestGuide = (): number => Math.max(...(this.#holder.start?.guides ?? []).map(({ version }) => version))

  /** Keeps the name of an enterprise that was found on line, for when there is no network. */
  remember(found: Findable): void {
    if (this.findable(found.enterprise.siret) || !this.#session) return
    this.#met.set(found.enterprise.siret, found)
    void keepMet(this.#session, [...this.#met.values()])
  }
  /** On line, within the territory of the clause where there is but one. */
  async search(query: string): Promise<Findable[]> {
    const { speaker, lang } = this.#holder
    if (!speaker?.mandate) return []
    const { territories } = speaker.mandate
    const [only] = territories.length === 1 ? territories : []
    const got = await searchEnterprises(query, only && only.code !== '*' ? only.code : null)
    if (!got.ok) return []
    return got.value.enterprises.map((enterprise) => ({
      enterprise,
      text: '',
      town: enterprise.communeName ?? enterprise.commune,
      craft: craftOf(this.allPacks, enterprise.metier).label?.[lang] ?? '',
    }))
  }

  /** What others said of the enterprise of a visit, as last read. */
  othersOf({ open }: Visit): SaidAnswer[] {
    return 'siret' in open.target ? (this.#others.get(open.target.siret) ?? []) : []
  }
  /** Reads it again on line; else shows what was last read. */
  async readOthers({ open }: Visit, online: boolean): Promise<void> {
    if (!('siret' in open.target) || !this.#session) return
    const { siret } = open.target
    const { device } = this.#session
    const got = online ? await getAnswers(siret) : null
    if (got?.ok) await device.keepSeen(siret, got.value.answers)
    const seen = got?.ok ? got.value.answers : (await device.getSeen(siret))?.answers
    if (seen) this.#others.set(siret, seen)
  }

  /**
   * Takes a territory with its enterprises.
   * @returns the server's sentence when it was not taken, empty when it gave none; null when it was
   * @throws {DeviceError} `full`
   */
  async take(territory: string): Promise<string | null> {
    const body = this.#holder.speaker?.body
    if (!body || !this.#session) return ''
    this.taking = territory
    const got = await getPack(body, territory)
    this.taking = null
    if (!got.ok) return got.message ?? ''
    const { store, person } = this.#session.device
    await keepPack(store, person, got.value)
    await this.#list(this.#session)
    return null
  }
  async drop({ body, territory }: Pack): Promise<void> {
    if (!this.#session) return
    const { store, person } = this.#session.device
    await removePack(store, person, body, territory.code)
    await this.#list(this.#session)
  }
}
