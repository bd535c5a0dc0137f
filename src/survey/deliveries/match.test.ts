import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSiret } from '#accounts/model'
import { isOneSlip, matchRow, siretVariants, type Rarities, type RowFacts, type Unit } from './match.ts'
import { createRandom, newSiret, otherSiret } from './testing/partner-file.ts'

const random = createRandom(7)
const siret = newSiret(random)
const known: Unit = {
  siret,
  siren: siret.slice(0, 9),
  name: 'BRASSERIE LAPEPIE',
  address: '12 RUE DU MOULIN',
  postcode: '82000',
  commune: '82121',
  communeName: 'Montauban',
  departement: '82',
  state: 'open',
  closedOn: null,
  headquarters: true,
}
const row: RowFacts = {
  siret: null,
  siren: null,
  names: ['Brasserie Lapepie'],
  address: '12 r. du Moulin',
  postcode: '82000',
  communes: ['82121'],
  departement: '82',
}
const rarities: Rarities = { names: () => 1, streets: () => 1 }
const match = (changes: Partial<RowFacts>, ...units: Unit[]) =>
  matchRow({ ...row, siren: changes.siret?.slice(0, 9) ?? null, ...changes }, units, rarities)
const codes = ({ reasons }: { reasons: readonly { code: string }[] }) => reasons.map(({ code }) => code)
const unit = (changes: Partial<Unit>): Unit => ({ ...known, ...changes })

test('a score comes with its reasons', () => {
  const found = match({ siret }, known)
  expect(found).toMatchObject({ decision: 'matched', siret, score: 1 })
  expect(codes(found)).toEqual(['siret_same', 'name_same', 'commune_same', 'address_same'])
  const wrong = siret.slice(0, 13) + ((Number(siret[13]) + 1) % 10)
  expect(codes(match({ siret: wrong }, known))[0]).toBe('siret_digit')
  const close = match({ names: ['Brasserie Lapepi'] }, known)
  expect(close.reasons[0]).toMatchObject({ code: 'name_close' })
  expect(Number(close.reasons[0]!.value)).toBeGreaterThan(0.9)
})

test('a name that the register may not show is not compared, and never decides alone', () => {
  const withheld = unit({ name: null, address: null })
  expect(match({ siret }, withheld)).toMatchObject({ decision: 'matched' })
  expect(match({}, withheld)).toMatchObject({ decision: 'unknown' })
  const placed = match({}, unit({ name: null }))
  expect(placed.decision).toBe('doubtful')
  expect(codes(placed)).toContain('name_withheld')
})

test('an enterprise that moved is found by its SIREN; of several establishments somebody chooses', () => {
  const elsewhere = unit({
    siret: otherSiret(siret, random),
    commune: '31555',
    departement: '31',
    address: '1 PLACE HAUTE',
  })
  const moved = match({ siret }, elsewhere)
  expect(moved).toMatchObject({ decision: 'matched', siret: elsewhere.siret })
  expect(codes(moved)).toContain('siren_moved')
  const third = { ...elsewhere, siret: otherSiret(siret, random) }
  expect(match({ siret }, elsewhere, third)).toMatchObject({ decision: 'doubtful' })
})

test('a closed unit gives way to its successor, else somebody chooses', () => {
  const closed = unit({ state: 'closed', closedOn: '2023-05-01' })
  const alone = match({ siret }, closed)
  expect(alone).toMatchObject({ decision: 'doubtful', siret })
  expect(alone.reasons).toContainEqual({ code: 'closed', value: '2023-05-01' })
  const heir = unit({ siret: otherSiret(siret, random), commune: '31555', departement: '31', address: null })
  const followed = match({ siret }, closed, heir)
  expect(followed).toMatchObject({ decision: 'matched', siret: heir.siret })
  expect(codes(followed)).toEqual(expect.arrayContaining(['closed', 'successor']))
  const stranger = newSiret(random)
  const there = unit({ siret: stranger, siren: stranger.slice(0, 9), name: 'AU HOUBLON' })
  const asked = match({ siret }, closed, there)
  expect(asked.decision).toBe('doubtful')
  expect(asked.candidates.map((one) => one.siret)).toEqual([siret, stranger])
  expect(codes(asked.candidates[1]!)).toContain('successor_here')
})

