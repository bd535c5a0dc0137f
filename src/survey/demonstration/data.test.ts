import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { momentOf } from '../meetings/model.ts'
import { classify, createNomenclature } from '../../registry/crafts/nomenclature.ts'
import { readDemonstrationRecords } from '../../registry/demonstration/load.ts'
import { referenceMetiers } from '../../registry/metiers/reference.ts'
import { entrySchema } from '../contributions/entry.ts'
import { findGuideItem, latestGuide } from '../guide/guides.ts'
import { isRelevant } from '../ui/guide/relevance.ts'
import { answerId, entriesOf, prospectEntries, readDemonstrationIds, readDemonstrationSurvey } from './data.ts'

const survey = readDemonstrationSurvey()
const { bodies, people } = readDemonstrationIds()
const nomenclature = createNomenclature(referenceMetiers())
const crafts = new Map(
  readDemonstrationRecords()
    .filter(({ state }) => state === 'open')
    .map((record) => [record.siret, classify(nomenclature, record)]),
)
const today = Date.parse('2026-11-25')
const journals = [
  ...survey.visits.map((visit) => entriesOf(visit, 1, today, 'know-how-1')),
  ...survey.prospects.map((prospect, index) => prospectEntries(prospect, index + 1, 1, today)),
]

test('eighty visits of six bodies and of artisans themselves, over open units of crafts', () => {
  expect(survey.visits).toHaveLength(80)
  expect(new Set(survey.visits.map(({ body }) => body))).toEqual(new Set([...bodies, null]))
  expect(bodies).toHaveLength(6)
  const known = new Set(people)
  expect([...survey.visits, ...survey.prospects].filter(({ author }) => !known.has(author))).toEqual([])
  const wrong = survey.visits.filter(({ siret }) => !crafts.get(siret)?.metier)
  expect(wrong.map(({ siret }) => siret)).toEqual([])
  expect(new Set(survey.visits.map(({ siret }) => crafts.get(siret)!.sector)).size).toBe(4)
})

test('some are not public, and some enterprises were visited by two bodies who disagree', () => {
  const consents = Map.groupBy(survey.visits, ({ consent }) => consent)
  for (const consent of ['public', 'partners', 'body', 'refused', null] as const)
    expect(consents.get(consent)?.length ?? 0, String(consent)).toBeGreaterThan(0)
  const said = new Map<string, Set<string | number>>()
  for (const { siret, answers } of survey.visits)
    for (const [item, value] of answers)
      said.set(`${siret} ${item}`, (said.get(`${siret} ${item}`) ?? new Set()).add(value))
  expect([...said.values()].filter(({ size }) => size > 1).length).toBeGreaterThanOrEqual(5)
})

test('every answer is one that the guide asks of that craft, and no item is answered twice in a visit', () => {
  for (const { id, siret, answers } of survey.visits) {
    const { metier, sector } = crafts.get(siret)!
    expect(new Set(answers.map(([item]) => item)).size, `visit ${id}`).toBe(answers.length)
    const values = Object.fromEntries(
      journals[id - 1]!.flatMap((one) => (one.type === 'answer' ? [[one.item, one.value]] : [])),
    )
    for (const [item] of answers)
      expect(isRelevant(findGuideItem(item)!, { answers: values, sector, metier }), `visit ${id}, ${item}`).toBe(true)
  }
})

test('a device could have sent every entry, in its order, each under its own id', () => {
  const entries = journals.flat()
  expect(entries.filter((entry) => !v.safeParse(entrySchema, entry).success)).toEqual([])
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
  for (const journal of journals) {
    const moments = journal.map(({ at }) => at)
    expect(moments).toEqual(moments.toSorted())
    expect(Date.parse(moments.at(-1)!)).toBeLessThan(today)
  }
  expect(latestGuide().version).toBe(1)
})

test('what is settled and contested was said, and meetings have an hour', () => {
  const ids = new Set(journals.flat().map(({ id }) => id))
  for (const act of survey.acts) {
    if (act.act === 'contest')
      expect(
        survey.visits.some(({ siret, answers }) => siret === act.siret && answers.some(([item]) => item === act.item)),
      ).toBe(true)
    else for (const said of [act.chosen, ...act.over]) expect(ids).toContain(answerId(survey, said))
  }
  for (const { at, until } of survey.meetings)
    expect(momentOf('2027-03-28', at)! < momentOf('2027-03-28', until)!).toBe(true)
})

test('the same data give the same entries', () => {
  const again = survey.visits.map((visit) => entriesOf(visit, 1, today, 'know-how-1'))
  expect(again).toEqual(journals.slice(0, survey.visits.length))
  const text = readFileSync(new URL('../../../data/demonstration/bodies.json', import.meta.url), 'utf8')
  const addresses = text.match(/[\w.]+@[\w.]+/g)!
  expect(addresses.filter((address) => !address.endsWith('@demonstration.invalid'))).toEqual([])
})
