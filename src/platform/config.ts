import { resolve } from 'node:path'
import * as v from 'valibot'

const emptyIsAbsent = (value: string | undefined) =>
  value === undefined || value.trim() === '' ? undefined : value.trim()

const url = (protocols: string[]) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => {
        try {
          return protocols.includes(new URL(text).protocol)
        } catch {
          return false
        }
      },
      `doit être une adresse ${protocols.map((p) => `${p}//…`).join(' ou ')}`,
    ),
  )

const schema = v.object({
  HOST: v.optional(v.string(), '127.0.0.1'),
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d+$/, 'doit être un nombre entre 0 et 65535'),
      v.transform(Number),
      v.maxValue(65535, 'doit être un nombre entre 0 et 65535'),
    ),
    '3000',
  ),
  DEMO: v.optional(v.picklist(['on', 'off'], 'doit être « on » ou « off »'), 'on'),
  DATA_DIR: v.optional(v.string(), './var'),
  DATABASE_URL: v.optional(url(['postgres:', 'postgresql:'])),
  STORAGE_URL: v.optional(url(['s3:'])),
  PUBLIC_URL: v.optional(url(['http:', 'https:'])),
  BASEMAP_URL: v.optional(url(['http:', 'https:'])),
  SMTP_URL: v.optional(url(['smtp:', 'smtps:'])),
  SOURCE_URL: v.optional(url(['http:', 'https:'])),
  FFMPEG_PATH: v.optional(v.string(), 'ffmpeg'),
  TRUST_PROXY: v.optional(v.picklist(['on', 'off'], 'doit être « on » ou « off »'), 'off'),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
})

export interface Config {
  host: string
  port: number
  demo: boolean
  dataDir: string
  databaseUrl: string | null
  storageUrl: string | null
  publicUrl: string | null
  basemapUrl: string | null
  smtpUrl: string | null
  /** Where the running version's source is published; without it the program gives its own. */
  sourceUrl: string | null
  ffmpegPath: string
  trustProxy: boolean
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Says which environment variables are wrong and why; the program refuses to start with it. */
export class ConfigError extends Error {
  readonly code = 'config.invalid'
}

/**
 * Reads the whole configuration once from environment variables.
 * @throws {ConfigError} naming every wrong variable, one a line
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const input = Object.fromEntries(Object.keys(schema.entries).map((key) => [key, emptyIsAbsent(env[key])]))
  const parsed = v.safeParse(schema, input)
  if (!parsed.success) {
    const lines = parsed.issues.map(
      (issue) => `  ${v.getDotPath(issue)} ${issue.message} (reçu : « ${String(issue.input)} »)`,
    )
    throw new ConfigError(`Configuration refusée :\n${lines.join('\n')}`)
  }
  const out = parsed.output
  return {
    host: out.HOST,
    port: out.PORT,
    demo: out.DEMO === 'on',
    dataDir: resolve(out.DATA_DIR),
    databaseUrl: out.DATABASE_URL ?? null,
    storageUrl: out.STORAGE_URL ?? null,
    publicUrl: out.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    basemapUrl: out.BASEMAP_URL ?? null,
    smtpUrl: out.SMTP_URL ?? null,
    sourceUrl: out.SOURCE_URL ?? null,
    ffmpegPath: out.FFMPEG_PATH,
    trustProxy: out.TRUST_PROXY === 'on',
    logLevel: out.LOG_LEVEL,
  }
}
