import type { Database } from '#platform'
import type { Lang } from '#platform/model'
import { displaySources, displayValue, listAgreed, listBodyNames, listReasons, type PublicAgreed } from '#statements'
import { isFresh, type Value } from '#statements/model'
import type { GuideItem } from '../model.ts'
import { practicePillars, type EnterprisePractices, type ToldPractice } from './model.ts'
import { allItems } from './territory.ts'

type Known = { one: PublicAgreed; item: GuideItem }

/** Whether the enterprise does it, at least partly. */
const isDone = (value: Value | null) =>
  value !== null && (value.kind !== 'answer' || value.answer === 'yes' || value.answer === 'partly')

/** Where somebody disagrees or the artisan contests, both sides are shown, whatever is kept. */
const isDisputed = ({ state, disagreement }: PublicAgreed) => disagreement || state === 'contested'

const isStrength = ({ one, item }: Known) => item.strength && (isDone(one.value) || isDisputed(one))

/** A plain "no" or "I do not know" is no news; files are shown among the enterprise's pictures. */
const isTold = (known: Known) =>
  !isStrength(known) && known.item.kind !== 'file' && (isDone(known.one.value) || isDisputed(known.one))

function hrefOf(value: Value | null): string | null {
  if (value?.kind === 'enterprise') return `/entreprises/${value.siret}`
  return value?.kind === 'place' ? `/carte?vue=14/${value.lat}/${value.lon}` : null
}

interface Words {
  lang: Lang
  bodies: ReadonlyMap<string, string>
  reasons: ReadonlyMap<string, { reason: string }>
  today: string
}

function tell({ one, item }: Known, { lang, bodies, reasons, today }: Words): ToldPractice {
  const choices = new Map(item.choices?.map(({ id, label }) => [id, label]))
  const words = (value: Value) => displayValue(value, lang, choices)
  const kept = one.sides.find((side) => JSON.stringify(side.value) === JSON.stringify(one.value))
  return {
    item: item.id,
    pillar: item.pillar,
    kind: item.kind,
    label: item.label[lang],
    partly: one.value?.kind === 'answer' && one.value.answer === 'partly',
    value: one.value && words(one.value),
    href: hrefOf(one.value),
    who: kept ? displaySources(kept, bodies, lang) : null,
    saidOn: one.saidOn,
    fresh: isFresh(one.saidOn, item.windowDays, today),
    state: one.state,
    sides: isDisputed(one)
      ? one.sides.map((side) => ({
          value: words(side.value),
          who: displaySources(side, bodies, lang),
          saidOn: side.saidOn,
        }))
      : [],
    reason: (one.settlement && reasons.get(one.settlement.id)?.reason) ?? null,
    dissents: (one.settlement?.dissents ?? []).flatMap((id) => bodies.get(id) ?? []),
  }
}

/** What everybody may read of an enterprise's practices: its strong points by pillar, and what else is told. */
export async function listStrengths(db: Database, siret: string, lang: Lang): Promise<EnterprisePractices> {
  const agreed = await listAgreed(db.kysely, { kind: 'enterprise', id: siret })
  const agreedOn = new Map(agreed.map((one) => [one.item, one]))
  const known = allItems().flatMap((item): Known[] => {
    const one = agreedOn.get(item.id)
    return one ? [{ one, item }] : []
  })
  const [bodies, reasons] = await Promise.all([
    listBodyNames(
      db.kysely,
      known.flatMap(({ one }) => [...one.sides.flatMap((side) => side.bodies), ...(one.settlement?.dissents ?? [])]),
    ),
    listReasons(
      db.kysely,
      known.flatMap(({ one }) => one.settlement?.id ?? []),
    ),
  ])
  const words = { lang, bodies, reasons, today: new Date().toISOString() }
  const told = (which: (one: Known) => boolean) => known.filter(which).map((one) => tell(one, words))
  const strengths = told(isStrength)
  return {
    strengths: practicePillars
      .map((pillar) => ({ pillar, items: strengths.filter((one) => one.pillar === pillar) }))
      .filter(({ items }) => items.length > 0),
    others: told(isTold),
    count: known.length,
  }
}
