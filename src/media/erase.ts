import { sql, type Erased, type Executor, type Subject } from '#platform'
import { folderKey } from './keys.ts'
import { forgetUnused } from './process/unused.ts'

const tables = ['media.file', 'media.blob', 'media.derived']

/** Destroys some deposits. Answers the folders of the storage that nothing else needs. */
export async function deleteFiles(trx: Executor, ids: readonly string[]): Promise<string[]> {
  const gone = await sql<{ blob: string | null; rendition: string | null }>`
    delete from media.file where id = any(${[...ids]}::uuid[]) returning blob, rendition`.execute(trx)
  const folders = gone.rows.flatMap(({ blob, rendition }) => [blob, rendition]).filter((one) => one !== null)
  return forgetUnused(trx, [...new Set(folders)])
}

/**
 * Destroys the files of a subject, or one file. What a person deposited for others stays, and no longer says who did.
 * Bytes that another deposit also brought stay for it.
 */
export async function eraseMedia(trx: Executor, subject: Subject): Promise<Erased> {
  const found = await sql<{ id: string }>`select id::text as id from media.file
    where (subject_kind = ${subject.kind} and subject_id = ${subject.id})
      or (${subject.kind} = 'media' and id::text = ${subject.id})
      or (${subject.kind} = 'person' and depositor = ${subject.id} and state in ('uploading', 'received', 'refused'))`.execute(
    trx,
  )
  const folders = await deleteFiles(
    trx,
    found.rows.map(({ id }) => id),
  )
  const unnamed =
    subject.kind === 'person'
      ? await sql`update media.file set depositor = 'erased' where depositor = ${subject.id} returning 1`.execute(trx)
      : { rows: [] }
  const changed = found.rows.length > 0 || unnamed.rows.length > 0
  return { files: folders.map(folderKey), tables: changed ? tables : [] }
}
