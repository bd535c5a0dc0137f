import { sql, type Erased, type Executor, type Subject } from '#platform'
import { moment } from '../contributions/rows.ts'

const tables = ['survey.collection']

/** Destroys the files of answers of a person, and those that may name an enterprise. */
export async function eraseCollections(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind === 'person') await sql`delete from survey.collection where author = ${id}`.execute(trx)
  else if (kind === 'enterprise')
    await sql`delete from survey.collection where state <> 'accepting'
      and (tables::text like ${`%${id}%`} or report::text like ${`%${id}%`})`.execute(trx)
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
