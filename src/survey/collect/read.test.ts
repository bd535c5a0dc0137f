import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyKind } from '../guide/xlsform/testing.ts'
import { entriesOf } from './entries.ts'
import { momentOfCell, readCollectedFile } from './read.ts'

const guides = [{ ...everyKind, version: 6, items: everyKind.items.slice(0, 3) }, everyKind]
const siret = '41817685900019'
const uuid = '8f14e45f-ceea-467f-a8d2-1a2b3c4d5e6f'

const readTable = (headers: string[], ...rows: string[][]) =>
  readCollectedFile([{ name: 'Réponses', rows: [headers, ...rows] }], guides)
const readOne = (cells: Record<string, string>) => readTable(Object.keys(cells), Object.values(cells)).visits[0]!
const saidBy = (cells: Record<string, string>) =>
  Object.fromEntries(readOne({ siret, end: '2026-11-20', ...cells }).answers.map(({ item, value }) => [item, value]))

test('reads an export of ODK Central', () => {
  const visit = readOne({
    SubmissionDate: '2026-11-20T10:00:00.000Z',
    start: '2026-11-20T09:00:00.000+01:00',
    end: '2026-11-20T09:30:00.000+01:00',
    guide_version: '7',
    'enterprise-siret': siret,
    'enterprise-enterprise_name': '',
    'section_wood-wood-nearby': 'partly',
    'section_wood-wood-share': '12.5',
    'section_wood-forest-Latitude': '45.19',
    'section_wood-forest-Longitude': '0.72',
    'section_wood-forest-Altitude': '110',
    'section_wood-forest-Accuracy': '4.5',
    'section_wood-picture': 'photo.jpg',
    'meta-instanceID': `uuid:${uuid}`,
    KEY: `uuid:${uuid}`,
    SubmitterName: 'Odile',
    ReviewState: '',
  })
  expect(visit).toMatchObject({ instance: uuid, siret, at: '2026-11-20T08:30:00.000Z', guide: 7, refusal: null })
  expect(visit.answers.map(({ item, value }) => [item, value])).toEqual([
    ['wood-nearby', { kind: 'answer', answer: 'partly' }],
    ['wood-share', { kind: 'number', number: 12.5, unit: '%' }],
    ['forest', { kind: 'place', lat: 45.19, lon: 0.72, quality: 'address' }],
  ])
  expect(visit.problems).toEqual([])
})

test('reads an export of KoboToolbox, by names or by words', () => {
  const byName = readTable(
    [
      'start',
      'end',
      'enterprise/siret',
      'section_wood/wood-nearby',
      'section_wood/wood-kind/oak',
      'section_wood/wood-kind/walnut',
      'section_wood/forest',
      'section_wood/_forest_latitude',
      'section_wood/_forest_longitude',
      'section_wood/_forest_altitude',
      'section_wood/_forest_precision',
      'section_wood/picture',
      'section_wood/picture_URL',
      '_id',
      '_uuid',
      'meta/rootUuid',
      '_submission_time',
      'Commentaire libre',
    ],
    // prettier-ignore
    ['', '', siret, 'yes', '0', '1', '45.19 0.72 110 80', '45.19', '0.72', '110', '80', 'a.jpg', 'https://x/a.jpg', '12', 'edited', `uuid:${uuid}`, '2026-11-20T09:30:00', 'bien'],
  )
  expect(byName).toMatchObject({ unknown: ['Commentaire libre'], files: 1, others: [] })
  const [visit] = byName.visits
  // The root id: an edit changes the other.
  expect(visit).toMatchObject({ instance: uuid, at: '2026-11-20T09:30:00.000Z', refusal: null })
  expect(visit!.answers.map(({ value }) => value)).toEqual([
    { kind: 'answer', answer: 'yes' },
    { kind: 'choice', choice: 'walnut' },
    { kind: 'place', lat: 45.19, lon: 0.72, quality: 'street' },
  ])
  expect(saidBy({ 'Votre bois, d’où vient-il ?': 'En partie', 'What about wood-kind?': 'Chêne' })).toEqual({
    'wood-nearby': { kind: 'answer', answer: 'partly' },
    'wood-kind': { kind: 'choice', choice: 'oak' },
  })
})

