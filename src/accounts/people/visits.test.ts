import { expect, test } from 'vitest'
import { readConfig, UserError, type App } from '#platform'
import { codeOf, sessionCookie, sessionCookieOptions, toHeaders, visitOf, withScheme } from './visits.ts'

const appWith = (trustProxy: boolean) => ({ config: { ...readConfig({}), trustProxy } }) as App
const placeOf = (trustProxy: boolean, address: string, forwarded?: string) =>
  visitOf(
    appWith(trustProxy),
    new Request('http://x/', { headers: forwarded ? { 'x-forwarded-for': forwarded } : {} }),
    new URL('http://x/'),
    address,
  ).place

test('a visitor does not choose where the limits see him', () => {
  expect(placeOf(false, '192.0.2.7', '203.0.113.1')).toBe('192.0.2.7')
  expect(placeOf(true, '127.0.0.1', '10.9.9.9, 203.0.113.1')).toBe('203.0.113.1')
  expect(placeOf(true, '127.0.0.1')).toBe('127.0.0.1')
})

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
])('%s is of %s: a home has a whole IPv6 network', (address, place) => expect(placeOf(false, address)).toBe(place))

test('the library sees the headers that we compose alone', () => {
  const headers = toHeaders({
    origin: 'https://artisans.example:8443',
    place: '192.0.2.7',
    cookie: 'session=x',
    userAgent: 'x'.repeat(1000),
  })
  expect(Object.fromEntries(headers)).toEqual({
    host: 'artisans.example:8443',
    origin: 'https://artisans.example:8443',
    'x-forwarded-host': 'artisans.example:8443',
    'x-forwarded-proto': 'https',
    cookie: 'session=x',
    'user-agent': 'x'.repeat(300),
  })
})

test('cookies are for https alone where the visit is', () => {
  expect(sessionCookieOptions('https://artisans.example')).toMatchObject({
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
  })
  expect(sessionCookieOptions('http://127.0.0.1:3000')).toMatchObject({ secure: false })
  const cookies = ['session=secure; Path=/; HttpOnly', 'a=b; Secure']
  expect(withScheme(cookies, 'https://x')).toEqual(['session=secure; Path=/; HttpOnly; Secure', 'a=b; Secure'])
  expect(withScheme(cookies, 'http://x')).toEqual(cookies)
})

test('a cookie that cannot be decoded is none', () => {
  expect(sessionCookie('a=b; session=x%2By')).toBe('x+y')
  for (const header of [null, '', 'session=', 'session=%E0%A4%A', 'xsession=x'])
    expect(sessionCookie(header)).toBeNull()
})

test('errors that are not the library’s stay what they are', () => {
  expect(codeOf(new UserError('x', 400, 'x'))).toBeNull()
  expect(codeOf(new Error('x'))).toBeNull()
  expect(codeOf(Object.assign(new Error('x'), { statusCode: 401, body: { code: 'NO' } }))).toBe('NO')
})
