import { sql, type Erased, type Executor, type Subject } from '#platform'
import { moment } from '../contributions/rows.ts'

const tables = ['survey.collection']

/** Whether a column names a SIRET, which people write with spaces or points, and spreadsheets without its first zeros. */
const names = (column: string, siret: string) =>
  sql`regexp_replace(${sql.ref(column)}::text, '[\\s.]', '', 'g') ~ ${`"0*${siret.replace(/^0+/, '')}"`}`

/** Destroys the files of answers of a person, and those that may name an enterprise. */
export async function eraseCollections(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind === 'person') await sql`delete from survey.collection where author = ${id}`.execute(trx)
  else if (kind === 'enterprise' && /^0*[1-9]\d*$/.test(id))
    await sql`delete from survey.collection where state <> 'accepting'
      and (${names('tables', id)} or ${names('report', id)})`.execute(trx)
  else return { files: [], tables: [] }
  return { files: [], tables }
}

/** The files of answers that a person gave. */
export async function exportCollections(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind !== 'person') return {}
  const found = await sql`select c.file_name as "fileName", c.state, c.body, ${moment('c.created_at')} as "createdAt"
    from survey.collection c where c.author = ${id} order by c.created_at`.execute(db)
  return found.rows.length > 0 ? { collections: found.rows } : {}
}
