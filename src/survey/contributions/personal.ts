import { dayOf } from '#accounts/model'
import { eraseRecords } from '#consent'
import { sql, type Erased, type Executor, type Subject } from '#platform'
import { displayValue, eraseStatements } from '#statements'
import type { Label, Value } from '#statements/model'
import { findGuideItem, latestGuide } from '../guide/guides.ts'
import { contributionKind } from './disclosure.ts'
import { contributionColumns, moment, type Contribution } from './rows.ts'

const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

const tables = ['survey.entry', 'survey.contribution', 'survey.prospect']

/** Visits that go with a subject: of an enterprise; one; or those in which a person spoke for himself. */
function concerned({ kind, id }: Subject) {
  if (kind === 'enterprise') return sql`c.siret = ${id}`
  if (kind === contributionKind && isUuid(id)) return sql`c.id = ${id}::uuid`
  return kind === 'person' ? sql`c.author = ${id} and c.body is null` : sql`false`
}

async function destroyVisits(trx: Executor, subject: Subject): Promise<void> {
  const visits = await sql<{ id: string; prospect: string | null }>`
    select c.id, c.prospect from survey.contribution c where ${concerned(subject)}`.execute(trx)
  const ids = visits.rows.map(({ id }) => id)
  if (ids.length === 0) return
  const entries = await sql<{ id: string; type: string }>`
    delete from survey.entry where contribution = any(${ids}::uuid[]) returning id, type`.execute(trx)
  for (const { id, type } of entries.rows) if (type === 'answer') await eraseStatements(trx, { kind: 'statement', id })
  await sql`delete from survey.contribution where id = any(${ids}::uuid[])`.execute(trx)
  const prospects = visits.rows.flatMap(({ prospect }) => prospect ?? [])
  await destroyProspects(trx, sql`p.id = any(${prospects}::uuid[])`)
  await eraseRecords(trx, contributionKind, ids)
}

/** Destroys enterprises that somebody created, where no visit of them is left. */
export async function destroyProspects(trx: Executor, concerned: ReturnType<typeof sql>): Promise<void> {
  const gone = await sql<{ id: string }>`delete from survey.prospect p where ${concerned}
    and not exists (select from survey.contribution c where c.prospect = p.id) returning p.id`.execute(trx)
  await sql`delete from survey.entry where type = 'prospect' and id = any(${gone.rows.map(({ id }) => id)}::uuid[])`.execute(
    trx,
  )
}

/** A person who spoke for a body: what was said stays the body's, without who said it. */
async function forgetPerson(trx: Executor, person: string): Promise<void> {
  await sql`update survey.entry set author = 'erased', device = null where author = ${person}`.execute(trx)
  await sql`update survey.contribution set author = 'erased' where author = ${person}`.execute(trx)
  await sql`update survey.prospect set author = 'erased' where author = ${person}`.execute(trx)
  await sql`update survey.prospect set linked_by = 'erased' where linked_by = ${person}`.execute(trx)
}

/** Destroys the visits of a subject with all that was said in them, in the transaction of the erasure. */
export async function eraseContributions(trx: Executor, subject: Subject): Promise<Erased> {
  const { kind, id } = subject
  if (kind === 'statement' && isUuid(id)) {
    await sql`delete from survey.entry where id = ${id}::uuid`.execute(trx)
    return { files: [], tables: ['survey.entry'] }
  }
  if (kind !== 'enterprise' && kind !== 'person' && kind !== contributionKind) return { files: [], tables: [] }
  await destroyVisits(trx, subject)
  if (kind === 'enterprise') await destroyProspects(trx, sql`p.siret = ${id}`)
  if (kind === 'person') await forgetPerson(trx, id)
  return { files: [], tables }
}

/** The visits of an enterprise, and those of a person, with what was sent; other people's ids are left out. */
export async function exportContributions(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind !== 'enterprise' && kind !== 'person') return {}
  const whose = kind === 'enterprise' ? sql`c.siret = ${id}` : sql`c.author = ${id}`
  const visits = await sql<Contribution & { entries: unknown }>`
    select ${contributionColumns}, (select coalesce(jsonb_agg(jsonb_build_object('saidAt', ${moment('e.said_at')},
      'entry', e.payload) order by e.said_at, e.id), '[]') from survey.entry e where e.contribution = c.id) as entries
    from survey.contribution c where ${whose} order by c.opened_at, c.id`.execute(db)
  const prospects = await sql`
    select p.id, p.name, p.commune, p.address, p.metier, ${moment('p.created_at')} as "createdAt" from survey.prospect p
    where ${kind === 'enterprise' ? sql`p.siret = ${id}` : sql`p.author = ${id}`} order by p.created_at, p.id`.execute(
    db,
  )
  return {
    ...(visits.rows.length > 0
      ? { contributions: visits.rows.map((one) => ({ ...one, author: one.author === id ? id : null })) }
      : {}),
    ...(prospects.rows.length > 0 ? { prospects: prospects.rows } : {}),
  }
}

interface AnswerRow {
  item: string
  value: Value
  comment: string | null
}

const choicesOf = (item: string): ReadonlyMap<string, Label> =>
  new Map(findGuideItem(item)?.choices?.map(({ id, label }) => [id, label]))

/** In the order of the guide; what it has no more comes last. */
function sortByGuide(rows: readonly AnswerRow[]): AnswerRow[] {
  const places = new Map(latestGuide().items.map(({ id }, place) => [id, place]))
  return rows.toSorted((a, b) => (places.get(a.item) ?? Infinity) - (places.get(b.item) ?? Infinity) || 0)
}

function lineOf({ item, value, comment }: AnswerRow): string {
  const what = findGuideItem(item)?.label.fr ?? item
  const said = value.kind === 'file' ? 'un fichier' : displayValue(value, 'fr', choicesOf(item))
  return `${what} : ${said}${comment ? ` (${comment})` : ''}`
}

/** What a visit says, for whoever is asked to agree to it: « Visite du 12 mars 2026 par Chambre de métiers : 14 réponses ». */
export async function describeContribution(db: Executor, { kind, id }: Subject) {
  if (kind !== contributionKind || !isUuid(id)) return null
  const found = await sql<{ at: string; siret: string | null; body: string | null }>`
    select ${moment('c.opened_at')} as at, c.siret, (select name from accounts.public_body b where b.id = c.body) as body
    from survey.contribution c where c.id = ${id}::uuid`.execute(db)
  const visit = found.rows[0]
  if (!visit) return null
  // Of several answers to one question, the last one counts.
  const answers = await sql<AnswerRow>`
    select distinct on (e.payload->>'item') e.payload->>'item' as item, e.payload->'value' as value, e.payload->>'comment' as comment
    from survey.entry e where e.contribution = ${id}::uuid and e.type = 'answer' and not exists (
      select from survey.entry r where r.contribution = e.contribution and r.type = 'retract' and r.payload->>'entry' = e.id::text)
    order by e.payload->>'item', e.said_at desc, e.id desc`.execute(db)
  const count = answers.rows.length
  const by = visit.body ? `par ${visit.body}` : 'que vous avez notée'
  return {
    title: `Visite du ${dayOf(visit.at)} ${by} : ${count} ${count > 1 ? 'réponses' : 'réponse'}`,
    text: sortByGuide(answers.rows).map(lineOf).join('\n'),
    ...(visit.siret ? { href: `/entreprises/${visit.siret}` } : {}),
  }
}
