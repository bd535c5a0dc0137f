import { eraseRecords } from '#consent'
import { sql, type Erased, type Executor, type Subject } from '#platform'
import { recompute } from './agreed.ts'

const tables = ['statement', 'pending', 'withdrawal', 'moderation', 'settlement', 'dissent', 'contest', 'agreed'].map(
  (table) => `statements.${table}`,
)

/** Statements that go with a subject: those about it; one; or those that a person made in his own name. */
function concerned({ kind, id }: Subject) {
  if (kind === 'statement') return sql`s.id::text = ${id}`
  const about = sql`s.subject_kind = ${kind} and s.subject_id = ${id}`
  return kind === 'person' ? sql`(${about}) or (s.author = ${id} and s.source <> 'body')` : about
}

/** Deletes statements and all that was done to them; what they were about is computed again. */
async function destroy(trx: Executor, condition: ReturnType<typeof sql>): Promise<void> {
  const found = await sql<{ id: string; kind: string; subject: string; item: string }>`
    select s.id, s.subject_kind as kind, s.subject_id as subject, s.item from statements.statement s where ${condition}`.execute(
    trx,
  )
  if (found.rows.length === 0) return
  const ids = sql`${found.rows.map(({ id }) => id)}::uuid[]`
  const settlements = sql`select id from statements.settlement where chosen = any(${ids})`
  await sql`delete from statements.dissent where settlement in (${settlements})`.execute(trx)
  await sql`delete from statements.settlement where chosen = any(${ids})`.execute(trx)
  for (const table of ['withdrawal', 'moderation', 'pending'])
    await sql`delete from ${sql.id('statements', table)} where statement = any(${ids})`.execute(trx)
  await sql`delete from statements.statement where id = any(${ids})`.execute(trx)
  await eraseRecords(
    trx,
    'statement',
    found.rows.map(({ id }) => id),
  )
  const items = new Map(
    found.rows.map(({ kind, subject, item }) => [`${kind} ${subject} ${item}`, { kind, subject, item }]),
  )
  for (const { kind, subject, item } of items.values()) await recompute(trx, { kind, id: subject }, item)
}

/** What a person wrote beside statements, and the person's id where the words are a body's. */
async function forgetPerson(trx: Executor, person: string): Promise<void> {
  await sql`delete from statements.contest where author = ${person}`.execute(trx)
  await sql`update statements.statement set author = null where author = ${person}`.execute(trx)
  for (const [table, column] of [
    ['withdrawal', 'actor'],
    ['moderation', 'moderator'],
    ['settlement', 'validator'],
    ['dissent', 'author'],
  ] as const)
    await sql`update ${sql.id('statements', table)} set ${sql.id(column)} = 'erased' where ${sql.id(column)} = ${person}`.execute(
      trx,
    )
}

/** The only ways in which what was said changes. */
async function erasing(trx: Executor, work: () => Promise<void>): Promise<void> {
  await sql`select set_config('artisanumerique.erasing', 'on', true)`.execute(trx)
  await work()
  await sql`select set_config('artisanumerique.erasing', 'off', true)`.execute(trx)
}

/** Destroys what was said about a subject, by a person, or one statement, in the transaction of the erasure. */
export async function eraseStatements(trx: Executor, subject: Subject): Promise<Erased> {
  await erasing(trx, async () => {
    await sql`delete from statements.contest where subject_kind = ${subject.kind} and subject_id = ${subject.id}`.execute(
      trx,
    )
    await destroy(trx, concerned(subject))
    if (subject.kind === 'person') await forgetPerson(trx, subject.id)
  })
  return { files: [], tables }
}

/** Destroys what was said about subjects that no longer exist, such as those of a demonstration. */
export async function eraseSubjects(trx: Executor, kind: string, ids: readonly string[]): Promise<void> {
  const list = sql`${[...ids]}::text[]`
  await erasing(trx, async () => {
    await sql`delete from statements.contest where subject_kind = ${kind} and subject_id = any(${list})`.execute(trx)
    await destroy(trx, sql`s.subject_kind = ${kind} and s.subject_id = any(${list})`)
  })
}
