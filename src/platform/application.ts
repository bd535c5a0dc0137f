import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import type { Database, Executor } from './db/database.ts'
import type { ApiDescription } from './http/openapi.ts'
import type { Dataset } from './dataset.ts'
import type { Events, EventHandler } from './events.ts'
import type { Jobs, JobDefinition } from './jobs.ts'
import type { Permission } from './permissions.ts'
import type { Storage } from './storage.ts'

/** Who is signed in. */
export interface User {
  id: string
  name: string
  /** Null for a guest. */
  email: string | null
  /** A guest came by a link, for one thing alone; a person has an account. */
  kind: 'person' | 'guest'
  /** Runs the platform: opens accounts, writes conventions, imports the register. */
  administrator: boolean
}

/** What something is said about, agreed to, or erased: `enterprise` + SIRET, `person` + account, `statement` + its id… */
export interface Subject {
  kind: string
  id: string
}

/** One running program: what every capability receives. There is one of each a process. */
export interface App {
  config: Config
  db: Database
  log: FastifyBaseLogger
  jobs: Jobs
  events: Events
  storage: Storage
  capabilities: readonly Capability[]
  version: string
  commit: string
  /** Makes a value once for this application, such as an index in memory. */
  once<T>(key: string, make: () => T): T
}

/** What a command has that must find the database as it is, neither migrated nor filled. */
export type BareApp = Pick<App, 'config' | 'db' | 'log' | 'storage'>

export interface CommandIo {
  /** One line for the user. */
  print(line: string): void
  /** Replaces the last progress line on a terminal; `ratio`, 0 to 1, spares lines elsewhere. */
  progress(line: string, ratio?: number): void
  /** Where relative paths start. */
  cwd: string
}

export interface CommandInput {
  values: Record<string, string | boolean | string[] | undefined>
  args: string[]
  io: CommandIo
}

interface CommandDescription {
  /** Words of the command, as in `import territory`. */
  words: string[]
  summary: string
  usage: string
  options?: Record<string, { type: 'string' | 'boolean'; help: string; multiple?: boolean }>
  /** A PostgreSQL server, or a database that exists already; by default a new one is created. */
  requires?: 'server' | 'database'
}

/** A command of the whole application: its database is migrated and filled first. */
export interface CliCommand extends CommandDescription {
  bare?: false
  run(app: App, input: CommandInput): Promise<void>
}

export interface BareCommand extends CommandDescription {
  bare: true
  run(app: BareApp, input: CommandInput): Promise<void>
}

export interface Erased {
  files: string[]
  tables: string[]
}

/** What a capability offers to the composition root. */
export interface Capability {
  name: string
  /** Tells who a request comes from; one capability only has it. */
  authenticate?(app: App, headers: IncomingHttpHeaders): Promise<User | null>
  routes?(http: FastifyInstance, app: App): void | Promise<void>
  /** Its part of `/api/openapi.json`. */
  api?(app: App): ApiDescription
  jobs?: JobDefinition[]
  handlers?: EventHandler[]
  datasets?(app: App): Dataset[]
  permissions?: readonly Permission[]
  commands?: (CliCommand | BareCommand)[]
  /** Reference data that a start must find in the database; called after the migrations. */
  prepare?(app: Pick<App, 'db' | 'log'>): Promise<void>
  demonstration?: {
    load(trx: Executor): Promise<void>
    remove(trx: Executor): Promise<void>
  }
  /**
   * Destroys what it holds about a subject, in the transaction of the erasure. Answers the keys of the stored files to
   * remove once it is committed, and the tables whose old rows must leave the disk.
   */
  erase?(trx: Executor, subject: Subject): Promise<Erased>
  /** What it holds about a subject, by kind, as JSON: lists of records where there may be several; empty without any. */
  export?(db: Executor, subject: Subject): Promise<Record<string, unknown>>
  /** What a record of its kinds says, for whoever is asked to agree to it; null for other kinds. */
  describe?(db: Executor, record: Subject): Promise<{ title: string; text?: string; href?: string } | null>
  start?(app: App): Promise<void>
  stop?(app: App): Promise<void>
}
