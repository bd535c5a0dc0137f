import { holdsEnterprise } from '#accounts'
import { displaySources, displayValue, getItem, listAgreed, listBodyNames, listReasons } from '#statements'
import { isFresh, type AgreedState } from '#statements/model'
import { sql, type Actor, type Database } from '#platform'
import type { Lang } from '#platform/model'
import { correctionItems, enterpriseKind, type CorrectionItem } from './items.ts'

/** What is said of an establishment about one item, ready to be shown. */
export interface SaidItem {
  item: CorrectionItem
  label: string
  state: AgreedState
  /** Null when opinions are divided. */
  value: string | null
  /** Whether `value` is the address of a page. */
  link: boolean
  sides: { value: string; who: string; saidOn: string }[]
  disagreement: boolean
  saidOn: string
  fresh: boolean
  /** What the register says, where it is overridden. */
  register: string | null
  /** Why it was settled, and who dissents. */
  reason: string | null
  dissents: string[]
}

export interface SaidOfEstablishment {
  items: SaidItem[]
  /** Whether the reader holds the enterprise. */
  holder: boolean
}

type Registered = { name: string | null; metier: string | null }

async function readRegistered(db: Database, siret: string): Promise<Registered | null> {
  const found = await sql<{ registered: Registered }>`
    select registered from registry.establishment_correction where siret = ${siret}`.execute(db.kysely)
  return found.rows[0]?.registered ?? null
}

/** What is publicly said of an establishment, who says so, and what the register says instead. */
export async function listSaid(db: Database, actor: Actor, siret: string, lang: Lang): Promise<SaidOfEstablishment> {
  const [all, registered, holder] = await Promise.all([
    listAgreed(db.kysely, { kind: 'enterprise', id: siret }),
    readRegistered(db, siret),
    holdsEnterprise(db, actor, siret),
  ])
  // What a survey asks has its own place on the page.
  const agreed = all.filter(({ item }) => getItem('enterprise', item).via === undefined)
  if (agreed.length === 0) return { items: [], holder }
  const bodies = agreed.flatMap((one) => [
    ...one.sides.flatMap((side) => side.bodies),
    ...(one.settlement?.dissents ?? []),
  ])
  const [names, reasons, crafts] = await Promise.all([
    listBodyNames(db.kysely, bodies),
    listReasons(
      db.kysely,
      agreed.flatMap(({ settlement }) => settlement?.id ?? []),
    ),
    enterpriseKind.choices!(db.kysely, getItem('enterprise', 'activity')),
  ])
  const registerOf: Partial<Record<CorrectionItem, string | null>> = {
    public_name: registered?.name ?? null,
    activity: registered?.metier ? (crafts.get(registered.metier)?.[lang] ?? null) : null,
  }
  const today = new Date().toISOString()
  const items = agreed.map((one): SaidItem => {
    const item = getItem('enterprise', one.item)
    const id = one.item as CorrectionItem
    const value = one.value && displayValue(one.value, lang, crafts)
    const register = registerOf[id] ?? null
    return {
      item: id,
      label: item.label[lang],
      state: one.state,
      value,
      link: item.link ?? false,
      sides: one.sides.map((side) => ({
        value: displayValue(side.value, lang, crafts),
        who: displaySources(side, names, lang),
        saidOn: side.saidOn,
      })),
      disagreement: one.disagreement,
      saidOn: one.saidOn,
      fresh: isFresh(one.saidOn, item.windowDays, today),
      register: register === value ? null : register,
      reason: (one.settlement && reasons.get(one.settlement.id)?.reason) ?? null,
      dissents: (one.settlement?.dissents ?? []).flatMap((body) => names.get(body) ?? []),
    }
  })
  const order = (one: SaidItem) => correctionItems.indexOf(one.item)
  return { items: items.sort((a, b) => order(a) - order(b)), holder }
}
