import { resolve } from 'node:path'
import * as v from 'valibot'
import { parseS3Url } from './storage/s3-url.ts'

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

const s3Url = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    try {
      if (dataset.typed) parseS3Url(dataset.value)
    } catch (error) {
      addIssue({ message: (error as Error).message })
    }
  }),
)

const mailbox = v.pipe(
  v.string(),
  v.regex(
    /^([^<>@\p{Cc}]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u,
    'doit être « nom@exemple.fr » ou « Nom <nom@exemple.fr> »',
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
  STORAGE_URL: v.optional(s3Url),
  PUBLIC_URL: v.optional(url(['http:', 'https:'])),
  BASEMAP_URL: v.optional(url(['http:', 'https:'])),
  SMTP_URL: v.optional(url(['smtp:', 'smtps:'])),
  MAIL_FROM: v.optional(mailbox),
  SECRET: v.optional(v.pipe(v.string(), v.minLength(32, 'doit avoir au moins 32 caractères'))),
  OIDC_ISSUER: v.optional(url(['http:', 'https:'])),
  OIDC_CLIENT_ID: v.optional(v.string()),
  OIDC_CLIENT_SECRET: v.optional(v.string()),
  OIDC_NAME: v.optional(v.string()),
  SOURCE_URL: v.optional(url(['http:', 'https:'])),
  FFMPEG_PATH: v.optional(v.string(), 'ffmpeg'),
  TRUST_PROXY: v.optional(v.picklist(['on', 'off'], 'doit être « on » ou « off »'), 'off'),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
})

/** An identity provider, such as that of an administration. */
export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button of the sign-in page says. */
  name: string
}

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
  /** Sender of mails, `Name <address>` or an address. */
  mailFrom: string | null
  /** What signs sessions; without it, a file of `dataDir` holds one. */
  secret: string | null
  oidc: OidcConfig | null
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

type Variables = v.InferOutput<typeof schema>

/** All of its variables, or none. */
function readOidc(out: Variables): OidcConfig | null {
  const given = {
    OIDC_ISSUER: out.OIDC_ISSUER,
    OIDC_CLIENT_ID: out.OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET: out.OIDC_CLIENT_SECRET,
    OIDC_NAME: out.OIDC_NAME,
  }
  const missing = Object.entries(given).filter(([, value]) => value === undefined)
  if (missing.length === Object.keys(given).length) return null
  if (missing.length > 0) throw refusal(missing.map(([name]) => `${name} manque : les quatre OIDC_… vont ensemble`))
  return {
    issuer: out.OIDC_ISSUER!,
    clientId: out.OIDC_CLIENT_ID!,
    clientSecret: out.OIDC_CLIENT_SECRET!,
    name: out.OIDC_NAME!,
  }
}

const refusal = (lines: string[]) =>
  new ConfigError(`Configuration refusée :\n${lines.map((line) => `  ${line}`).join('\n')}`)

/** A value as a refusal may show it: logs must not hold a password. */
const shown = (name: string, value: unknown) =>
  /SECRET/.test(name) ? '' : ` (reçu : « ${String(value).replace(/\/\/.*@/, '//…@')} »)`

/**
 * Reads the whole configuration once from environment variables.
 * @throws {ConfigError} naming every wrong variable, one a line
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const input = Object.fromEntries(Object.keys(schema.entries).map((key) => [key, emptyIsAbsent(env[key])]))
  const parsed = v.safeParse(schema, input)
  if (!parsed.success) {
    const nameOf = (issue: (typeof parsed.issues)[number]) => v.getDotPath(issue) ?? ''
    throw refusal(parsed.issues.map((issue) => `${nameOf(issue)} ${issue.message}${shown(nameOf(issue), issue.input)}`))
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
    mailFrom: out.MAIL_FROM ?? null,
    secret: out.SECRET ?? null,
    oidc: readOidc(out),
    sourceUrl: out.SOURCE_URL ?? null,
    ffmpegPath: out.FFMPEG_PATH,
    trustProxy: out.TRUST_PROXY === 'on',
    logLevel: out.LOG_LEVEL,
  }
}
