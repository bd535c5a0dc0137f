import { explainRefusal, getStanding, type Standing } from '#accounts'
import { isoDayOf } from '#accounts/model'
import { sql, transaction, type App, type Executor, type JobProgress } from '#platform'
import { decideAny, type Asked } from '../contributions/rights.ts'
import { findUnit, personOf } from '../contributions/rows.ts'
import { getGuide } from '../guide/guides.ts'
import type { GuideItem } from '../model.ts'
import { getDelivery, type Delivery } from './access.ts'
import { findUnits, resolveCommunes } from './candidates.ts'
import { matchRow, type Rarities } from './match.ts'
import type { Candidate, Decision, Reason, RowProblem } from './model.ts'
import { communeTextOf, contentOf, factsOf, type FileRow } from './rows.ts'
import { rarityOf } from './words.ts'

/** What matching makes of a row. */
export interface MatchedRow {
  line: number
  siret: string | null
  score: number
  reasons: Reason[]
  candidates: Candidate[]
  decision: Decision
  answers: number
  problems: RowProblem[]
}

interface KeptRow extends FileRow {
  siret: string | null
  score: number
  decision: Decision
  reasons: Reason[]
}

export const isChosen = ({ decision, reasons }: Pick<KeptRow, 'decision' | 'reasons'>): boolean =>
  decision === 'skipped' || reasons.some(({ code }) => code === 'chosen')

export const itemsOf = (guide: number): ReadonlyMap<string, GuideItem> =>
  new Map(getGuide(guide).items.map((item) => [item.id, item]))

/** The day on which a delivery came, in ISO 8601: nothing that it says is later. */
export const dayOfDelivery = ({ createdAt }: Pick<Delivery, 'createdAt'>): string => isoDayOf(createdAt)

/** The sentence that says why a person may not speak of an enterprise for a body; null when he may, of one item at least. */
export async function refusalOf(
  db: Executor,
  standing: Standing,
  { body, author }: Pick<Delivery, 'body' | 'author'>,
  siret: string,
  items: readonly Asked[],
): Promise<string | null> {
  const about = { subject: { kind: 'enterprise', id: siret }, place: await findUnit(db, siret), body, author }
  const decision = decideAny(standing, 'contribute', about, items, new Date().toISOString())
  return 'grant' in decision ? null : explainRefusal(db, decision, 'contribute')
}

/** What rows say of practices, beside what they mean. */
async function complete(
  db: Executor,
  standing: Standing,
  delivery: Delivery,
  row: KeptRow,
  matched: Pick<MatchedRow, 'siret' | 'score' | 'reasons' | 'candidates' | 'decision'>,
): Promise<MatchedRow> {
  const items = itemsOf(delivery.guide)
  const { answers, problems } = contentOf(delivery.columns, row, items, dayOfDelivery(delivery))
  const out: MatchedRow = { line: row.line, ...matched, answers: answers.length, problems }
  if (matched.decision !== 'matched' || answers.length === 0) return out
  const asked = answers.map(({ item }) => items.get(item)!)
  const message = await refusalOf(db, standing, delivery, matched.siret!, asked)
  return message === null ? out : { ...out, decision: 'refused', problems: [{ column: null, message }, ...problems] }
}

async function matchBatch(trx: Executor, standing: Standing, delivery: Delivery, rows: readonly KeptRow[]) {
  const { columns } = delivery
  const texts = [...new Set(rows.flatMap((row) => communeTextOf(columns, row) ?? []))]
  const communes = await resolveCommunes(trx, texts)
  const wanted = rows.map((row) => ({ line: row.line, facts: factsOf(columns, row, communes) }))
  const found = await findUnits(trx, wanted)
  const units = [...found.values()].flat()
  const rarities: Rarities = {
    names: rarityOf([...wanted.flatMap(({ facts }) => facts.names), ...units.flatMap(({ name }) => name ?? [])]),
    streets: rarityOf(units.flatMap(({ address }) => address ?? [])),
  }
  const out: MatchedRow[] = []
  for (const [i, row] of rows.entries()) {
    const { line, facts } = wanted[i]!
    const guessed = matchRow(facts, found.get(line)!, rarities)
    const { siret, score, reasons, decision } = row
    const matched = isChosen(row) ? { ...guessed, siret, score, reasons, decision } : guessed
    out.push(await complete(trx, standing, delivery, row, matched))
  }
  return out
}

const writeRows = (trx: Executor, delivery: string, rows: readonly MatchedRow[]) =>
  sql`update survey.delivery_row r set siret = m.siret, score = m.score, reasons = m.reasons, candidates = m.candidates,
      decision = m.decision, answers = m.answers, problems = m.problems
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(line int, siret text, score float8, reasons jsonb, candidates jsonb,
      decision text, answers int, problems jsonb)
    where r.delivery = ${delivery}::uuid and r.line = m.line`.execute(trx)

const readBatch = async (trx: Executor, delivery: string, after: number) =>
  (
    await sql<KeptRow>`select line, cells, siret, score, decision, reasons from survey.delivery_row
      where delivery = ${delivery}::uuid and line > ${after} order by line limit ${rowsAtOnce}::int`.execute(trx)
  ).rows

const rowsAtOnce = 200

/**
 * Matches every row of a delivery to the register, and says which of them its author may speak of. Again, it does the same;
 * what somebody chose stays.
 */
export async function matchDelivery(
  app: Pick<App, 'db'>,
  id: string,
  progress?: (progress: JobProgress) => Promise<void>,
): Promise<void> {
  const delivery = await getDelivery(app.db.kysely, id)
  const standing = await getStanding(app.db, personOf(delivery.author))
  const { total } = (
    await sql<{ total: number }>`select count(*)::int as total from survey.delivery_row
      where delivery = ${id}::uuid`.execute(app.db.kysely)
  ).rows[0]!
  for (let after = 0, done = 0; ;) {
    const rows = await readBatch(app.db.kysely, id, after)
    if (rows.length === 0) break
    await transaction(app.db, async (trx) => {
      await writeRows(trx, id, await matchBatch(trx, standing, delivery, rows))
    })
    after = rows.at(-1)!.line
    done += rows.length
    await progress?.({ ratio: done / total, text: `${done} / ${total}` })
  }
  await sql`update survey.delivery set state = 'read' where id = ${id}::uuid and state = 'matching'`.execute(
    app.db.kysely,
  )
}
