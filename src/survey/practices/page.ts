import type { App, Database } from '#platform'
import type { Lang } from '#platform/model'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { displaySources, displayValue } from '#statements'
import type { Label, Value } from '#statements/model'
import { findTerritory, listOpenTerritories, listTerritoriesOf } from '#territory'
import { findGuideItem, latestGuide, listGuides } from '../guide/guides.ts'
import type { GuideItem } from '../model.ts'
import { practicesDataset } from './dataset.ts'
import { unknownPractice } from './errors.ts'
import { practicesMessages } from './messages.ts'
import {
  practiceParameters,
  practiceSorts,
  type Practice,
  type PracticePageData,
  type PracticeQuery,
  type PracticeRow,
  type PracticesPageData,
  type TerritoryChoices,
} from './model.ts'
import { parsePractices, resolvePractices } from './query.ts'
import { readPractices, readTraits } from './territory.ts'

/** Rows of one page of a list. */
const pageSize = 50

const labelOf = (lang: Lang, label: Label | undefined) => label?.[lang] ?? null

/** Names of crafts, by slug. */
async function metierLabels(db: Database, lang: Lang): Promise<Record<string, string>> {
  const tree = await listMetierTree(db)
  return Object.fromEntries(metiersOfTree(tree).map(({ slug, label }) => [slug, label[lang]]))
}

async function territoryChoices(db: Database, chosen: string | null): Promise<TerritoryChoices> {
  const open = await listOpenTerritories(db)
  const departements = open.filter(({ kind }) => kind === 'departement')
  const inside = (await Promise.all(departements.map(({ code }) => listTerritoriesOf(db, code)))).flat()
  const pick = ({ code, name }: { code: string; name: string }) => ({ code, name })
  const groups: TerritoryChoices = [
    { group: 'departement', items: departements.map(pick) },
    { group: 'custom', items: open.filter(({ kind }) => kind === 'custom').map(pick) },
    { group: 'epci', items: inside.filter(({ kind }) => kind === 'epci').map(pick) },
    { group: 'commune', items: inside.filter(({ kind, code }) => kind === 'commune' && code === chosen).map(pick) },
  ]
  return groups.filter(({ items }) => items.length > 0)
}

async function whereOf(db: Database, query: PracticeQuery) {
  const [choices, territory] = await Promise.all([
    territoryChoices(db, query.territory),
    query.territory ? findTerritory(db, query.territory) : null,
  ])
  return { query, choices, territory: territory && { code: territory.code, name: territory.name } }
}

/**
 * All that the page of practices shows, from its address: `territory`, `sector`, `metier`.
 * @throws {UserError} 400 naming a wrong filter, 404 for an unknown territory
 */
export async function practicesPage(app: App, lang: Lang, parameters: URLSearchParams): Promise<PracticesPageData> {
  const query = await resolvePractices(app.db, parsePractices(parameters))
  const guide = latestGuide()
  const [practices, where, labels] = await Promise.all([
    readPractices(app.db, query),
    whereOf(app.db, query),
    metierLabels(app.db, lang),
  ])
  return {
    ...where,
    practices,
    metierLabels: labels,
    sections: guide.sections.map(({ id, pillar, label }) => ({ id, pillar, label })),
    publishedOn: guide.publishedOn,
  }
}

/** The page of what a value names, or where it is. */
function hrefOf(value: Value): string | null {
  if (value.kind === 'enterprise') return `/entreprises/${value.siret}`
  return value.kind === 'place' ? `/carte?vue=14/${value.lat}/${value.lon}` : null
}

/** A value in words; a file is shown on the page of its enterprise. */
function wordsOf(item: GuideItem, value: Value | null, lang: Lang): string {
  const t = practicesMessages[lang]
  if (value === null) return t.states.tied
  if (value.kind === 'file') return item.media === 'sound' ? t.item.sound : t.item.picture
  return displayValue(value, lang, new Map(item.choices?.map(({ id, label }) => [id, label])))
}

function rowOf(item: GuideItem, row: Practice, labels: Record<string, string>, lang: Lang): PracticeRow {
  const { siret, name, communeName, saidOn, state, disagreement, bodies, bySubject, citizens } = row
  const names = new Map(bodies.map((body) => [body, body]))
  return {
    siret,
    name,
    communeName,
    saidOn,
    state,
    disagreement,
    metier: (row.metier && labels[row.metier]) ?? null,
    value: wordsOf(item, row.value, lang),
    href: row.value && hrefOf(row.value),
    who: displaySources({ bodies, subject: bySubject, register: false, citizens }, names, lang),
  }
}

const sectionLabel = (id: string, lang: Lang) =>
  labelOf(
    lang,
    listGuides()
      .toReversed()
      .flatMap(({ sections }) => sections)
      .find((one) => one.id === id)?.label,
  )

/** An item that is done or not shows those who do it, unless all answers are asked for; others have nothing to leave out. */
function listedOf(item: GuideItem, parameters: URLSearchParams, query: PracticeQuery): PracticeQuery {
  const all = item.kind !== 'answer' || parameters.get('answers') === 'all' || query.values.length > 0
  return { ...query, items: [item.id], pillars: [], siret: null, answers: all ? 'all' : 'done' }
}

/**
 * All that the page of one practice shows, from its address: `territory`, `sector`, `metier`, `value`, `answers`, `sort`,
 * `cursor`.
 * @throws {UserError} 400 naming a wrong filter, 404 for an unknown practice or territory
 */
export async function practicePage(
  app: App,
  lang: Lang,
  id: string,
  parameters: URLSearchParams,
): Promise<PracticePageData> {
  const item = findGuideItem(id)
  if (!item) throw unknownPractice(id)
  const query = listedOf(item, parameters, await resolvePractices(app.db, parsePractices(parameters)))
  const sort = practiceSorts.find((one) => one === parameters.get('sort')) ?? 'enterprise'
  const cursor = parameters.get('cursor')
  const [{ items, crafts }, list, where, labels] = await Promise.all([
    readTraits(app.db, query, [item]),
    practicesDataset(app.db).page(query, pageSize, cursor, sort),
    whereOf(app.db, query),
    metierLabels(app.db, lang),
  ])
  const next = practiceParameters({ ...query, items: [] })
  if (query.answers === 'all' && item.kind === 'answer') next.set('answers', 'all')
  if (sort !== 'enterprise') next.set('sort', sort)
  if (list.next) next.set('cursor', list.next)
  return {
    ...where,
    item: {
      id,
      pillar: item.pillar,
      kind: item.kind,
      label: item.label[lang],
      question: item.question[lang],
      help: labelOf(lang, item.help),
      examples: labelOf(lang, item.examples),
      section: sectionLabel(item.section, lang),
      iso26000: item.iso26000,
    },
    trait: items[0]!,
    crafts,
    rows: list.rows.map((row) => rowOf(item, row, labels, lang)),
    sort,
    isFirst: cursor === null,
    next: list.next && `/pratiques/${id}?${next}`,
  }
}
