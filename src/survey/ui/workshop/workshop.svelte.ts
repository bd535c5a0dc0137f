import type { Value } from '#statements/model'
import type { GuideItem, Mode, StartAnswer } from '../../model.ts'
import type { NewConsent, NewProspect } from '../device/engine.ts'
import { DeviceError, type DeviceErrorCode } from '../device/errors.ts'
import { exportJournal, exportName, importJournal } from '../device/export.ts'
import { ownBytes } from '../device/files.ts'
import { Known } from './known.svelte.ts'
import type { WorkshopMessages } from './messages.ts'
import { hashOf, screenOf, type Screen } from './screens.ts'
import { askForNewer, openSession, type Session } from './session.ts'
import { speakersOf, type Speaker } from './speakers.ts'
import { Sync } from './sync.svelte.ts'
import { Updates } from './updates.svelte.ts'
import { countOf, isVisit, sameDayVisit, sittingsOf, type Visit } from './visits.ts'
import { wordsOf } from './words.ts'

const saidMs = 4000
const autoKey = 'survey-auto'
const speakerKey = 'survey-speaker'
const draftKey = (key: string) => `survey-draft:${key}`

/** All that the screens show, and all that they do: one for the page. The journal of the device is the truth; this follows it. */
export class Workshop {
  readonly t: WorkshopMessages
  readonly lang: 'fr' | 'en'
  phase = $state<'opening' | 'ready' | 'unknown'>('opening')
  start = $state.raw<StartAnswer | null>(null)
  /** The last touched first. */
  visits = $state.raw<Visit[]>([])
  said = $state('')
  failed = $state<DeviceErrorCode | null>(null)
  #auto = $state(true)
  #speaker = $state<string | null>(null)
  #session: Session | null = null
  #hasMoved = false
  #silence: ReturnType<typeof setTimeout> | undefined
  readonly speakers = $derived(this.start ? speakersOf(this.start) : [])
  readonly speaker: Speaker | null = $derived(
    this.speakers.find(({ key }) => key === this.#speaker) ?? this.speakers[0] ?? null,
  )
  readonly known: Known = new Known(this)
  readonly updates = new Updates()
  readonly sync: Sync = new Sync(async (all) => {
    await this.refresh()
    if (all) this.#sayAway(this.t.sync.nothing)
  })

  /** As people count: an answer or an agreement each; what opens a visit is none, unless it is alone. */
  readonly waiting = $derived.by(() => countOf(this.visits, 'waiting') || this.sync.counts.waiting)
  readonly refused = $derived.by(() => countOf(this.visits, 'refused') || this.sync.counts.refused)

  constructor(t: WorkshopMessages, lang: 'fr' | 'en') {
    this.t = t
    this.lang = lang
  }
  get unnamed(): string {
    return this.t.find.unnamed
  }

  /** Opens what the device keeps, then asks the server for what is newer. @returns what ends it */
  begin(): () => void {
    this.#auto = localStorage.getItem(autoKey) !== 'no'
    this.#speaker = localStorage.getItem(speakerKey)
    void this.open()
    const seen = () => document.visibilityState === 'visible' && void this.sync.look()
    document.addEventListener('visibilitychange', seen)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      clearTimeout(this.#silence)
      this.sync.close()
      this.#session?.device.store.close()
    }
  }
  async open(): Promise<void> {
    this.phase = 'opening'
    try {
      this.#session = await openSession((start) => (this.start = start))
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      this.failed = error.code
    }
    if (!this.#session) {
      this.phase = 'unknown'
      return
    }
    this.start = this.#session.start
    await this.known.open(this.#session)
    await this.refresh()
    this.phase = 'ready'
    this.updates.begin(() => void this.sync.look())
    await this.sync.open(this.#session)
  }
  async refresh(): Promise<void> {
    const visits = await this.#session?.device.listContributions()
    if (visits) this.visits = visits.filter(isVisit)
  }
  /** One visit was written to: the others stay as they were read. */
  async #wrote(id: string): Promise<void> {
    const visit = await this.#session!.device.getContribution(id)
    if (isVisit(visit)) this.visits = [visit, ...this.visits.filter((one) => one.id !== id)]
    await this.sync.wrote()
  }
  /** @returns whether it is safe on the device; if not, the page says so until something is */
  async #write<T>(work: (device: Session['device']) => Promise<T>): Promise<T | null> {
    try {
      const result = await work(this.#session!.device)
      this.failed = null
      return result
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      this.failed = error.code
      return null
    }
  }

  async visitOne(siret: string, mode: Mode, reason?: string): Promise<void> {
    const visit = await this.#openOne(siret, mode, reason)
    if (visit) this.go({ name: 'visit', visit }, true)
  }
  async visitTogether(chosen: readonly { siret: string; reason?: string }[]): Promise<void> {
    const visits: string[] = []
    for (const { siret, reason } of chosen) {
      const visit = this.sameDay(siret, 'group')?.id ?? (await this.#openOne(siret, 'group', reason))
      if (visit) visits.push(visit)
    }
    if (visits.length > 0) this.go({ name: 'group', visits, item: null }, true)
  }
  async visitUnknown(prospect: Omit<NewProspect, 'body'>, mode: Mode): Promise<void> {
    const body = this.speaker?.body ?? null
    const opening = { guide: this.known.latestGuide(), mode, body }
    const visit = await this.#write((device) => device.openProspect({ ...prospect, body }, opening))
    if (!visit) return
    await this.#wrote(visit)
    this.go({ name: 'visit', visit }, true)
  }
  async #openOne(siret: string, mode: Mode, reason?: string): Promise<string | null> {
    const opening = { target: { siret }, guide: this.known.latestGuide(), mode, body: this.speaker?.body ?? null }
    const visit = await this.#write((device) => device.open(reason ? { ...opening, reason } : opening))
    if (visit) await this.#wrote(visit)
    return visit
  }

  /** @returns whether it is safe on the device */
  async answer(visit: Visit, item: GuideItem, value: Value, comment: string | null): Promise<boolean> {
    const kept = await this.#write((device) => device.answer(visit.id, { item: item.id, value, comment }))
    if (kept === null) return false
    await this.#wrote(visit.id)
    this.say(this.t.question.noted(this.wordsOf(value, item)))
    return true
  }
  async answerByFile(visit: Visit, item: GuideItem, file: File, comment: string | null): Promise<void> {
    const subject = 'siret' in visit.open.target ? visit.open.target.siret : 'moi'
    const blob = await ownBytes(file)
    const kept = await this.#write((device) =>
      device.answerByFile(visit.id, item.id, { blob, name: file.name, subject }, comment),
    )
    if (kept === null) return
    await this.#wrote(visit.id)
    this.say(item.media === 'sound' ? this.t.sound.kept : this.t.photo.kept)
  }
  async clear(visit: Visit, item: string): Promise<void> {
    await this.#write((device) => device.clear(visit.id, item))
    await this.#wrote(visit.id)
  }
  /** @returns whether it is safe on the device */
  async agree(visit: Visit, consent: NewConsent): Promise<boolean> {
    const kept = await this.#write((device) => device.consent(visit.id, consent))
    if (kept !== null) await this.#wrote(visit.id)
    return kept !== null
  }
  /** Puts what was refused back among what waits, for when the right is there again. */
  async resend(visit: Visit): Promise<void> {
    await this.#write((device) => device.resend(visit.id))
    await this.#wrote(visit.id)
    await this.sync.send()
  }
  /** Takes a territory. @returns why not; null when it was taken */
  async take(territory: string): Promise<string | null> {
    const told = await this.#write(() => this.known.take(territory).then((sentence) => ({ sentence })))
    if (!told) return this.t.storage.full
    return told.sentence === '' ? this.t.territories.failed : told.sentence
  }

  /** The whole journal as a file, for the person to keep. */
  async keepFile(): Promise<void> {
    if (!this.#session) return
    const { store, person, device } = this.#session.device
    const address = URL.createObjectURL(await exportJournal(store, { person, device, now: Date.now }))
    const link = Object.assign(document.createElement('a'), { href: address, download: exportName(Date.now()) })
    link.click()
    URL.revokeObjectURL(address)
  }
  /** Takes a kept file up again. */
  async restore(file: File): Promise<void> {
    const report = await this.#write(({ store, person }) => importJournal(store, { person, now: Date.now }, file))
    if (!report) return
    await this.refresh()
    await this.sync.wrote()
    this.say(this.t.files.restored(report.entries + report.files))
  }

  visit = (id: string): Visit | null => this.visits.find((one) => one.id === id) ?? null
  /** The visit of an enterprise that was begun today, to go on with. */
  sameDay = (siret: string, mode: Mode): Visit | null =>
    sameDayVisit(this.visits, { siret, mode, body: this.speaker?.body ?? null, day: this.now().slice(0, 10) })
  wordsOf = (value: Value, item: GuideItem | undefined): string =>
    wordsOf(value, item, { t: this.t, lang: this.lang, nameOf: this.known.nameOf })
  now = (): string => new Date().toISOString()
  /** A photo or a sound that is still here. */
  async blobOf(file: string): Promise<Blob | null> {
    const kept = await this.#session?.device.store.getFile(file)
    return kept && kept.blob.size > 0 ? kept.blob : null
  }

  /** Whether an answer by a button leads to the next question. */
  get auto(): boolean {
    return this.#auto
  }
  set auto(yes: boolean) {
    this.#auto = yes
    localStorage.setItem(autoKey, yes ? 'yes' : 'no')
  }
  speakAs(key: string): void {
    this.#speaker = key
    localStorage.setItem(speakerKey, key)
  }
  /** A word typed before the answer that it goes with. */
  draftOf = (key: string): string => localStorage.getItem(draftKey(key)) ?? ''
  keepDraft(key: string, text: string): void {
    if (text) localStorage.setItem(draftKey(key), text)
    else localStorage.removeItem(draftKey(key))
  }

  /** What the first screen says by itself is told on the others. */
  #sayAway(text: string): void {
    if (screenOf(location.hash).name !== 'home') this.say(text)
  }
  network(online: boolean): void {
    this.sync.online = online
    if (online && this.#session) void askForNewer(this.#session, (start) => (this.start = start))
    this.#sayAway(online ? this.t.sync.nowOnline : this.t.sync.nowOffline)
  }
  /** Says it to the eye and to the ear, for a moment. */
  say(text: string): void {
    this.said = text
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => (this.said = ''), saidMs)
  }
  go(screen: Screen, replace = false): void {
    if (replace) location.replace(hashOf(screen))
    else location.hash = hashOf(screen)
  }
  /** Where a visit is seen whole: its own screen, or the one of the sitting that it belongs to. */
  homeOf(visit: Visit): Screen {
    const sitting = sittingsOf(this.visits).find((visits) => visits.some(({ id }) => id === visit.id)) ?? []
    return sitting.length > 1
      ? { name: 'group', visits: sitting.map(({ id }) => id), item: null }
      : { name: 'visit', visit: visit.id }
  }
  moved(): void {
    this.#hasMoved = true
  }
  /** Puts the focus on the title of a new screen, so that it is read; not when the page itself was just opened. */
  takeFocus = (title: HTMLElement): void => {
    if (!this.#hasMoved) return
    title.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }
}
