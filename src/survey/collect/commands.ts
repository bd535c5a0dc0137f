import { newId, requirePermission, sql, transaction, UserError, type Actor, type App, type User } from '#platform'
import { requireDeliver } from '../deliveries/access.ts'
import { listGuides } from '../guide/guides.ts'
import { readColumn } from '../guide/xlsform/columns.ts'
import { allNodes, questionsOf } from '../guide/xlsform/model.ts'
import { readFormTables, readXlsform } from '../guide/xlsform/read.ts'
import { formSheets } from '../guide/xlsform/sheets.ts'
import type { Table } from '../tables/read.ts'
import { acceptJobName } from './accept.ts'
import { holdsSomething } from './access.ts'
import { getCollection, insertCollection, passTo, type NewCollection } from './collections.ts'
import { bodyExpected, fileExpected, noVisits, nothingToTake, notNow, tooManyVisits } from './errors.ts'
import { countsOf, mostVisits, type CollectReport, type FormReport } from './model.ts'
import { planVisits } from './plan.ts'
import { itemsOfAll, readCollectedFile } from './read.ts'
import { reportOf } from './report.ts'

export interface CollectInput {
  /** Empty: one's own word. */
  body: string
  fileName: string
  bytes: Uint8Array
}

/** Whether sheets are those of a form rather than the answers to it. */
function isForm(tables: readonly Table[]): boolean {
  const columns = formSheets(tables)
    .get('survey')
    ?.headers.map((header) => readColumn(header).name)
  return columns !== undefined && columns.includes('type') && columns.includes('name')
}

function formReport(tables: readonly Table[]): FormReport {
  const { form, problems } = readXlsform(tables)
  const questions = form ? questionsOf(form) : []
  const items = new Set(itemsOfAll(listGuides()).map(({ id }) => id))
  return {
    questions: questions.length,
    known: form ? allNodes(form.nodes).filter(({ name }) => items.has(name)).length : 0,
    problems,
  }
}

async function requireCollect(app: App, user: User, body: string): Promise<void> {
  if (body !== '') return requireDeliver(app.db, user, body)
  if (!(await holdsSomething(app.db, user))) throw bodyExpected()
}

async function readFile(app: App, user: User, input: CollectInput, tables: Table[]): Promise<CollectReport> {
  const file = readCollectedFile(tables, listGuides())
  if (file.visits.length === 0) throw noVisits(tables.map(({ name }) => name))
  if (file.visits.length > mostVisits) throw tooManyVisits(mostVisits)
  return reportOf(file, await planVisits(app.db, user, input.body || null, file.visits))
}

/**
 * Reads a file that ODK or KoboToolbox exported: nothing counts before it is accepted. A form, rather than answers to it, is
 * told for what it is; a file that is neither is kept as refused, with the reason.
 * @returns the id of the collection
 * @throws {UserError} 400 without a file or a body, 401, 403 without a convention that lets the actor survey
 */
export async function readCollection(app: App, actor: Actor, input: CollectInput): Promise<string> {
  requirePermission('signed-in', actor)
  const user = actor as User
  await requireCollect(app, user, input.body)
  if (input.fileName === '') throw fileExpected()
  const fileName = input.fileName.replaceAll('\0', '')
  const base = { id: newId(), body: input.body || null, author: user.id, fileName }
  const keep = (rest: Omit<NewCollection, keyof typeof base>) =>
    transaction(app.db, (trx) => insertCollection(trx, { ...base, ...rest }))
  try {
    const tables = await readFormTables(input.bytes, fileName)
    if (isForm(tables)) await keep({ state: 'form', report: formReport(tables) })
    else await keep({ state: 'read', tables, report: await readFile(app, user, input, tables) })
  } catch (error) {
    if (!(error instanceof UserError) || error.status !== 400) throw error
    await keep({ state: 'refused', problem: error.message })
  }
  return base.id
}

/**
 * Accepts a file: a job takes its answers, in the name of its body.
 * @throws {UserError} 400 when it brings nothing, 401, 403, 404, 409 once it was accepted
 */
export async function acceptCollection(app: App, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  const user = actor as User
  const one = await getCollection(app.db.kysely, user, id)
  await requireCollect(app, user, one.body ?? '')
  const again = one.state === 'accepting' && (await isStuck(app, one.job))
  if (!again && one.state !== 'read') throw notNow()
  if (countsOf(one.report as CollectReport).taken === 0) throw nothingToTake()
  if (!again) await passTo(app.db.kysely, id, 'read', 'accepting')
  const job = await app.jobs.send(acceptJobName, { collection: id })
  await sql`update survey.collection set job = ${job} where id = ${id}::uuid`.execute(app.db.kysely)
}

/** Whether the work on a file stands still: it failed, or was never queued. */
export const isStuck = async (app: App, job: string | null): Promise<boolean> =>
  job === null || ((await app.jobs.state(acceptJobName, job))?.state ?? 'failed') === 'failed'

/**
 * Removes a file; answers that were taken stay.
 * @throws {UserError} 401, 404, 409 while its answers are being taken
 */
export async function removeCollection(app: App, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  const { state } = await getCollection(app.db.kysely, actor as User, id)
  if (state === 'accepting') throw notNow()
  await sql`delete from survey.collection where id = ${id}::uuid and state = ${state}`.execute(app.db.kysely)
}
