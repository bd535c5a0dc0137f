import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { capabilities } from '../../compose.ts'
import { migrate, migrationsHash, openDatabase, type Database } from '#platform'
import pino from 'pino'

declare module 'vitest' {
  interface ProvidedContext {
    template: { kind: 'pglite'; folder: string } | { kind: 'postgres'; url: string; database: string }
  }
}

const log = pino({ level: 'error' })
/** Where test databases live: in memory when the machine can. */
export const shared = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

async function fill(db: Database) {
  try {
    await migrate(db)
    for (const capability of capabilities) await capability.prepare?.({ db, log })
    await db.outsideTransaction('checkpoint')
  } finally {
    await db.close()
  }
}

/** One prepared database, which each test file copies; kept between runs under the name of the migrations' hash. */
export default async function setup(project: TestProject) {
  const url = process.env.TEST_DATABASE_URL
  const name = `artisanumerique_${await migrationsHash()}`
  if (url) {
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query(`drop database if exists ${name}`)
    await admin.query(`create database ${name} template template0 encoding 'UTF8'`)
    const own = new URL(url)
    own.pathname = `/${name}`
    await fill(await openDatabase({ databaseUrl: own.href, dataDir: '' }))
    await admin.end()
    project.provide('template', { kind: 'postgres', url, database: name })
    return
  }
  const folder = join(shared, name)
  if (!existsSync(folder)) {
    const making = mkdtempSync(join(shared, `${name}-`))
    try {
      await fill(await openDatabase({ databaseUrl: null, dataDir: making }))
      renameSync(making, folder)
    } catch (error) {
      // Another run may have made it meanwhile: its folder stays.
      if (!existsSync(folder)) throw error
    } finally {
      rmSync(making, { recursive: true, force: true })
    }
  }
  project.provide('template', { kind: 'pglite', folder })
}

/** Copies a prepared folder. */
export function copyFolder(from: string): string {
  const to = mkdtempSync(join(shared, 'artisanumerique-test-'))
  cpSync(from, to, { recursive: true })
  return to
}
