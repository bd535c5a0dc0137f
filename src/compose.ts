import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { accounts } from '#accounts'
import { atlas } from '#atlas'
import { consent } from '#consent'
import { media } from '#media'
import {
  createEvents,
  createJobs,
  createLog,
  createStorage,
  migrate,
  openDatabase,
  platform,
  type App,
  type Capability,
  type Config,
} from '#platform'
import { registry } from '#registry'
import { statements } from '#statements'
import { survey } from '#survey'
import { territory } from '#territory'

/** Every capability of the product, in the order in which each may call those before it. */
export const capabilities: readonly Capability[] = [
  platform,
  territory,
  accounts,
  consent,
  statements,
  media,
  registry,
  survey,
  atlas,
]

const root = new URL('../', import.meta.url)

function readVersion() {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  try {
    const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return { version, commit: commit.trim() }
  } catch {
    return { version, commit: 'unknown' }
  }
}

/** Opens and migrates the database and puts the program together, without serving anything yet. */
export async function compose(config: Config): Promise<App> {
  const log = createLog(config.logLevel)
  const db = await openDatabase(config)
  try {
    await migrate(db)
    for (const capability of capabilities) await capability.prepare?.({ db, log })
  } catch (error) {
    await db.close()
    throw error
  }
  const values = new Map<string, unknown>()
  return {
    config,
    db,
    log,
    capabilities,
    ...readVersion(),
    jobs: createJobs(
      db,
      capabilities.flatMap((one) => one.jobs ?? []),
      log,
    ),
    events: createEvents(
      db,
      capabilities.flatMap((one) => one.handlers ?? []),
      log,
    ),
    storage: createStorage(config),
    once<T>(key: string, make: () => T): T {
      if (!values.has(key)) values.set(key, make())
      return values.get(key) as T
    },
  }
}
