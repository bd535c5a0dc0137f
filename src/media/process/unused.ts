import { sql, transaction, type App, type Executor } from '#platform'
import { folderKey } from '../keys.ts'

/** Folders among some that no deposit needs any more; forgets them. */
export async function forgetUnused(trx: Executor, folders: readonly string[]): Promise<string[]> {
  if (folders.length === 0) return []
  const list = sql`${[...folders]}::text[]`
  const found = await sql<{ folder: string }>`select folder from unnest(${list}) as folder
    where not exists (select 1 from media.file f where f.blob = folder)
      and not exists (select 1 from media.file f where f.rendition = folder)`.execute(trx)
  const unused = found.rows.map(({ folder }) => folder)
  await sql`delete from media.derived where folder = any(${unused}::text[])`.execute(trx)
  await sql`delete from media.blob where hash = any(${unused}::text[])`.execute(trx)
  return unused
}

interface Gate {
  last: Promise<unknown>
}

/** Keeps bytes and the row that needs them together: nothing is removed between the two. One at a time. */
export function exclusively<T>(app: App, work: () => Promise<T>): Promise<T> {
  const gate = app.once<Gate>('media.gate', () => ({ last: Promise.resolve() }))
  const done = gate.last.then(work, work)
  gate.last = done.catch(() => undefined)
  return done
}

/** Removes from the storage what no deposit needs any more. */
export async function removeUnused(app: App, folders: readonly (string | null)[]): Promise<void> {
  const wanted = [...new Set(folders.filter((one) => one !== null))]
  await exclusively(app, async () => {
    const unused = await transaction(app.db, (trx) => forgetUnused(trx, wanted))
    for (const folder of unused) await app.storage.remove(folderKey(folder))
  })
}
