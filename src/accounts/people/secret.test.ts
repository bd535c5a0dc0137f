import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '#platform'
import { getSecret, signed, unsigned } from './secret.ts'

const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-secret-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secretOf = (changes: object) =>
  getSecret({ config: { ...readConfig({}), dataDir: folder, ...changes }, once: (_key, make) => make() })

test('what is signed is read again; with another secret, another text or a cut signature it is nothing', () => {
  const text = fc.string({ minLength: 1 })
  fc.assert(
    fc.property(text, text, text, fc.nat(42), (secret, other, value, cut) => {
      const cookie = signed(secret, value)
      expect(unsigned(secret, cookie)).toBe(value)
      if (other !== secret) expect(unsigned(other, cookie)).toBeNull()
      expect(unsigned(secret, `${value}x${cookie.slice(value.length)}`)).toBeNull()
      expect(unsigned(secret, cookie.slice(0, value.length + 1 + cut))).toBeNull()
    }),
  )
})

test('a secret is made once, for its owner alone; SECRET replaces it; an empty file is told', () => {
  const made = secretOf({})
  expect(made).toMatch(/^[\w-]{43}$/)
  expect(secretOf({})).toBe(made)
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(`${made}\n`)
  expect(secretOf({ secret: 'given' })).toBe('given')
  writeFileSync(join(folder, 'secret'), '')
  expect(() => secretOf({})).toThrow('is empty')
})
