import { listMyBodies } from '#accounts'
import { setTimeout } from 'node:timers/promises'
import { requirePermission, sql, type Actor, type App, type Database, type JobState } from '#platform'
import { isId } from '#platform/model'
import type { Delivery } from './access.ts'
import { nothingToAccept } from './errors.ts'
import { acceptJob, matchJob, undoJob } from './jobs.ts'
import { decisions, type Candidate, type Decision, type DeliveryState, type Reason, type RowProblem } from './model.ts'

export interface DeliveryLine {
  id: string
  title: string
  fileName: string
  state: DeliveryState
  body: string
  createdAt: string
  rows: number
  matched: number
}

/** The deliveries of the bodies for which somebody acts, the latest first: fifty a page. */
export async function listDeliveries(
  db: Database,
  actor: Actor,
  before: string | null = null,
): Promise<{ deliveries: DeliveryLine[]; next: string | null }> {
  requirePermission('signed-in', actor)
  const all = actor === 'operator' || actor?.administrator === true
  const now = Date.now()
  const mine = (await listMyBodies(db, actor)).filter(
    ({ startsAt, endsAt }) => Date.parse(startsAt) <= now && (endsAt === null || Date.parse(endsAt) > now),
  )
  const found = await sql<DeliveryLine>`
    select d.id, d.title, d.file_name as "fileName", d.state, b.name as body,
      to_char(d.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt",
      (select count(*)::int from survey.delivery_row r where r.delivery = d.id) as rows,
      (select count(*)::int from survey.delivery_row r where r.delivery = d.id and r.decision = 'matched') as matched
    from survey.delivery d join accounts.public_body b on b.id = d.body
    where d.state <> 'refused' and (${all} or d.body = any(${mine.map(({ id }) => id)}::text[]))
      and (${before}::uuid is null or d.id < ${before}::uuid)
    order by d.id desc limit 51`.execute(db.kysely)
  const deliveries = found.rows.slice(0, 50)
  return { deliveries, next: found.rows.length > 50 ? deliveries.at(-1)!.id : null }
}

/** Why the last file of somebody was refused, and what was typed with it; null when that is over. */
export async function findRefusal(db: Database, actor: Actor, id: string | null) {
  if (id === null || !isId(id) || actor === null || actor === 'operator') return null
  const found = await sql<{ body: string; title: string; problem: string }>`
    select body, title, problem from survey.delivery
    where id = ${id}::uuid and author = ${actor.id} and state = 'refused'`.execute(db.kysely)
  const row = found.rows[0]
  if (!row) return null
  const { field, message } = JSON.parse(row.problem) as { field: string; message: string }
  return { body: row.body, title: row.title, field, message }
}

export type DeliveryCounts = Record<Decision, number> & {
  rows: number
  /** Answers of the matched rows, and how many rows have none. */
  answers: number
  withoutAnswer: number
  withProblems: number
  /** Rows that speak of an enterprise that another row speaks of. */
  doubles: number
}

/** How many rows of each kind a delivery has. */
export async function countRows(db: Database, id: string): Promise<DeliveryCounts> {
  const found = await sql<DeliveryCounts>`
    select count(*)::int as rows,
      ${sql.join(decisions.map((one) => sql`count(*) filter (where decision = ${one})::int as ${sql.id(one)}`))},
      coalesce(sum(answers) filter (where decision = 'matched'), 0)::int as answers,
      count(*) filter (where decision = 'matched' and answers = 0)::int as "withoutAnswer",
      count(*) filter (where problems <> '[]')::int as "withProblems",
      (count(siret) filter (where decision = 'matched') - count(distinct siret) filter (where decision = 'matched'))::int as doubles
    from survey.delivery_row where delivery = ${id}::uuid`.execute(db.kysely)
  return found.rows[0]!
}

/** @throws {UserError} 400 when no matched row brings an answer */
export async function requireSomething(db: Database, id: string): Promise<void> {
  if ((await countRows(db, id)).answers === 0) throw nothingToAccept()
}

/** A unit of the register as a choice shows it: only what everybody may read. */
export interface ShownUnit {
  siret: string
  name: string | null
  address: string | null
  commune: string | null
  closedOn: string | null
  open: boolean
}

export interface ShownRow {
  line: number
  cells: string[]
  siret: string | null
  score: number
  reasons: Reason[]
  candidates: Candidate[]
  decision: Decision
  answers: number
  problems: RowProblem[]
}

export const rowsPerPage = 50

/** A page of the rows of a delivery, with the units that they may mean. */
export async function pageRows(db: Database, id: string, decision: Decision | null, after: number) {
  const found = await sql<ShownRow>`
    select line, cells, siret, score, reasons, candidates, decision, answers, problems from survey.delivery_row
    where delivery = ${id}::uuid and (${decision}::text is null or decision = ${decision}) and line > ${after}
    order by line limit ${rowsPerPage + 1}::int`.execute(db.kysely)
  const rows = found.rows.slice(0, rowsPerPage)
  const sirets = rows.flatMap(({ siret, candidates }) => [siret ?? '', ...candidates.map((one) => one.siret)])
  return {
    rows,
    units: await listUnits(db, sirets),
    next: found.rows.length > rowsPerPage ? rows.at(-1)!.line : null,
  }
}

async function listUnits(db: Database, sirets: readonly string[]): Promise<Record<string, ShownUnit>> {
  const found = await sql<ShownUnit>`
    select e.siret, e.name, e.address, e.commune_name as commune, e.closed_on::text as "closedOn", e.state = 'open' as open
    from registry.public_establishment e where e.siret = any(${[...new Set(sirets)]}::text[])`.execute(db.kysely)
  return Object.fromEntries(found.rows.map((unit) => [unit.siret, unit]))
}

/** The job that a delivery waits for, by its state. */
export const jobOf: Partial<Record<DeliveryState, string>> = {
  matching: matchJob.name,
  accepting: acceptJob.name,
  undoing: undoJob.name,
}

/** Waits for the work of a delivery to end, some seconds at most: short work is over before its page is shown. */
export async function waitForWork(db: Database, id: string, seconds = 3): Promise<void> {
  for (const start = performance.now(); performance.now() - start < seconds * 1000;) {
    const found =
      await sql`select 1 from survey.delivery where id = ${id}::uuid and state = any(${Object.keys(jobOf)}::text[])`.execute(
        db.kysely,
      )
    if (found.rows.length === 0) return
    await setTimeout(100)
  }
}

/** How far the work of a delivery is; null when there is none. */
export async function findWork(app: App, { state, job }: Delivery): Promise<JobState | null> {
  const name = jobOf[state]
  if (!name) return null
  const lost: JobState = { state: 'failed', progress: null, error: null }
  return job === null ? lost : ((await app.jobs.state(name, job)) ?? lost)
}
