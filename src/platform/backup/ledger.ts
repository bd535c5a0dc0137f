import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Config } from '../config.ts'
import { syncFolder } from '../db/durable-fs.ts'
import { UserError } from '../errors.ts'

/** Name of the ledger of erasures, in `dataDir` as in a backup: one JSON object a line, ids alone. */
export const ledgerName = 'erasures.jsonl'
export const ledgerOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, ledgerName)

const lineSchema = v.looseObject({ id: v.string(), kind: v.string(), subject: v.string() })

/** A ledger with where it comes from, which an error names. */
export interface LedgerSource {
  name: string
  text: string
}

/** A ledger's file; empty where there is none. */
export async function readLedgerFile(file: string): Promise<LedgerSource> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return { name: file, text }
}

/** Ids of erasures with their lines; a last line that a stop cut short is passed over, as its writer does. */
function parseLines({ name, text }: LedgerSource): [id: string, line: string][] {
  const lines = text.split('\n')
  return lines.flatMap((line, index): [string, string][] => {
    if (line.trim() === '') return []
    try {
      return [[v.parse(lineSchema, JSON.parse(line)).id, line]]
    } catch {
      if (index === lines.length - 1) return []
      throw new UserError(
        'ledger_damaged',
        409,
        `La ligne ${index + 1} de ${name} n’est pas un effacement : sans elle, des données effacées reviendraient. Rien n’est changé.`,
      )
    }
  })
}

/**
 * Every erasure of several ledgers, once each.
 * @throws {UserError} when a line is damaged
 */
export const mergeLedgers = (sources: readonly LedgerSource[]): string[] => [
  ...new Map(sources.flatMap(parseLines)).values(),
]

/** Writes the ledger of a data folder, whole; without a line there is none. */
export async function writeLedger(config: Pick<Config, 'dataDir'>, lines: readonly string[]): Promise<void> {
  const file = ledgerOf(config)
  if (lines.length === 0) return rm(file, { force: true })
  const part = `${file}.part`
  await writeFile(part, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true })
  await rename(part, file)
  syncFolder(config.dataDir)
}
