import fc from 'fast-check'
import { valueKinds, type Act, type Said, type Value, type ValueKind } from '../model.ts'

const pick = <T>(...values: T[]) => fc.constantFrom(...values)

/** Few values of each kind, close enough to be the same, or just not. */
const valueOf: Record<ValueKind, fc.Arbitrary<Value>> = {
  answer: pick('yes', 'no', 'partly', 'unknown').map((answer) => ({ kind: 'answer', answer }) as Value),
  number: fc.record({
    kind: fc.constant('number'),
    number: pick(0, -3, 10, 10.4, 10.6, 11, 1000, 1040, 0.01, 0.0104),
    unit: pick('m', 'cm', 'km', 'kg'),
  }) as fc.Arbitrary<Value>,
  choice: pick('macon', 'charpentier').map((choice) => ({ kind: 'choice', choice })),
  text: pick('De 8 h à 12 h', 'de 8 h  a 12 h ', 'De 8 h à 13 h', 'Fermé').map((text) => ({ kind: 'text', text })),
  place: fc.record({
    kind: fc.constant('place'),
    lon: pick(1.35, 1.3505, 1.351, 1.3517),
    lat: pick(44.02, 44.0203, 44.0205),
    quality: pick('address', 'street'),
  }) as fc.Arbitrary<Value>,
  period: pick('1950', '1950~', '1950/1960').map((period) => ({ kind: 'period', period })),
  enterprise: pick('73282932000074', '44306184100047').map((siret) => ({ kind: 'enterprise', siret })),
  person: pick('p1', 'p2').map((person) => ({ kind: 'person', person })),
  file: pick('f1', 'f2').map((file) => ({ kind: 'file', file })),
}

const source = fc.oneof(
  { weight: 5, arbitrary: pick('chambre', 'commune', 'musee').map((body) => ({ kind: 'body' as const, body })) },
  { weight: 4, arbitrary: fc.constant({ kind: 'citizen' as const, body: null }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'subject' as const, body: null }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'register' as const, body: null }) },
)
const moment = fc.integer({ min: 1, max: 9 }).map((n) => `2026-01-01T00:00:0${n}.000000Z`)

const said = (kind: ValueKind, id: string): fc.Arbitrary<Said> =>
  fc.record({
    act: fc.constant('said' as const),
    id: fc.constant(id),
    value: valueOf[kind],
    source,
    author: pick('ada', 'bob', null),
    saidOn: pick('2025-12-30', '2025-12-31', '2026-01-01'),
    recordedAt: moment,
    saidAt: moment,
  })

/** What happens to statements of these ids, some of which nobody made. */
function following(id: string): fc.Arbitrary<Act> {
  const statement = fc.integer({ min: 0, max: 7 }).map((n) => `s${n}`)
  return fc.oneof(
    { weight: 2, arbitrary: statement.map((one) => ({ act: 'withdrawn' as const, id, statement: one })) },
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constant('moderated' as const),
        id: fc.constant(id),
        statement,
        accepted: fc.nat(3).map((n) => n > 0),
        at: moment,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('settled' as const),
        id: fc.constant(id),
        chosen: statement,
        at: moment,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant('dissented' as const),
        id: fc.constant(id),
        settlement: fc.integer({ min: 0, max: 7 }).map((n) => `a${n}`),
        body: pick('chambre', 'musee'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ act: fc.constant('contested' as const), id: fc.constant(id), at: moment }),
    },
  )
}

/** Sets of acts about one item: up to 8 statements of one kind, now and then of two, and up to 8 acts on them. */
export const actsArbitrary: fc.Arbitrary<Act[]> = fc
  .tuple(pick(...valueKinds), pick(...valueKinds), fc.nat(9), fc.nat(8), fc.nat(8))
  .chain(([kind, other, mixed, statements, acts]) =>
    fc.tuple(
      ...Array.from({ length: statements }, (_, n) => said(mixed === 0 && n % 2 ? other : kind, `s${n}`)),
      ...Array.from({ length: acts }, (_, n) => following(`a${n}`)),
    ),
  ) as fc.Arbitrary<Act[]>
