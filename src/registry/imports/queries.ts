import { notFound, sql, type Database } from '#platform'

export interface ImportRecord {
  id: string
  status: 'running' | 'done' | 'failed' | 'interrupted'
  requestedBy: string
  departement: string | null
  files: string[]
  formats: { file: string; label: string; notes: string[] }[]
  startedAt: string
  finishedAt: string | null
  rows: number
  accepted: number
  refused: number
  outOfScope: number
  warnings: number
  inserted: number
  updated: number
  unchanged: number
  error: string | null
  reportKey: string | null
  job: string | null
}

const columns = sql`id, status, requested_by as "requestedBy", departement, files, formats, started_at::text as "startedAt",
  finished_at::text as "finishedAt", rows, accepted, refused, out_of_scope as "outOfScope", warnings, inserted, updated, unchanged,
  error, report_key as "reportKey", job`

/** The imports of the register, newest first. */
export async function listImports(db: Database, limit = 20): Promise<ImportRecord[]> {
  const found =
    await sql<ImportRecord>`select ${columns} from registry.import order by started_at desc limit ${limit}`.execute(
      db.kysely,
    )
  return found.rows
}

/** @throws {UserError} 404 */
export async function getImport(db: Database, id: string): Promise<ImportRecord> {
  if (/^[0-9a-f-]{36}$/.test(id)) {
    const found = await sql<ImportRecord>`select ${columns} from registry.import where id = ${id}`.execute(db.kysely)
    if (found.rows[0]) return found.rows[0]
  }
  throw notFound('Cet import')
}

/** The import that a job made, once it has begun. */
export async function findImportOfJob(db: Database, job: string): Promise<ImportRecord | null> {
  const found =
    await sql<ImportRecord>`select ${columns} from registry.import where job = ${job} order by started_at desc limit 1`.execute(
      db.kysely,
    )
  return found.rows[0] ?? null
}
