import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { compose } from '../../compose.ts'
import { readConfig, type App, type Config } from '#platform'
import { copyFolder } from './global-setup.ts'

export interface TestApp {
  app: App
  /** Opens the same data again, as after a stop. */
  reopen(): Promise<App>
  close(): Promise<void>
}

let number = 0

/** An application on its own copy of the prepared database: PGlite, or PostgreSQL when TEST_DATABASE_URL is set. */
export async function createTestApp(changes: Partial<Config> = {}): Promise<TestApp> {
  const template = inject('template')
  let databaseUrl: string | null = null
  let dataDir: string
  let drop = async () => {}
  if (template.kind === 'pglite') dataDir = copyFolder(template.folder)
  else {
    dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-test-'))
    const name = `${template.database}_${process.pid}_${number++}`
    const admin = new pg.Client({ connectionString: template.url })
    await admin.connect()
    await admin.query(`create database ${name} template ${template.database} strategy file_copy`)
    const own = new URL(template.url)
    own.pathname = `/${name}`
    databaseUrl = own.href
    drop = async () => {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    }
  }
  const config: Config = {
    ...readConfig({}),
    dataDir,
    databaseUrl,
    port: 0,
    demo: false,
    logLevel: 'error',
    ...changes,
  }
  let app = await compose(config)
  return {
    get app() {
      return app
    },
    async reopen() {
      app = await compose(config)
      return app
    },
    async close() {
      await app.db.close()
      await drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
