import { inspect } from 'node:util'
import { ConfigError } from '../config.ts'
import { FolderInUseError } from '../db/lock.ts'
import { UsageError, UserError } from '../errors.ts'

/** 0: done; 1: refused, nothing changed; 2: typed wrong. */
export type ExitCode = 0 | 1 | 2

export interface Outcome {
  code: ExitCode
  /** What to write on the error output, or null. */
  error: string | null
}

export const success: Outcome = { code: 0, error: null }

/** What a command that threw ends with: a sentence for what a user may mend, the whole error for what nobody expected. */
export function failure(error: unknown): Outcome {
  if (error instanceof UsageError) return { code: 2, error: error.message }
  if (error instanceof UserError)
    return {
      code: 1,
      error: [error.message, ...error.fields.map(({ field, message }) => `  ${field} : ${message}`)].join('\n'),
    }
  if (error instanceof ConfigError || error instanceof FolderInUseError) return { code: 1, error: error.message }
  return { code: 1, error: `Erreur inattendue : ${inspect(error)}` }
}