test('says of each cell that it does not take where it is, and why', () => {
  const { problems, answers } = readOne({
    siret,
    end: '2026-11-20',
    'wood-nearby': 'peut-être',
    'wood-share': 'beaucoup',
    'section_wood/wood-kind/oak': 'TRUE',
    'section_wood/wood-kind/walnut': '1',
    forest: '95 0.7',
    supplier: '123',
    'wood-word': 'x'.repeat(2001),
    master: 'Jean',
  })
  expect(problems.map(({ sheet, row, column }) => [sheet, row, column])).toEqual(
    ['wood-nearby', 'wood-share', 'section_wood/wood-kind/oak', 'wood-word', 'forest', 'supplier'].map((column) => [
      'Réponses',
      2,
      column,
    ]),
  )
  expect(answers.map(({ item }) => item)).toEqual(['master'])
})

test('refuses a row that says neither who, nor when, nor by which guide', () => {
  const refusalOf = (cells: Record<string, string>) =>
    readOne({ 'wood-nearby': 'yes', siret, end: '2026-11-20', ...cells }).refusal
  expect(refusalOf({})).toBeNull()
  expect(refusalOf({ end: '' })).toMatch(/quand/)
  expect(refusalOf({ siret: '' })).toMatch(/quelle entreprise/)
  expect(refusalOf({ siret: '', enterprise_name: 'Forge', enterprise_commune: 'Périgueux' })).toBeNull()
  expect(refusalOf({ siret: '41817685900010' })).toMatch(/SIRET/)
  expect(refusalOf({ guide_version: '9' })).toMatch(/version « 9 »/)
  expect(refusalOf({ ReviewState: 'rejected' })).toMatch(/écartée/)
  expect(refusalOf({ _validation_status: 'Not approved' })).toMatch(/écartée/)
})

test('a spreadsheet that took the SIRET for a number is mended', () => {
  expect(readOne({ siret: '5520044944776', 'wood-nearby': 'yes', end: '2026-11-20' }).siret).toBe('05520044944776')
  expect(readOne({ siret: '418 176 859 00019', 'wood-nearby': 'yes', end: '2026-11-20' })).toMatchObject({
    siret,
    refusal: null,
  })
})

test('leaves aside sheets that are no visits', () => {
  const { visits, others } = readCollectedFile(
    [
      {
        name: 'Outils',
        rows: [
          ['tool', '_parent_index'],
          ['rabot', '1'],
        ],
      },
      {
        name: 'Réponses',
        rows: [
          ['siret', 'end', 'wood-nearby'],
          [siret, '2026-11-20', 'no'],
          ['', '', ''],
        ],
      },
    ],
    guides,
  )
  expect(visits).toHaveLength(1)
  expect(others).toEqual(['Outils'])
})

test('moments are in UTC, with or without a zone', () => {
  expect(
    [
      '2026-11-20T09:30:00.000+01:00',
      '2026-11-20 09:30:00',
      '2026-11-20',
      '2026-11-20T09:30:00+01',
      '20/11/2026',
      '',
      '2026-13-40',
      '0000-01-01T00:00:00Z',
    ].map(momentOfCell),
  ).toEqual([
    '2026-11-20T08:30:00.000Z',
    '2026-11-20T09:30:00.000Z',
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T08:30:00.000Z',
    null,
    null,
    null,
    null,
  ])
})

test('the same submission always brings the same entries, whatever the columns around it', () => {
  const answers = fc.record({
    'wood-nearby': fc.constantFrom('yes', 'no', 'partly', ''),
    'wood-word': fc.constantFrom('', 'sec', 'vert'),
  })
  fc.assert(
    fc.property(answers, fc.uuid(), fc.string(), (said, id, noise) => {
      const cells = { _uuid: id, siret, end: '2026-11-20', ...said }
      const entries = (more: Record<string, string>) => entriesOf(readOne({ ...cells, ...more }), { siret }, null)
      expect(entries({ autre: noise })).toEqual(entries({}))
      const ids = entries({}).map((entry) => entry.id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const one of ids)
        expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }),
  )
  // In the name of another body it is another visit; a corrected answer is another entry of the same one.
  const visit = readOne({ _uuid: uuid, siret, end: '2026-11-20', 'wood-nearby': 'yes' })
  const corrected = readOne({ _uuid: uuid, siret, end: '2026-11-21', 'wood-nearby': 'no' })
  const [a, b, c] = [
    entriesOf(visit, { siret }, null),
    entriesOf(visit, { siret }, uuid),
    entriesOf(corrected, { siret }, null),
  ]
  expect(a[0]!.contribution).not.toBe(b[0]!.contribution)
  expect(a[0]!.id).toBe(c[0]!.id)
  expect(a[1]!.id).not.toBe(c[1]!.id)
})
