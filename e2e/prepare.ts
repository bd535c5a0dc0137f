import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start, stop } from './process.ts'

/** Starts the product once on an empty folder, whose copies each product of the journeys starts from. */
export default async function prepare(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-prepared-'))
  const { child } = await start(folder)
  const code = await stop(child)
  if (code !== 0) throw new Error(`the product stopped with ${String(code)}`)
  process.env.PREPARED_FOLDER = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
