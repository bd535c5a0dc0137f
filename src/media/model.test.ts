import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accepted, announcedKind, cleanName, isZone, type Zone } from './model.ts'

test.each([
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\Windows\\System32\\film.mp4', 'film.mp4'],
  ['photo\u0000.jpg.exe', 'photo.jpg.exe'],
  ['facture\u202Egpj.exe', 'facturegpj.exe'],
  ['CON', 'CON_'],
  ['nul.mp4', 'nul_.mp4'],
  ['  .cache  ', 'cache'],
  ['a<b>:"|?*c.png', 'abc.png'],
  ['geste\nà la\tmain.mov', 'gesteà lamain.mov'],
  ['...', 'sans nom'],
  ['', 'sans nom'],
  ['étamage d’une casserole.MP4', 'étamage d’une casserole.MP4'],
])('the name %j is shown as %j', (given, shown) => {
  expect(cleanName(given)).toBe(shown)
})

test('a name is never a path, never hides a sign, and is short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
      const name = cleanName(given)
      expect(name).not.toMatch(/[/\\<>:"|?*\p{Cc}\p{Cf}]/u)
      expect(name).not.toMatch(/^\.|^\s|\s$/)
      expect([...name].length).toBeGreaterThan(0)
      expect([...name].length).toBeLessThanOrEqual(120)
      expect(cleanName(name)).toBe(name)
    }),
  )
})

test('a long name keeps its extension', () => {
  const name = cleanName(`${'é'.repeat(500)}.webm`)
  expect([...name]).toHaveLength(120)
  expect(name).toMatch(/\.webm$/)
})

test('what a name announces', () => {
  expect(announcedKind('GESTE.MOV')).toBe('film')
  expect(announcedKind('chant.flac')).toBe('sound')
  expect(announcedKind('plan.svg')).toBeNull()
  expect(announcedKind('image.gif')).toBeNull()
  expect(announcedKind('sans extension')).toBeNull()
  expect(accepted).not.toMatch(/svg|gif|zip/)
})

test('a zone lies within the picture', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, share, share, share, (x, y, width, height) => {
      const zone: Zone = { x, y, width, height }
      const within = width > 0 && height > 0 && x + width <= 1.000001 && y + height <= 1.000001
      expect(isZone(zone)).toBe(within)
    }),
  )
  for (const wrong of [NaN, Infinity, -0.1, 1.1])
    expect(isZone({ x: wrong, y: 0, width: 0.1, height: 0.1 })).toBe(false)
})
