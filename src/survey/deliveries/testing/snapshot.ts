import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { sql, type App } from '#platform'
import { fingerprint } from '../../../platform/testing/databases.ts'
import { coverageOf } from '../../coverage/queries.ts'

const addresses = [
  '/api/establishments.csv?craft=all',
  '/api/establishments.geojson?craft=all',
  '/api/practices',
  '/api/practices.csv',
  '/api/retired',
]

/** What anybody reads, as bytes and ETag; what is agreed, for bodies too; what is counted; and every table. */
export async function snapshot(app: App, server: FastifyInstance, sirets: readonly string[]) {
  await app.events.settle()
  const answers: Record<string, string> = {}
  const urls = [...addresses, ...sirets.map((siret) => `/api/statements?subject=enterprise:${siret}`)]
  for (const url of urls) {
    const { statusCode, headers, rawPayload } = await server.inject(url)
    const digest = createHash('sha256').update(rawPayload).digest('hex')
    answers[url] = `${statusCode} ${String(headers.etag)} ${rawPayload.length} ${digest}`
  }
  // A value that was computed again has a new version, for nobody but bodies.
  const agreed = await sql<{ row: string }>`
    select (to_jsonb(a) - case when audience = 'all' then array['version', 'computed_at'] else array[]::text[] end)::text as row
    from statements.agreed a order by 1`.execute(app.db.kysely)
  return {
    answers,
    agreed: agreed.rows.map(({ row }) => row),
    coverage: JSON.stringify(await coverageOf(app.db, { territory: '82' })),
    tables: await fingerprint(app.db),
  }
}

export type Snapshot = Awaited<ReturnType<typeof snapshot>>

/** Tables that are not what they were. */
export const changedTables = (before: Snapshot, after: Snapshot): string[] =>
  Object.keys(after.tables)
    .filter((table) => before.tables[table] !== after.tables[table])
    .sort()
