import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { BareApp } from '../application.ts'
import { measureBackup } from '../backup/backup.ts'
import { pendingMigrations } from '../db/migrate.ts'
import { findPowers } from '../db/powers.ts'

export interface Finding {
  level: 'good' | 'attention' | 'bad'
  text: string
}

const gigabyte = 1e9
const oldestServer = 150_000
const number = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 })

/** Looks over what the program stands on; each line says what is well or what to do. Nothing is changed. */
export async function inspectInstallation(app: BareApp): Promise<Finding[]> {
  return [
    await inspectServer(app),
    await inspectMigrations(app),
    await inspectTables(app),
    ...(await inspectIndexes(app)),
    ...(await inspectEvents(app)),
    ...(await inspectMails(app)),
    ...(await inspectErasures(app)),
    await inspectStorage(app),
    await inspectDisk(app),
  ]
}

async function inspectServer({ db }: BareApp): Promise<Finding> {
  const found = await sql<{ version: string; number: number; encoding: string }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`.execute(db.kysely)
  const { version, number, encoding } = found.rows[0]!
  const name = `PostgreSQL ${version}${db.pglite ? ', base intégrée' : ''}`
  if (number < oldestServer) return { level: 'bad', text: `${name} : il faut PostgreSQL 15 ou plus récent.` }
  if (encoding !== 'UTF8') return { level: 'bad', text: `${name} : la base est en ${encoding}, il la faut en UTF8.` }
  return { level: 'good', text: name }
}

async function inspectMigrations({ db }: BareApp): Promise<Finding> {
  const pending = await pendingMigrations(db)
  if (pending.length === 0) return { level: 'good', text: 'La base est au format de cette version du programme.' }
  return { level: 'bad', text: `La base n’est pas à jour (${pending.length} étapes). Lancez : migrate` }
}

async function inspectTables(app: BareApp): Promise<Finding> {
  try {
    const { tables, rows, files } = await measureBackup(app)
    return {
      level: 'good',
      text: `${tables} tables lues, ${number.format(rows)} lignes, ${number.format(files)} fichiers`,
    }
  } catch (error) {
    return { level: 'bad', text: `Une table ne se lit pas (${(error as Error).message}). Restaurez une sauvegarde.` }
  }
}

async function inspectIndexes({ db }: BareApp): Promise<Finding[]> {
  const found = await sql<{
    name: string
  }>`select indexrelid::regclass::text as name from pg_index where not indisvalid`.execute(db.kysely)
  return found.rows.map(({ name }) => ({
    level: 'bad',
    text: `L’index ${name} n’est pas valable. Lancez dans la base : reindex index ${name}`,
  }))
}

async function hasTable({ db }: BareApp, name: string): Promise<boolean> {
  const found = await sql<{ known: boolean }>`select to_regclass(${name}) is not null as known`.execute(db.kysely)
  return found.rows[0]!.known
}

async function inspectEvents(app: BareApp): Promise<Finding[]> {
  const { db } = app
  if (!(await hasTable(app, 'platform.outbox'))) return []
  const found = await sql<{
    count: number
  }>`select count(*)::int as count from platform.outbox where failed is not null`.execute(db.kysely)
  const { count } = found.rows[0]!
  return count === 0
    ? []
    : [{ level: 'attention', text: `${count} événements n’ont pas été suivis d’effet : voir les journaux.` }]
}

async function inspectMails(app: BareApp): Promise<Finding[]> {
  if (!(await hasTable(app, 'platform.mail'))) return []
  const found = await sql<{ count: number }>`
    select count(*)::int as count from platform.mail where sent_at is null`.execute(app.db.kysely)
  const { count } = found.rows[0]!
  if (count === 0) return []
  return [{ level: 'attention', text: `Courriels qui attendent : ${count}. Voir la page /espace/courriels.` }]
}

async function inspectErasures(app: BareApp): Promise<Finding[]> {
  const { limits } = await findPowers(app.db)
  const findings: Finding[] = limits.map((text) => ({ level: 'attention', text }))
  if (!(await hasTable(app, 'platform.unscrubbed'))) return findings
  const found = await sql<{ names: string | null }>`
    select string_agg(name, ', ' order by name) as names from platform.unscrubbed`.execute(app.db.kysely)
  const { names } = found.rows[0]!
  if (names)
    findings.push({
      level: 'attention',
      text: `Un effacement n’est pas fini sur le disque (${names}) : il reprend chaque heure.`,
    })
  return findings
}

async function inspectStorage({ storage, config }: BareApp): Promise<Finding> {
  const key = `check-${randomUUID()}`
  const place = config.storageUrl ? 'Le stockage S3' : 'Le dossier des fichiers'
  try {
    await storage.put(key, Readable.from([Buffer.from('check')]))
    const kept = await storage.head(key)
    await storage.remove(key)
    if (kept?.bytes !== 5) return { level: 'bad', text: `${place} ne rend pas ce qu’on y écrit.` }
    return { level: 'good', text: `${place} s’écrit et se relit.` }
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException
    return { level: 'bad', text: `${place} ne s’écrit pas (${message || code || name}).` }
  }
}

async function inspectDisk({ config }: BareApp): Promise<Finding> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = (bavail * bsize) / gigabyte
  const text = `${number.format(free)} Go libres dans ${config.dataDir}`
  return free < 1 ? { level: 'attention', text: `${text} : faites de la place.` } : { level: 'good', text }
}
