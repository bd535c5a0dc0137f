import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { App, Capability, CommandInput } from '../application.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../db/database.ts'
import { FolderInUseError } from '../db/lock.ts'
import { createLog } from '../log.ts'
import { createStorage } from '../storage.ts'
import { noDatabase, serverNeeded } from './errors.ts'
import { helpText } from './help.ts'
import { failure, success, type ExitCode, type Outcome } from './outcome.ts'
import { parseLine, type AnyCommand } from './parse.ts'
import { handOver } from './socket-client.ts'
import { createScreen, type Screen, type Terminal } from './terminal.ts'

export interface CliEnvironment {
  capabilities: readonly Capability[]
  /** Read late: help works with a wrong configuration. */
  config(): Config
  compose(config: Config): Promise<App>
  terminal: Terminal
}

interface Order {
  command: AnyCommand
  values: CommandInput['values']
  args: string[]
}

/** Runs one command line to its end; nothing is thrown. */
export async function runCli(argv: readonly string[], environment: CliEnvironment): Promise<ExitCode> {
  const { terminal, capabilities } = environment
  const commands = capabilities.flatMap((one) => one.commands ?? [])
  const screen = createScreen(terminal)
  let outcome: Outcome
  try {
    const line = parseLine(commands, argv)
    if (line.kind === 'help') {
      screen.print(helpText(commands, line.words))
      return 0
    }
    outcome = await execute(line, environment, screen)
  } catch (error) {
    outcome = failure(error)
  }
  screen.close()
  if (outcome.error !== null) screen.error(outcome.error)
  if (outcome.code === 2) screen.error('Aide : npx artisanumerique --help')
  return outcome.code
}

async function execute(order: Order, environment: CliEnvironment, screen: Screen): Promise<Outcome> {
  const { command, values, args } = order
  const config = quiet(environment.config())
  requireDatabase(command, config)
  try {
    await runHere(order, config, environment, screen)
    return success
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error
    const request = { words: command.words, values, args, cwd: environment.terminal.cwd }
    return (await handOver(config.dataDir, request, screen)) ?? failure(error)
  }
}

// Logs are for who reads a server's; a command speaks by itself.
const quiet = (config: Config): Config => ({
  ...config,
  logLevel: config.logLevel === 'info' ? 'error' : config.logLevel,
})

function requireDatabase({ requires }: AnyCommand, { databaseUrl, dataDir }: Config): void {
  if (databaseUrl || !requires) return
  if (requires === 'server') throw serverNeeded()
  if (!existsSync(join(dataDir, 'database', 'PG_VERSION'))) throw noDatabase(dataDir)
}

async function runHere(
  { command, values, args }: Order,
  config: Config,
  environment: CliEnvironment,
  screen: Screen,
): Promise<void> {
  const input = { values, args, io: { print: screen.print, progress: screen.progress, cwd: environment.terminal.cwd } }
  if (command.bare) {
    const db = await openDatabase(config)
    try {
      await command.run({ config, db, log: createLog(config.logLevel), storage: createStorage(config) }, input)
    } finally {
      await db.close()
    }
    return
  }
  const app = await environment.compose(config)
  try {
    await command.run(app, input)
  } finally {
    await app.db.close()
  }
}
