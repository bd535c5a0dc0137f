import { compose } from './compose.ts'
import { serve } from './serve.ts'
import { ConfigError, FolderInUseError, readConfig } from '#platform'

try {
  const app = await compose(readConfig())
  await serve(app, { dev: process.argv.includes('--dev') })
} catch (error) {
  if (error instanceof ConfigError || error instanceof FolderInUseError) process.stderr.write(`${error.message}\n`)
  else console.error(error)
  process.exit(1)
}
