import { capabilities, compose } from './compose.ts'
import { readConfig, runCli } from '#platform'

process.exitCode = await runCli(process.argv.slice(2), {
  capabilities,
  compose,
  config: readConfig,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    cwd: process.cwd(),
  },
})
