import { explainRefusal, getStanding, type Standing } from '#accounts'
import type { Refused } from '#accounts/model'
import { sql, type Database, type User } from '#platform'
import { decideAny } from '../contributions/rights.ts'
import { moment, type Place } from '../contributions/rows.ts'
import { findGuide } from '../guide/guides.ts'
import type { Entry } from '../model.ts'
import { findCommune, type FoundCommune } from './communes.ts'
import { entriesOf, type VisitTarget } from './entries.ts'
import type { CollectedVisit, CollectProblem, RowReport } from './model.ts'

/** What a row would bring: the entries that nobody brought before. */
export interface PlannedVisit {
  visit: CollectedVisit
  report: RowReport
  problems: CollectProblem[]
  /** Empty when all is known, or refused. */
  entries: Entry[]
}

interface Unit extends Place {
  name: string | null
}

interface Ground {
  actor: User
  body: string | null
  standing: Standing
  units: ReadonlyMap<string, Unit>
  communes: ReadonlyMap<string, FoundCommune>
  /** Entries that the database has. */
  known: ReadonlySet<string>
  /** What was answered before at a moment, by visit, item and moment. */
  answered: ReadonlySet<string>
  explain(refused: Refused): Promise<string>
}

async function listUnits(db: Database, sirets: readonly string[]): Promise<Map<string, Unit>> {
  const found = await sql<Unit & { siret: string }>`
    select siret, name, commune, metier from registry.public_establishment where siret = any(${sirets})`.execute(
    db.kysely,
  )
  return new Map(found.rows.map((row) => [row.siret, row]))
}

async function listKnown(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const found = await sql<{ id: string }>`
    select id from survey.entry where id = any(${ids}::uuid[])`.execute(db.kysely)
  return new Set(found.rows.map(({ id }) => id))
}

const answeredKey = (contribution: string, item: string, at: string) => `${contribution} ${item} ${at}`

async function listAnswered(db: Database, contributions: readonly string[]): Promise<Set<string>> {
  const found = await sql<{ contribution: string; item: string; at: string }>`
    select e.contribution, e.payload->>'item' as item, ${moment('e.said_at')} as at from survey.entry e
    where e.contribution = any(${[...new Set(contributions)]}::uuid[]) and e.type = 'answer'`.execute(db.kysely)
  return new Set(found.rows.map(({ contribution, item, at }) => answeredKey(contribution, item, at)))
}

async function listCommunes(db: Database, visits: readonly CollectedVisit[]): Promise<Map<string, FoundCommune>> {
  const texts = new Set(visits.filter(({ siret }) => siret === null).map(({ commune }) => commune))
  const found = new Map<string, FoundCommune>()
  for (const text of texts) found.set(text, await findCommune(db, text))
  return found
}

function targetOf({ siret, commune }: CollectedVisit, communes: Ground['communes']): VisitTarget | { reason: string } {
  if (siret !== null) return { siret }
  const found = communes.get(commune)!
  return 'code' in found ? { commune: found.code } : found
}

/** Why the right to contribute does not reach a visit; null when it does. */
async function rightFault(ground: Ground, { guide }: CollectedVisit, target: VisitTarget): Promise<string | null> {
  const { actor, body, standing, units } = ground
  const siret = 'siret' in target ? target.siret : null
  const place = 'siret' in target ? (units.get(target.siret) ?? null) : { commune: target.commune, metier: null }
  const subject = siret ? { kind: 'enterprise', id: siret } : { kind: 'prospect', id: '' }
  const about = { subject, place, body, author: actor.id }
  const decision = decideAny(standing, 'contribute', about, findGuide(guide)!.items, new Date().toISOString())
  return 'grant' in decision ? null : ground.explain(decision)
}

const nameOf = ({ siret, name, commune }: CollectedVisit, { units }: Ground) =>
  siret === null ? [name, commune].filter(Boolean).join(', ') : (units.get(siret)?.name ?? siret)

function refusedVisit(visit: CollectedVisit, ground: Ground, reason: string): PlannedVisit {
  const { sheet, row, siret, answers, problems } = visit
  return {
    visit,
    report: {
      sheet,
      row,
      enterprise: nameOf(visit, ground),
      siret,
      registered: siret !== null && ground.units.has(siret),
      taken: 0,
      known: 0,
      refused: answers.length + problems.length,
    },
    problems: [{ sheet, row, column: null, reason }],
    entries: [],
  }
}

/** A correction that left the moment of its visit as it was comes after what it corrects. */
function afterOthers(entry: Entry, answered: ReadonlySet<string>): Entry {
  if (entry.type !== 'answer') return entry
  let at = entry.at
  while (answered.has(answeredKey(entry.contribution, entry.item, at))) at = new Date(Date.parse(at) + 1).toISOString()
  return { ...entry, at }
}

/** New entries of a visit: what is known is not sent again, and a visit without a new answer sends nothing. */
function newEntries(all: readonly Entry[], { known, answered }: Pick<Ground, 'known' | 'answered'>): Entry[] {
  const fresh = all.filter(({ id }) => !known.has(id)).map((entry) => afterOthers(entry, answered))
  return fresh.some(({ type }) => type === 'answer') ? fresh : []
}

async function planVisit(visit: CollectedVisit, ground: Ground): Promise<PlannedVisit> {
  if (visit.refusal !== null) return refusedVisit(visit, ground, visit.refusal)
  const target = targetOf(visit, ground.communes)
  if ('reason' in target) return refusedVisit(visit, ground, target.reason)
  const fault = await rightFault(ground, visit, target)
  if (fault !== null) return refusedVisit(visit, ground, fault)
  const all = entriesOf(visit, target, ground.body)
  const entries = newEntries(all, ground)
  const answers = all.filter(({ type }) => type === 'answer')
  const known = answers.filter(({ id }) => ground.known.has(id)).length
  const { sheet, row, siret, problems } = visit
  const registered = 'siret' in target && ground.units.has(target.siret)
  const counts = { taken: answers.length - known, known, refused: problems.length }
  return {
    visit,
    report: { sheet, row, enterprise: nameOf(visit, ground), siret, registered, ...counts },
    problems,
    entries,
  }
}

/** What each visit would bring, in the name of a body or in one's own, with what rights are today. */
export async function planVisits(
  db: Database,
  actor: User,
  body: string | null,
  visits: readonly CollectedVisit[],
): Promise<PlannedVisit[]> {
  const sound = visits.filter(({ refusal }) => refusal === null)
  const communes = await listCommunes(db, sound)
  const targets = sound.map((visit) => ({ visit, target: targetOf(visit, communes) }))
  const entries = targets.flatMap(({ visit, target }) => ('reason' in target ? [] : entriesOf(visit, target, body)))
  const said = new Map<string, string>()
  const ground: Ground = {
    actor,
    body,
    communes,
    standing: await getStanding(db, actor),
    units: await listUnits(
      db,
      visits.flatMap(({ siret }) => siret ?? []),
    ),
    known: await listKnown(
      db,
      entries.map(({ id }) => id),
    ),
    answered: await listAnswered(
      db,
      entries.map(({ contribution }) => contribution),
    ),
    async explain(refused) {
      const key = JSON.stringify(refused)
      const words = said.get(key) ?? (await explainRefusal(db, refused, 'contribute'))
      said.set(key, words)
      return words
    },
  }
  const planned: PlannedVisit[] = []
  for (const visit of visits) planned.push(await planVisit(visit, ground))
  return planned
}
