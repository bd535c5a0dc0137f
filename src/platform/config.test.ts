import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const refusal = (env: Record<string, string>): string => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

test('without a variable the program serves the embedded database on this machine alone', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    demo: true,
    dataDir: resolve('var'),
    databaseUrl: null,
    trustProxy: false,
  })
})

test('an empty variable is an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '  ', DEMO: '' })).toEqual(readConfig({}))
})

test('values are read once for all', () => {
  const config = readConfig({
    PORT: '0',
    DEMO: 'off',
    DATABASE_URL: 'postgres://a@b/c',
    PUBLIC_URL: 'https://exemple.fr/',
    TRUST_PROXY: 'on',
  })
  expect(config).toMatchObject({
    port: 0,
    demo: false,
    databaseUrl: 'postgres://a@b/c',
    publicUrl: 'https://exemple.fr',
    trustProxy: true,
  })
})

const wrong = {
  PORT: '70000',
  DEMO: 'yes',
  DATABASE_URL: 'mysql://a/b',
  STORAGE_URL: 'ftp://a',
  PUBLIC_URL: 'exemple.fr',
  BASEMAP_URL: 'file:///etc/passwd',
  SMTP_URL: 'http://a',
  TRUST_PROXY: 'true',
  LOG_LEVEL: 'verbose',
}

test('every wrong variable is named, with what was received, in one refusal', () => {
  const message = refusal(wrong)
  for (const [name, value] of Object.entries(wrong))
    expect(message).toMatch(new RegExp(`^  ${name} .*« ${value} »`, 'm'))
  expect(message.split('\n')).toHaveLength(1 + Object.keys(wrong).length)
})

test.each(Object.entries(wrong))('%s alone is refused', (name, value) => {
  expect(refusal({ [name]: value })).toContain(name)
})

test.each(['abc', '-1', '3.5', '0x10'])('a port « %s » is refused', (port) => {
  expect(refusal({ PORT: port })).toContain('PORT')
})

test('an identity provider is described whole or not at all', () => {
  const oidc = {
    OIDC_ISSUER: 'https://id.exemple.fr/',
    OIDC_CLIENT_ID: 'artisanumerique',
    OIDC_CLIENT_SECRET: 'secret of the client',
    OIDC_NAME: 'ProConnect',
  }
  expect(readConfig(oidc).oidc).toEqual({
    issuer: 'https://id.exemple.fr/',
    clientId: 'artisanumerique',
    clientSecret: 'secret of the client',
    name: 'ProConnect',
  })
  expect(readConfig({}).oidc).toBeNull()
  for (const name of Object.keys(oidc)) {
    const message = refusal({ ...oidc, [name]: '' })
    expect(message).toContain(`${name} manque`)
    expect(message).not.toContain('secret of the client')
  }
})

test.each([
  ['SECRET', 'trop court pour signer'],
  ['DATABASE_URL', 'mysql://moi:trop court pour signer@base/x'],
])('a refusal of %s does not show what is secret', (name, value) => {
  const message = refusal({ [name]: value })
  expect(message).toContain(name)
  expect(message).not.toContain('trop court pour signer')
})

test.each(['a@exemple.fr', 'Atelier du Savès <a@exemple.fr>'])('mails may come from « %s »', (from) => {
  expect(readConfig({ MAIL_FROM: from }).mailFrom).toBe(from)
})

test.each(['a', 'a@b@c', '<a@b>', 'x <a@b>\nBcc: c@d', 'x <a b@c>'])('mails may not come from « %s »', (from) => {
  expect(refusal({ MAIL_FROM: from })).toContain('MAIL_FROM')
})
