import * as v from 'valibot'
import type { Session } from '../db/session.ts'
import { collect, type TarEntry } from './tar.ts'

// Queues hold no data, and `public` is not ours.
const excluded = ['pg_catalog', 'information_schema', 'public', 'pgboss']

/** As SQL writes it: `schema.table`, quoted where it must be. */
const name = v.pipe(v.string(), v.regex(/^[a-z_"][a-z0-9_"]*(\.[a-z_"][a-z0-9_"]*)?$/))

const manifestSchema = v.object({
  format: v.literal('artisanumerique'),
  version: v.literal(1),
  createdAt: v.string(),
  from: v.picklist(['pglite', 'postgres']),
  migrations: v.array(v.string()),
  tables: v.array(v.object({ name, columns: v.array(name) })),
  sequences: v.array(v.object({ name, value: v.number() })),
})

const closingSchema = v.object({ tables: v.record(v.string(), v.number()), files: v.number() })

/** What opens a backup: enough to rebuild the tables before their rows are read. */
export type Manifest = v.InferOutput<typeof manifestSchema>

/** What closes it: number of rows of each table and of files. Without it the backup was cut. */
export type Closing = v.InferOutput<typeof closingSchema>

export const manifestPath = 'manifest.json'
export const closingPath = 'end.json'

export const parseManifest = async (entry: TarEntry): Promise<Manifest> =>
  v.parse(manifestSchema, JSON.parse((await collect(entry.content)).toString()))

export const parseClosing = async (entry: TarEntry): Promise<Closing> =>
  v.parse(closingSchema, JSON.parse((await collect(entry.content)).toString()))

/** Path of a part of a table's rows. */
export const partPath = (table: string, part: number): string => `tables/${table}/${String(part).padStart(5, '0')}.copy`

export const tableOfPath = (path: string): string | null => /^tables\/([^/]+)\/\d+\.copy$/.exec(path)?.[1] ?? null
export const keyOfPath = (path: string): string | null => /^files\/(.+)$/.exec(path)?.[1] ?? null

/** The kept tables with the columns that are not computed; those without a journal are drafts and stay out. */
export function listTables(session: Session): Promise<Manifest['tables']> {
  return session.query(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
       array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname <> all($1) and n.nspname not like 'pg\\_%'
     group by n.nspname, c.relname order by n.nspname, c.relname`,
    [excluded],
  )
}

/** Where each sequence that was used stands. */
export function listSequences(session: Session): Promise<Manifest['sequences']> {
  return session.query(
    `select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name, last_value as value
     from pg_sequences where last_value is not null and schemaname <> all($1) order by 1`,
    [excluded],
  )
}
