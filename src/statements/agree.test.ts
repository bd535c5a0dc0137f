import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agree } from './agree.ts'
import type { Act, Said, Value } from './model.ts'
import { actsArbitrary } from './testing/acts.ts'
import { judge, mutations } from './testing/oracle.ts'
import { verdictOf } from './testing/verdict.ts'

const text = (one: string): Value => ({ kind: 'text', text: one })
let count = 0
const said = (source: Said['source']['kind'], value: Value, more: Partial<Said> & { body?: string } = {}): Said => {
  const { body = 'chambre', ...rest } = more
  const id = `t${count++}`
  return {
    act: 'said',
    id,
    value,
    source: { kind: source, body: source === 'body' ? body : null },
    author: null,
    saidOn: '2026-01-01',
    recordedAt: `2026-01-01T00:00:00.${String(count).padStart(6, '0')}Z`,
    saidAt: `2026-01-01T00:00:00.${String(count).padStart(6, '0')}Z`,
    ...rest,
  }
}
const accepted = ({ id }: Said): Act => ({ act: 'moderated', id: `m${id}`, statement: id, accepted: true, at: '2026' })
const withdrawn = (id: string): Act => ({ act: 'withdrawn', id: `w${id}`, statement: id })

describe('properties of any set of acts', () => {
  test('neither order nor repetition matters', () => {
    fc.assert(
      fc.property(actsArbitrary, fc.infiniteStream(fc.nat()), (acts, order) => {
        const ranks = new Map(acts.map((one) => [one, order.next().value as number]))
        const shuffled = acts.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!)
        expect(agree([...shuffled, ...shuffled.slice(0, 3)])).toEqual(agree(acts))
      }),
      { numRuns: 500 },
    )
  })

  test('two sets merge into the same, whichever comes first and however they are grouped', () => {
    fc.assert(
      fc.property(actsArbitrary, fc.nat(16), fc.nat(16), (acts, one, other) => {
        const [a, b, c] = [acts.slice(0, one), acts.slice(one, one + other), acts.slice(one + other)]
        const merge = (...sets: Act[][]) => [...new Set(sets.flat())]
        const all = agree(acts)
        expect(agree(merge(b, a, c))).toEqual(all)
        expect(agree(merge(merge(a, b), c))).toEqual(agree(merge(a, merge(b, c))))
        expect(agree(merge(acts, acts))).toEqual(all)
      }),
      { numRuns: 500 },
    )
  })

  test('withdrawn is never said', () => {
    fc.assert(
      fc.property(actsArbitrary, fc.nat(7), (acts, n) => {
        const without = acts.filter(({ act, id }) => act !== 'said' || id !== `s${n}`)
        expect(agree([...acts, withdrawn(`s${n}`)])).toEqual(agree(without))
      }),
      { numRuns: 500 },
    )
  })

  test('one more voice for the value never lowers its support, nor takes the value away', () => {
    fc.assert(
      fc.property(actsArbitrary, (acts) => {
        const before = agree(acts)
        fc.pre(before !== null && before.value !== null)
        const kept = before!.settlement?.chosen ?? before!.sides[0]!.statements[0]!
        const { value } = acts.find((act): act is Said => act.act === 'said' && act.id === kept)!
        const after = agree([...acts, said('body', value, { body: 'nouveau' })])!
        fc.pre(value.kind !== 'answer' || value.answer !== 'unknown')
        expect(after.support).toBeGreaterThan(before!.support)
        expect(after.value).not.toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  test('sides hold each voice once, and their support is their voices', () => {
    fc.assert(
      fc.property(actsArbitrary, (acts) => {
        const agreed = agree(acts)
        fc.pre(agreed !== null)
        const ids = agreed!.sides.flatMap(({ statements }) => statements)
        expect(new Set(ids).size).toBe(agreed!.voices)
        expect(ids).toHaveLength(agreed!.voices)
        for (const side of agreed!.sides)
          expect(side.bodies.length + side.citizens + Number(side.subject) + Number(side.register)).toBe(side.support)
      }),
      { numRuns: 300 },
    )
  })

  test('it is what an oracle written apart says, and the cases tell every wrong rule', () => {
    const sets = fc.sample(actsArbitrary, { numRuns: 4000, seed: 7 })
    const missed = new Set<string>(mutations)
    for (const set of sets) {
      const verdict = verdictOf(set)
      expect(judge(set)).toEqual(verdict)
      for (const mutation of missed)
        try {
          expect(judge(set, mutation as (typeof mutations)[number])).toEqual(verdict)
        } catch {
          missed.delete(mutation)
        }
    }
    expect([...missed]).toEqual([])
  })
})

test('a citizen counts once accepted, and those without an account share a voice', () => {
  const [one, other] = [said('citizen', text('lundi')), said('citizen', text('mardi'))]
  expect(agree([one, other])).toBeNull()
  expect(agree([one, other, accepted(one)])).toMatchObject({ value: text('lundi'), voices: 1 })
  expect(agree([one, other, accepted(one), accepted(other)])).toMatchObject({ value: text('mardi'), voices: 1 })
})

test('a tie gives no value and shows the artisan’s own first', () => {
  const agreed = agree([said('body', text('a')), said('subject', text('b'))])
  expect(agreed).toMatchObject({ state: 'tied', value: null, disagreement: true, support: 1 })
  expect(agreed!.sides[0]).toMatchObject({ subject: true })
})

test('a settlement holds, is contested by a later voice, and falls with what it chose', () => {
  const [one, other] = [said('body', text('a')), said('subject', text('b'))]
  const settled: Act = { act: 'settled', id: 'z', chosen: one.id, at: '2026-02-01' }
  const dissented: Act = { act: 'dissented', id: 'd', settlement: 'z', body: 'musee' }
  expect(agree([one, other, settled, dissented])).toMatchObject({
    state: 'settled',
    value: text('a'),
    settlement: { dissents: ['musee'] },
  })
  const later = said('body', text('c'), { body: 'musee', recordedAt: '2026-03-01' })
  expect(agree([one, other, settled, later])).toMatchObject({ state: 'contested', value: text('a') })
  expect(agree([one, other, settled, { act: 'contested', id: 'c', at: '2026-03-01' }])).toMatchObject({
    state: 'contested',
  })
  expect(agree([one, other, settled, withdrawn(one.id)])).toMatchObject({ state: 'agreed', value: text('b') })
})

test('numbers meet in their unit within 5 %, places within 50 m, texts whatever their accents', () => {
  const number = (value: number, unit: string): Value => ({ kind: 'number', number: value, unit })
  expect(agree([said('body', number(10, 'm')), said('subject', number(1040, 'cm'))])).toMatchObject({
    value: number(10.2, 'm'),
    support: 2,
  })
  expect(agree([said('body', number(10, 'm')), said('subject', number(10, 'kg'))])).toMatchObject({ state: 'tied' })
  const place = (lat: number): Value => ({ kind: 'place', lon: 1.35, lat, quality: 'address' })
  expect(agree([said('body', place(44.02)), said('subject', place(44.0204))])).toMatchObject({ state: 'agreed' })
  expect(agree([said('body', place(44.02)), said('subject', place(44.0206))])).toMatchObject({ state: 'tied' })
  expect(agree([said('body', text('Fermé  le Lundi')), said('subject', text('ferme le lundi'))])).toMatchObject({
    support: 2,
  })
})
