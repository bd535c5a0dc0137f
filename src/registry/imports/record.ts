import { sql, UserError, type App, type Executor } from '#platform'
import { importRunning } from '../errors.ts'
import type { MergeResult } from './merge.ts'
import type { ReadRequest, ReadResult } from './read.ts'

/** What is imported, and for whom. */
export interface ImportSubject extends ReadRequest {
  requestedBy: string
  /** The job that makes it, if one does. */
  job?: string
}

const beatSeconds = 10
const deadAfterSeconds = 60

/** The imports that this process makes now. */
const ownImports = (app: App): Set<string> => app.once('registry.imports', () => new Set<string>())

/**
 * Ends the records of the imports that a stop cut off. The embedded database has one process: what that one does not
 * make is dead. On a server, so is what gives no sign of life, and what another worker began for the same job.
 */
export async function endInterrupted(app: App, job: string | null = null): Promise<void> {
  const dead = app.db.pglite
    ? sql`id <> all(${[...ownImports(app)]}::uuid[])`
    : sql`(alive_at < now() - make_interval(secs => ${deadAfterSeconds}::float8) or job = ${job}::uuid)`
  await sql`update registry.import set status = 'interrupted', finished_at = now() where status = 'running' and ${dead}`.execute(
    app.db.kysely,
  )
}

/**
 * Records that an import begins; one alone may run.
 * @returns what to call once it is over, however it ends
 * @throws {UserError} 409 when another one runs
 */
export async function beginImport(app: App, id: string, subject: ImportSubject): Promise<() => void> {
  const { files, departement, requestedBy, job = null } = subject
  const own = ownImports(app)
  own.add(id)
  try {
    await endInterrupted(app, job)
    await sql`insert into registry.import (id, status, requested_by, departement, files, job)
      values (${id}, 'running', ${requestedBy}, ${departement}, ${JSON.stringify(files.map(({ name }) => name))}::jsonb, ${job})`.execute(
      app.db.kysely,
    )
  } catch (error) {
    own.delete(id)
    throw (error as { code?: string }).code === '23505' ? importRunning() : error
  }
  const beat = () => sql`update registry.import set alive_at = now() where id = ${id}`.execute(app.db.kysely)
  const timer = setInterval(() => void beat().catch(() => undefined), beatSeconds * 1000)
  return () => {
    clearInterval(timer)
    own.delete(id)
  }
}

/** Records what an import did, in the transaction that does it; its row is kept from then on as a source of the register. */
export async function recordDone(trx: Executor, id: string, read: ReadResult, merged: MergeResult): Promise<void> {
  const { totals, formats, reportKey } = read
  const done = await sql`
    update registry.import set status = 'done', finished_at = now(), formats = ${JSON.stringify(formats)}::jsonb,
      rows = ${totals.rows}, accepted = ${totals.accepted}, refused = ${totals.refused}, out_of_scope = ${totals.outOfScope},
      warnings = ${totals.warnings}, inserted = ${merged.inserted}, updated = ${merged.updated}, unchanged = ${merged.unchanged},
      report_key = ${reportKey}
    where id = ${id} and status = 'running' returning id`.execute(trx)
  if (done.rows.length === 0) throw new Error('Another process took this import for a dead one')
}

/**
 * Records that an import failed, and why when a user may know.
 * @returns false when it is not this process's any more
 */
export async function recordFailure(trx: Executor, id: string, error: unknown): Promise<boolean> {
  const reason = error instanceof UserError ? error.message : 'Erreur inattendue : voir les journaux.'
  const failed = await sql`update registry.import set status = 'failed', error = ${reason}, finished_at = now()
    where id = ${id} and status = 'running' returning id`.execute(trx)
  return failed.rows.length > 0
}

/** A trial leaves no trace: it is no source of the register. */
export async function forgetImport(trx: Executor, id: string): Promise<void> {
  await sql`delete from registry.import where id = ${id}`.execute(trx)
}
