import { compose } from '../../compose.ts'
import type { App, Config } from '#platform'
import { createPlace } from './place.ts'

export interface TestApp {
  app: App
  /** Opens the same data again, as after a stop. */
  reopen(): Promise<App>
  close(): Promise<void>
}

/** An application on its own copy of the prepared database: PGlite, or PostgreSQL when TEST_DATABASE_URL is set. */
export async function createTestApp(changes: Partial<Config> = {}): Promise<TestApp> {
  const place = await createPlace()
  const config: Config = { ...place.config, logLevel: 'error', ...changes }
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
      await place.drop()
    },
  }
}
