import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom, makeQuestion, makeStanding, type Case } from '../../../bench/lib/rights-cases.ts'
import { expected } from '../../../bench/lib/rights-oracle.ts'
import { decide } from './decide.ts'
import { explain } from './errors.ts'
import {
  actions,
  disclosures,
  refusals,
  type Clause,
  type Decision,
  type ProtectedRecord,
  type Standing,
} from './model.ts'

const ask = ({ standing, action, record, at, purpose }: Case) => decide(standing, action, record, at, purpose)
const question = fc.integer().map((seed): Case => {
  const random = createRandom(seed)
  return makeQuestion(random, makeStanding(random))
})

const clause: Clause = {
  id: 'lire',
  action: 'read',
  items: null,
  pillars: ['environment'],
  territory: '82',
  communes: new Set(['82121']),
  purpose: 'survey',
}
const standing: Standing = {
  person: 'enquêtrice',
  administrator: false,
  enterprises: [],
  memberships: [
    { body: 'chambre', role: 'surveyor', metiers: null, startsAt: '2026-01-01T00:00:00.000Z', endsAt: null },
  ],
  conventions: [
    {
      id: 'enquête',
      body: 'chambre',
      signedAt: '2026-01-15T09:00:00.000Z',
      startsAt: '2026-02-01T00:00:00.000Z',
      endsAt: '2026-03-04T00:00:00.000Z',
      endedAt: null,
      clauses: [clause],
    },
  ],
}
const record: ProtectedRecord = {
  item: 'energie',
  pillar: 'environment',
  subject: { kind: 'enterprise', id: '73282932000074' },
  commune: '82121',
  metier: 'ferronnier',
  disclosure: 'partners',
  body: null,
  author: null,
}
const told = (decision: Decision) => (decision.allowed ? decision.by : decision.reason)
const at = '2026-02-10T10:00:00.000Z'
const readAt = (moment: string) => told(decide(standing, 'read', record, moment))
const read = (changes: Partial<ProtectedRecord>, who: Partial<Standing> = {}) =>
  told(decide({ ...standing, ...who }, 'read', { ...record, ...changes }, at))

describe('une enquêtrice de la chambre lit ce qui touche à l’environnement', () => {
  test('du premier instant de la convention à l’instant qui précède sa fin', () => {
    expect(readAt('2026-01-14T00:00:00Z')).toBe('not_signed')
    expect(readAt('2026-01-31T23:59:59.999Z')).toBe('not_started')
    expect(readAt('2026-02-01T00:00:00Z')).toBe('clause')
    expect(readAt('2026-03-03T23:59:59.999Z')).toBe('clause')
    expect(readAt('2026-03-04T00:00:00.000Z')).toBe('ended')
  })

  test('là où la clause porte, et nulle part ailleurs', () => {
    expect(read({})).toBe('clause')
    expect(read({ commune: '31555' })).toBe('territory')
    expect(read({ commune: null })).toBe('territory')
    expect(read({ pillar: 'social' })).toBe('item')
    expect(told(decide(standing, 'read', record, at, 'research'))).toBe('purpose')
    expect(told(decide(standing, 'contribute', record, at))).toBe('action')
    expect(told(decide(standing, 'export', record, at))).toBe('role')
  })

  test('ce que l’intéressé garde ne s’ouvre qu’à qui il l’a dit', () => {
    expect(read({ disclosure: 'body', body: 'chambre' })).toBe('clause')
    expect(read({ disclosure: 'body', body: 'mairie' })).toBe('disclosure')
    expect(read({ disclosure: 'secret', author: 'enquêtrice' })).toBe('clause')
    expect(read({ disclosure: 'secret', author: 'autre' })).toBe('disclosure')
    expect(read({ disclosure: 'secret' }, { enterprises: [record.subject.id] })).toBe('subject')
    expect(read({ disclosure: 'secret' }, { administrator: true, memberships: [] })).toBe('no_body')
  })

  test('ce qui est public se lit sans compte', () => {
    expect(read({ disclosure: 'public' }, { person: null })).toBe('public')
    expect(read({}, { person: null })).toBe('not_signed_in')
  })
})

test('the decision is the one of rules written apart', () => {
  fc.assert(
    fc.property(question, (one) => {
      const decision = ask(one)
      const truth = expected(one)
      expect(decision.allowed).toBe(truth.allowed)
      if (!decision.allowed) expect(decision.reason).toBe(truth.reason)
      else if (decision.by === 'clause') expect(truth.clauses).toContain(decision.clause)
      else expect(truth.ways).toContain(decision.by)
    }),
    { numRuns: 3000 },
  )
})

test('whoever loses a clause, a convention or a body gains nothing', () => {
  fc.assert(
    fc.property(question, fc.nat(), (one, n) => {
      if (ask(one).allowed) return
      const without = <T>(list: readonly T[]) => list.filter((_, index) => index !== n % Math.max(1, list.length))
      const { memberships, conventions } = one.standing
      for (const less of [
        { memberships: without(memberships) },
        { conventions: without(conventions) },
        { conventions: conventions.map((each) => ({ ...each, clauses: without(each.clauses) })) },
      ])
        expect(ask({ ...one, standing: { ...one.standing, ...less } }).allowed).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('a wider disclosure closes nothing to those who read', () => {
  fc.assert(
    fc.property(question, (one) => {
      const reading = { ...one, action: actions[0] }
      const allowed = (['secret', 'partners', 'public'] as const).map((disclosure) =>
        Number(ask({ ...reading, record: { ...one.record, disclosure } }).allowed),
      )
      expect(allowed).toEqual(allowed.toSorted())
    }),
    { numRuns: 2000 },
  )
  expect(disclosures).toHaveLength(4)
})

test('each refusal is a French sentence that says what to do', () => {
  for (const action of actions)
    for (const reason of refusals) {
      const names = { body: 'Chambre de métiers', contact: 'contact@chambre.example' }
      const sentence = explain({ allowed: false, reason, at: '2026-03-03T23:00:00.000Z' }, action, names)
      expect(sentence).toMatch(/^[A-ZÉ].*\.$/)
      expect(sentence).not.toMatch(/undefined|null|de (ajouter|exporter)|  /)
      if (!['no_body', 'not_signed_in'].includes(reason)) expect(sentence).toContain('Chambre de métiers')
    }
  expect(
    explain({ allowed: false, reason: 'ended', at: '2026-03-03T23:00:00.000Z' }, 'contribute', {
      body: 'Chambre de métiers',
      contact: null,
    }),
  ).toBe(
    'La convention avec «\u00a0Chambre de métiers\u00a0» a pris fin le 3 mars 2026\u00a0: ce que vous avez noté reste chez vous, mais ne peut plus être enregistré. Demandez au responsable de votre organisme de la faire prolonger.',
  )
})
