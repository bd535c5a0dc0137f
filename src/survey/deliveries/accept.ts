import { sql, type App, type JobProgress } from '#platform'
import { takeForPerson } from '../contributions/commands.ts'
import { personOf } from '../contributions/rows.ts'
import { largestBatch, protocol, type Entry, type EntryResult } from '../model.ts'
import { getDelivery, type Delivery } from './access.ts'
import { derivedId } from './ids.ts'
import { dayOfDelivery, itemsOf } from './matching.ts'
import type { DeliveryItem, RowProblem } from './model.ts'
import { contentOf, type FileRow } from './rows.ts'

interface MatchedLine extends FileRow {
  siret: string
  problems: RowProblem[]
}

interface LineEntries {
  row: MatchedLine
  entries: Entry[]
}

/** Noon in France is on the same day everywhere in it. */
const noonOf = (day: string) => `${day}T10:00:00.000Z`

/** What a row brings, as a surveyor's device would send it; each id follows from the delivery and the line. */
function entriesOf(delivery: Delivery, row: MatchedLine, items: ReadonlyMap<string, DeliveryItem>): Entry[] {
  const { id, body, guide, createdAt } = delivery
  const { answers, comment, saidOn } = contentOf(delivery.columns, row, items, dayOfDelivery(delivery))
  if (answers.length === 0) return []
  const contribution = derivedId(id, row.line)
  const noon = noonOf(saidOn ?? dayOfDelivery(delivery))
  const base = { contribution, at: saidOn === null || noon > createdAt ? createdAt : noon }
  return [
    {
      ...base,
      id: derivedId(id, row.line, 'open'),
      type: 'open',
      target: { siret: row.siret },
      guide,
      mode: 'full',
      body,
    },
    ...answers.map(({ item, value }, i): Entry => {
      return {
        ...base,
        id: derivedId(id, row.line, item),
        type: 'answer',
        item,
        value,
        comment: i === 0 ? comment : null,
      }
    }),
  ]
}

const readLines = async (app: Pick<App, 'db'>, id: string, after: number) =>
  (
    await sql<MatchedLine>`select line, cells, siret, problems from survey.delivery_row
      where delivery = ${id}::uuid and decision = 'matched' and answers > 0 and line > ${after}
      order by line limit 50`.execute(app.db.kysely)
  ).rows

/** Keeps why entries of a row were refused; a row none of whose answers was taken is refused. */
async function noteRefusals(
  app: Pick<App, 'db'>,
  delivery: Delivery,
  { row, entries }: LineEntries,
  results: ReadonlyMap<string, EntryResult>,
): Promise<void> {
  const refused = entries.flatMap((entry) => {
    const result = results.get(entry.id)
    return result?.message === undefined ? [] : [{ entry, message: result.message }]
  })
  if (refused.length === 0) return
  const messages = new Set(refused.map(({ message }) => message))
  const problems: RowProblem[] = [...messages].map((message) => {
    const entry = refused.find((one) => one.message === message)!.entry
    const column = delivery.columns.findIndex(
      ({ meaning }) => entry.type === 'answer' && meaning === `item:${entry.item}`,
    )
    return { column: messages.size === 1 && refused.length > 1 ? null : column < 0 ? null : column, message }
  })
  const all = [
    ...row.problems,
    ...problems.filter(({ message }) => !row.problems.some((one) => one.message === message)),
  ]
  const none = entries
    .filter(({ type }) => type === 'answer')
    .every(({ id }) => refused.some(({ entry }) => entry.id === id))
  await sql`update survey.delivery_row set problems = ${JSON.stringify(all)}::jsonb,
      decision = ${none ? 'refused' : 'matched'}
    where delivery = ${delivery.id}::uuid and line = ${row.line}`.execute(app.db.kysely)
}

/** What was taken is in its contribution: it is kept once, and goes with it. */
const forgetCells = (app: Pick<App, 'db'>, { id }: Delivery, lines: readonly LineEntries[]) =>
  sql`update survey.delivery_row set cells = '{}' where delivery = ${id}::uuid and decision = 'matched'
    and line = any(${lines.map(({ row }) => row.line)}::int[])`.execute(app.db.kysely)

/** Sends what rows bring, in requests that are never too long. */
async function take(app: Pick<App, 'db' | 'log'>, delivery: Delivery, lines: readonly LineEntries[]): Promise<void> {
  const actor = personOf(delivery.acceptedBy!)
  let batch: LineEntries[] = []
  const send = async () => {
    const entries = batch.flatMap((one) => one.entries)
    const request = { protocol, device: delivery.id, now: new Date().toISOString(), entries }
    const results = await takeForPerson(app, actor, request, { channel: 'delivery', delivery: delivery.id })
    const byId = new Map(results.map((result) => [result.id, result]))
    // What may pass later is tried again with the whole work.
    const late = results.find(({ outcome }) => outcome === 'later')
    if (late) throw new Error(`An entry of the delivery ${delivery.id} could not be taken: ${late.code}`)
    for (const one of batch) await noteRefusals(app, delivery, one, byId)
    await forgetCells(app, delivery, batch)
    batch = []
  }
  for (const line of lines) {
    const length = batch.reduce((sum, { entries }) => sum + entries.length, 0)
    if (length + line.entries.length > largestBatch) await send()
    batch.push(line)
  }
  if (batch.length > 0) await send()
}

/**
 * Makes a contribution of each matched row of a delivery that was accepted. Again after a stop, it makes nothing twice: ids
 * follow from the delivery.
 */
export async function carryOutAcceptance(
  app: Pick<App, 'db' | 'log'>,
  id: string,
  progress?: (progress: JobProgress) => Promise<void>,
): Promise<void> {
  const delivery = await getDelivery(app.db.kysely, id)
  if (delivery.state !== 'accepting') return
  const items = itemsOf(delivery.guide)
  const { total } = (
    await sql<{ total: number }>`select count(*)::int as total from survey.delivery_row
      where delivery = ${id}::uuid and decision = 'matched' and answers > 0`.execute(app.db.kysely)
  ).rows[0]!
  for (let after = 0, done = 0; ;) {
    const rows = await readLines(app, id, after)
    if (rows.length === 0) break
    const lines = rows.map((row) => ({ row, entries: entriesOf(delivery, row, items) }))
    await take(
      app,
      delivery,
      lines.filter(({ entries }) => entries.length > 0),
    )
    after = rows.at(-1)!.line
    done += rows.length
    await progress?.({ ratio: Math.min(1, done / Math.max(1, total)), text: `${done} / ${total}` })
  }
  await sql`update survey.delivery set state = 'accepted', accepted_at = clock_timestamp()
    where id = ${id}::uuid and state = 'accepting'`.execute(app.db.kysely)
}