test('two enterprises of one name in one commune are not told apart by a guess', () => {
  const twin = newSiret(random)
  const other = unit({ siret: twin, siren: twin.slice(0, 9), address: null })
  expect(match({ address: null }, unit({ address: null }), other)).toMatchObject({ decision: 'doubtful' })
  expect(match({}, known, { ...other, address: '90 AVENUE FOCH' })).toMatchObject({ decision: 'matched', siret })
})

test('another SIRET that is right speaks against the same name and place', () => {
  const found = match({ siret: newSiret(random) }, known)
  expect(codes(found)[0]).toBe('siret_other')
  expect(match({ siret: newSiret(random), address: null }, known).decision).not.toBe('matched')
})

const facts = fc.record({
  siret: fc.constantFrom(null, siret, newSiret(random)),
  siren: fc.constantFrom(null, siret.slice(0, 9)),
  names: fc.subarray(['Brasserie Lapepie', 'Au Houblon', 'Forge du Lac']),
  address: fc.constantFrom(null, '12 rue du Moulin', '3 place Haute'),
  postcode: fc.constantFrom(null, '82000'),
  communes: fc.subarray(['82121', '31555']),
  departement: fc.constantFrom(null, '82', '31'),
})
const units = fc.uniqueArray(
  fc.record({
    siret: fc.constantFrom(siret, otherSiret(siret, random), newSiret(random), newSiret(random)),
    name: fc.constantFrom(null, 'BRASSERIE LAPEPIE', 'AU HOUBLON'),
    address: fc.constantFrom(null, '12 RUE DU MOULIN', '3 PLACE HAUTE'),
    commune: fc.constantFrom(null, '82121', '31555'),
    state: fc.constantFrom('open' as const, 'closed' as const),
  }),
  { selector: (one) => one.siret, maxLength: 4 },
)

test('what is found does not depend on the order of the candidates, and a closed unit is never matched', () => {
  fc.assert(
    fc.property(facts, units, fc.infiniteStream(fc.nat()), (one, list, order) => {
      const whole = list.map((part) => unit({ ...part, siren: part.siret.slice(0, 9) }))
      const shuffled = whole
        .map((each) => ({ each, at: order.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each)
      const found = matchRow(one, whole, rarities)
      expect(matchRow(one, shuffled, rarities)).toEqual(found)
      expect(found.score).toBeGreaterThanOrEqual(0)
      expect(found.score).toBeLessThanOrEqual(1)
      if (found.decision === 'matched')
        expect(whole.find((each) => each.siret === found.siret)).toMatchObject({ state: 'open' })
      if (found.decision !== 'unknown') expect(found.reasons.length).toBeGreaterThan(0)
    }),
  )
})

test('every slip of one digit, and lost zeros, lead back to the right number', () => {
  const zeros = Array.from({ length: 2000 }, (_, i) => `0${String(10_000_000 + i)}00012`.slice(0, 14)).find(isSiret)!
  expect(siretVariants(String(Number(zeros)))).toEqual([zeros])
  fc.assert(
    fc.property(fc.nat(13), fc.integer({ min: 1, max: 9 }), (at, plus) => {
      const wrong = siret.slice(0, at) + ((Number(siret[at]) + plus) % 10) + siret.slice(at + 1)
      const variants = siretVariants(wrong)
      expect(variants).toContain(siret)
      expect(variants.every((one) => isSiret(one) && isOneSlip(one, wrong))).toBe(true)
      expect(variants.length).toBeLessThan(40)
    }),
  )
  expect(siretVariants(siret)).toEqual([])
  expect(isOneSlip('1234', '1243')).toBe(true)
  expect(isOneSlip('1234', '1423')).toBe(false)
  expect(isOneSlip('1234', '1234')).toBe(false)
})
