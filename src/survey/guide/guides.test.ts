import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sectors } from '#registry/model'
import data from '../../../data/metiers.json' with { type: 'json' }
import { units } from '../../statements/units.ts'
import type { Guide, GuideItem } from '../model.ts'
import { findGuide, findGuideItem, getGuide, guideOfText, latestGuide, listGuides, readGuides } from './guides.ts'
import { parseGuide } from './schema.ts'

const folder = new URL('../../../data/guide/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const published = JSON.parse(read('versions.json')) as Record<string, string>
const first = JSON.parse(read('1.json')) as Guide

/** The first version with one thing changed. */
const changed = (change: (guide: Guide & { items: GuideItem[] }) => void): string => {
  const copy = structuredClone(first) as Guide & { items: GuideItem[] }
  change(copy)
  return JSON.stringify(copy)
}
const itemOf = (guide: Guide, id: string) => guide.items.find((one) => one.id === id)!
const wordsOf = (guide: Guide) =>
  guide.items.flatMap(({ label, question, help, examples, choices }) =>
    [label, question, help, examples, ...(choices?.map((one) => one.label) ?? [])].flatMap((one) => one ?? []),
  )

test('every published version is there, unchanged, and no file waits outside the list', () => {
  for (const [version, hash] of Object.entries(published)) expect(hashOf(read(`${version}.json`)), version).toBe(hash)
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(published).map((one) => `${one}.json`), 'versions.json'])
  expect(listGuides().map(({ version }) => version)).toEqual([1])
})

test('a published version that changes by one sign is refused, and so is a version under another number', () => {
  const text = read('1.json')
  const touched = text.replace('chêne du pays', 'chêne du Pays')
  expect(touched).not.toBe(text)
  expect(() => readGuides(published, () => touched)).toThrow('1.json is published')
  expect(() => readGuides({ 2: hashOf(text) }, () => text)).toThrow('says that it is version 1')
})

test('the first version covers three pillars, the four sectors and every kind of answer', () => {
  const { items, sections } = getGuide(1)
  expect(items.length).toBeGreaterThanOrEqual(60)
  expect(items.filter(({ strength }) => strength).length).toBeGreaterThanOrEqual(25)
  expect(sections.length).toBeGreaterThanOrEqual(12)
  for (const pillar of ['environment', 'economic', 'social'])
    expect(items.filter((one) => one.pillar === pillar).length, pillar).toBeGreaterThanOrEqual(15)
  for (const sector of sectors)
    expect(
      items.filter(({ relevance }) => relevance?.sectors?.includes(sector) ?? true).length,
      sector,
    ).toBeGreaterThanOrEqual(50)
  expect(new Set(items.map(({ kind, media }) => media ?? kind))).toEqual(
    new Set(['answer', 'number', 'choice', 'text', 'place', 'enterprise', 'person', 'picture', 'sound']),
  )
  expect(new Set(items.map(({ iso26000 }) => iso26000)).size).toBe(7)
})

test('sectors, crafts and units are known to the rest of the program', () => {
  const metiers = new Set(data.metiers.map(({ slug }) => slug))
  for (const { items } of listGuides())
    for (const { id, relevance, unit } of items) {
      for (const sector of relevance?.sectors ?? []) expect(sectors, id).toContain(sector)
      for (const metier of relevance?.metiers ?? []) expect(metiers, id).toContain(metier)
      if (unit !== undefined) expect(units, id).toContain(unit)
    }
})

test('what names third persons or shows figures of the enterprise is never public', () => {
  for (const { id, kind, unit, ceiling } of latestGuide().items)
    if (kind === 'person' || kind === 'enterprise' || unit === 'kWh' || unit === '%')
      expect(ceiling, id).toMatch(/^(partners|body)$/)
  for (const id of ['learned-from', 'former-holders', 'present-holders', 'second-chance'])
    expect(findGuideItem(id)?.ceiling, id).toBe('body')
})

test('French is typeset, short and without jargon; English has no French signs', () => {
  const words = wordsOf(getGuide(1))
  for (const { fr, en } of words) {
    expect(fr).not.toMatch(/ [:;?!»%]|« /)
    expect(fr).not.toMatch(/\b(RSE|référentiel|parties prenantes|process|externalités|gouvernance|durabilité)\b/i)
    expect(fr.length, fr).toBeLessThanOrEqual(150)
    expect(en).not.toMatch(/[«»\u00a0\u202f]/)
    expect(en).not.toBe(fr)
  }
  for (const { id, question } of getGuide(1).items) expect(question.fr, id).toMatch(/\?|\.$/)
})

