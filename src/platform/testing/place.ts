import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { readConfig, type Config } from '#platform'
import { copyFolder } from './global-setup.ts'

export interface Place {
  /** Silent; what a program of its own is given too. */
  config: Config
  /** Removes the database and the folder; whoever is still connected is cut off. */
  drop(): Promise<void>
}

let number = 0

/** A copy of the prepared database and a data folder: PGlite, or PostgreSQL when TEST_DATABASE_URL is set. */
export async function createPlace(): Promise<Place> {
  const template = inject('template')
  const config: Config = { ...readConfig({}), port: 0, demo: false, logLevel: 'silent' }
  if (template.kind === 'pglite') {
    const dataDir = copyFolder(template.folder)
    return { config: { ...config, dataDir }, drop: async () => rmSync(dataDir, { recursive: true, force: true }) }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-test-'))
  const name = `${template.database}_${process.pid}_${number++}`
  const admin = new pg.Client({ connectionString: template.url })
  await admin.connect()
  await admin.query(`create database ${name} template ${template.database} strategy file_copy`)
  const own = new URL(template.url)
  own.pathname = `/${name}`
  return {
    config: { ...config, dataDir, databaseUrl: own.href },
    async drop() {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
