import { capabilities, compose } from '../../compose.ts'
import { runCli, type Capability, type Config } from '#platform'

export interface Ran {
  code: number
  out: string
  err: string
}

/** Runs a command line in this process, as a program whose outputs are files. */
export async function runCommand(
  config: Config,
  argv: string[],
  { more = [] as Capability[], cwd = '/' } = {},
): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '' }
  ran.code = await runCli(argv, {
    capabilities: [...capabilities, ...more],
    compose,
    config: () => config,
    terminal: {
      out: (text) => void (ran.out += text),
      err: (text) => void (ran.err += text),
      isTerminal: false,
      cwd,
    },
  })
  return ran
}