test('a version is found by number, the latest without one, and none by a number that is not', () => {
  expect(guideOfText(null)).toBe(latestGuide())
  expect(guideOfText('1')).toBe(getGuide(1))
  expect(findGuide(999)).toBeNull()
  expect(() => guideOfText('999')).toThrow('Il n’y a pas de version 999 du guide.')
  for (const wrong of ['', '0', '-1', '1.5', '1 ', 'dernière', '99999999']) expect(() => guideOfText(wrong)).toThrow()
  expect(findGuideItem('materials-nearby')?.kind).toBe('answer')
  expect(findGuideItem('not-there')).toBeNull()
})

const faults: [string, (guide: Guide & { items: GuideItem[] }) => void][] = [
  ['its id is used twice', (guide) => void guide.items.push(guide.items.at(-1)!)],
  ['its section nowhere is not known', (guide) => void (guide.items[0]!.section = 'nowhere')],
  ['its pillar is not the one', (guide) => void (guide.items[0]!.pillar = 'social')],
  ['choices go with the kind choice', (guide) => void delete itemOf(guide, 'place-reason').choices],
  [
    'a choice is there twice',
    (guide) => {
      const one = itemOf(guide, 'place-reason')
      one.choices = [...one.choices!, one.choices![0]!]
    },
  ],
  ['a unit goes with the kind number', (guide) => void delete itemOf(guide, 'work-radius').unit],
  ['media go with the kind file', (guide) => void delete itemOf(guide, 'gesture-picture').media],
  ['a strength is answered by yes', (guide) => void (itemOf(guide, 'work-radius').strength = true)],
  ['a strength is asked without', (guide) => void (itemOf(guide, 'equal-trade').strength = true)],
  ['a strength is shown', (guide) => void (itemOf(guide, 'rare-gesture').ceiling = 'partners')],
  ['a person is never shown', (guide) => void delete itemOf(guide, 'learned-from').ceiling],
  [
    'which is not asked before',
    (guide) => {
      itemOf(guide, 'main-material').relevance = { when: { item: 'heritage-works', in: ['yes'] } }
    },
  ],
  [
    'which is not asked before',
    (guide) => {
      itemOf(guide, 'own-tools').relevance = { when: { item: 'own-tools', in: ['yes'] } }
    },
  ],
  [
    'an impossible answer',
    (guide) => {
      itemOf(guide, 'own-tools').relevance = { when: { item: 'place-reason', in: ['yes'] } }
    },
  ],
  [
    'an impossible answer',
    (guide) => {
      itemOf(guide, 'own-tools').relevance = { when: { item: 'place-story', in: ['yes'] } }
    },
  ],
  [
    'the section has no item',
    (guide) => {
      guide.sections = [...guide.sections, { id: 'empty', pillar: 'social', label: { fr: 'Rien', en: 'None' } }]
    },
  ],
  ['do not follow the order', (guide) => void guide.items.reverse()],
  ['items.0.id', (guide) => void (guide.items[0]!.id = 'Bois Local')],
  ['items.0.label.fr', (guide) => void (guide.items[0]!.label = { fr: "L'atelier", en: 'The workshop' })],
  ['publishedOn', (guide) => void (guide.publishedOn = '25/11/2026')],
]

test.each(faults)('a guide is refused: %s', (message, change) => {
  expect(() => parseGuide(changed(change), '1.json')).toThrow(message)
})

test('a later version keeps the kind and the pillar of every item', () => {
  const second = (change: (item: GuideItem) => void) =>
    changed((guide) => {
      guide.version = 2
      guide.items = guide.items.filter(({ id }) => id !== 'own-tools')
      change(itemOf(guide, 'rare-gesture'))
    })
  const readBoth = (text: string) =>
    readGuides({ 2: hashOf(text), 1: published['1']! }, (file) => (file === '2.json' ? text : read(file)))
  expect(readBoth(second(() => {})).map(({ version }) => version)).toEqual([1, 2])
  expect(() => readBoth(second((one) => Object.assign(one, { kind: 'text', strength: false })))).toThrow('rare-gesture')
})
