import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App, Config } from '#platform'

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function readOrMake({ secret, dataDir }: Config): string {
  if (secret) return secret
  const file = join(dataDir, 'secret')
  const known = read(file)
  if (known) return known
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const made = read(file)
  if (!made) throw new Error(`The file ${file} is empty: remove it, and a new secret is made`)
  return made
}

/** What signs cookies: SECRET, else 256 random bits that are made once in `DATA_DIR/secret` (mode 0600). */
export const getSecret = (app: Pick<App, 'config' | 'once'>): string =>
  app.once('accounts.secret', () => readOrMake(app.config))

/** Keyed hash (HMAC-SHA-256) of a text. */
export const sign = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text).digest()

/** The value of a cookie: a text and its signature in Base64, as better-auth writes them. */
export const signed = (secret: string, text: string): string => `${text}.${sign(secret, text).toString('base64')}`

/** The text of a signed cookie, or null when the signature is not ours. */
export function unsigned(secret: string, cookie: string): string | null {
  const at = cookie.lastIndexOf('.')
  if (at < 1) return null
  const text = cookie.slice(0, at)
  const [given, expected] = [Buffer.from(cookie.slice(at + 1), 'base64'), sign(secret, text)]
  return given.length === expected.length && timingSafeEqual(given, expected) ? text : null
}
