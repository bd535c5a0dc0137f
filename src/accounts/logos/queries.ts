import { sql } from '#platform'
import { isId } from '#platform/model'
import { executorOf, type Source } from '../rights/queries.ts'

/** Key in the storage of a body's logo, or null. */
export async function findLogo(source: Source, body: string): Promise<string | null> {
  if (!isId(body)) return null
  const found = await sql<{ logo: string | null }>`select logo from accounts.body where id = ${body}`.execute(
    executorOf(source),
  )
  return found.rows[0]?.logo ?? null
}
