import fc from 'fast-check'
import { expect, test } from 'vitest'
import { browserOf, isWeak, ownPath, toEmail } from './model.ts'

test('a way back stays on this site, whatever it is made of', () => {
  const parts = fc.array(
    fc.constantFrom('/', '\\', '//', 'evil.example', 'https:', '@', '?', '#', '\t', '\n', '%2f', '..', 'espace'),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(parts, (list) => {
      const path = ownPath(list.join(''))
      expect(new URL(path, 'https://site.example').origin).toBe('https://site.example')
    }),
    { numRuns: 2000 },
  )
  expect(ownPath('/carte?vue=10/44/1#liste')).toBe('/carte?vue=10/44/1#liste')
  expect(ownPath(null)).toBe('/espace')
})

test.each([
  [' Ana.Vidal@Exemple.FR ', 'ana.vidal@exemple.fr'],
  ['ana', null],
  ['ana@', null],
  ['ana@exemple.fr, eve@exemple.fr', null],
  ['ana@exemple.fr\nBcc: eve@exemple.fr', null],
  [`${'x'.repeat(65)}@exemple.fr`, null],
])('%j is the address %j', (text, email) => expect(toEmail(text)).toBe(email))

test.each([
  ['quatre chaises', false],
  ['quatrechais', true],
  ['abababababababab', true],
  ['ana.vidal-2026', true],
  ['x'.repeat(201), true],
])('« %s » is weak: %s', (password, weak) => expect(isWeak(password, 'ana.vidal@exemple.fr')).toBe(weak))

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'Samsung Internet',
    'Android',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    'Edge',
    'Windows',
  ],
  ['curl/8.5.0', null, null],
])('%s', (userAgent, browser, system) => expect(browserOf(userAgent)).toEqual({ browser, system }))
