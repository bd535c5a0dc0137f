import { findImportOfJob, getImport, importJob, type ImportRecord } from '#registry'
import type { PageServerLoad } from './$types'

export const _permission = 'admin'
export const csr = false

const shown = (record: ImportRecord) => {
  const { id, files, formats, rows, accepted, refused, outOfScope, warnings, inserted, updated, unchanged, reportKey } =
    record
  return {
    id,
    files,
    formats,
    hasReport: reportKey !== null,
    counts: { rows, accepted, refused, outOfScope, warnings, inserted, updated, unchanged },
  }
}

/** An import ordered in the page is known by its job; one of the command line, by its own number. */
export const load: PageServerLoad = async ({ locals: { app }, params }) => {
  const job = /^[0-9a-f-]{36}$/.test(params.job) ? await app.jobs.state(importJob.name, params.job) : null
  const record = job ? await findImportOfJob(app.db, params.job) : await getImport(app.db, params.job)
  const ended =
    record && record.status !== 'running' ? (record.status === 'done' ? ('done' as const) : ('failed' as const)) : null
  return {
    state: job && job.state !== 'failed' ? job.state : (ended ?? job?.state ?? ('running' as const)),
    progress: job?.progress ?? null,
    error: record?.error ?? job?.error ?? null,
    departement: record?.departement ?? null,
    record: record ? shown(record) : null,
  }
}
