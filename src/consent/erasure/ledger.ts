import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Config } from '#platform'
import { erasureReasons } from '../model.ts'

const lineSchema = v.object({
  id: v.string(),
  kind: v.string(),
  subject: v.string(),
  reason: v.picklist(erasureReasons),
  at: v.string(),
})

/** One erasure: ids and a reason, never a content. */
export type LedgerLine = v.InferOutput<typeof lineSchema>

type Place = Pick<Config, 'dataDir'>
const fileOf = ({ dataDir }: Place) => join(dataDir, 'erasures.jsonl')

const readText = (config: Place) =>
  readFile(fileOf(config), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })

/**
 * The ledger beside the database, which survives the loss or the return of an older one. A last line that a power cut
 * left unfinished is passed over: the database still has it.
 * @throws {Error} when another line is damaged, because an erasure would be forgotten
 */
export async function readLedger(config: Place): Promise<LedgerLine[]> {
  const lines = (await readText(config)).split('\n')
  const unfinished = lines.pop()!
  const whole = unfinished === '' ? [] : [unfinished]
  return [...lines, ...whole].flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [v.parse(lineSchema, JSON.parse(line))]
    } catch {
      if (index === lines.length) return []
      throw new Error(`${fileOf(config)}, line ${index + 1}: not an erasure. Mend the file before starting`)
    }
  })
}

const isLine = (text: string) => {
  try {
    return v.is(lineSchema, JSON.parse(text))
  } catch {
    return false
  }
}

/** Adds a line, on the disk when this resolves. What a power cut left of the last one is dropped: it is written again. */
export async function appendLedger(config: Place, line: LedgerLine): Promise<void> {
  const text = await readText(config)
  const whole = text.lastIndexOf('\n') + 1
  const last = text.slice(whole)
  const kept = isLine(last) ? `${text}\n` : text.slice(0, whole)
  const file = await open(fileOf(config), 'a', 0o600)
  try {
    if (kept.length < text.length) await file.truncate(Buffer.byteLength(kept))
    await file.write(`${kept.length > text.length ? '\n' : ''}${JSON.stringify(line)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  if (text === '') await syncFolder(config.dataDir)
}

/** A new file's name is on the disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
