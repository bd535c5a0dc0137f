import { expect, test } from 'vitest'
import craftRules from '../../../data/craft-rules.json' with { type: 'json' }
import data from '../../../data/metiers.json' with { type: 'json' }
import { slugify } from '#platform/model'
import { sectors } from '../model.ts'
import { referenceMetiers, sectorLabels } from './reference.ts'

const metiers = referenceMetiers()
const repeated = (values: string[]) => values.filter((value, at) => values.indexOf(value) !== at)

test('the tree holds: four sectors, families in one sector each, crafts in one family each', () => {
  expect([...sectorLabels.keys()]).toEqual([...sectors])
  expect(repeated(data.families.map((family) => family.slug))).toEqual([])
  expect(repeated(metiers.map((metier) => metier.slug))).toEqual([])
  for (const family of data.families) {
    const inside = metiers.filter((metier) => metier.family === family.slug)
    expect(inside.length, family.slug).toBeGreaterThan(0)
    expect(new Set(inside.map((metier) => metier.sector)), family.slug).toEqual(new Set([family.sector]))
  }
  expect(metiers.every((metier) => metier.familyLabel)).toBe(true)
})

test('a code prefix belongs to one craft, and every craft has one', () => {
  for (const kind of ['naf', 'naf2025', 'aprm'] as const)
    expect(repeated(metiers.flatMap((metier) => metier[kind])), kind).toEqual([])
  for (const { slug, naf, aprm } of metiers) {
    expect(naf.length, slug).toBeGreaterThan(0)
    expect(aprm, slug).toEqual(expect.arrayContaining(naf.map((code) => code.replace('.', ''))))
  }
})

test('slugs are written for addresses', () => {
  for (const { slug } of [...metiers, ...data.families]) expect(slugify(slug)).toBe(slug)
})

const publicTexts = [
  ...metiers.flatMap(({ label, plural, definition, synonyms }) => [
    ...[label, plural, definition].flatMap(({ fr, en }) => [fr, en]),
    ...synonyms.fr,
    ...synonyms.en,
  ]),
  ...[...data.sectors, ...data.families].flatMap(({ label }) => [label.fr, label.en]),
  ...[...craftRules.rules, ...craftRules.naf2025].flatMap(({ restriction }) =>
    restriction ? [restriction.fr, restriction.en] : [],
  ),
]

test('public texts are typeset: curved apostrophes, no stray space', () => {
  expect(publicTexts.filter((text) => /['"]|\s\s|^\s|\s$|\s[,.]/.test(text) || text === '')).toEqual([])
})

test('a definition is one short sentence; a label names a craft', () => {
  for (const { slug, label, plural, definition } of metiers) {
    for (const text of [definition.fr, definition.en]) expect(text, slug).toMatch(/^\p{Lu}[^.]{40,180}\.$/u)
    for (const text of [label.fr, label.en, plural.fr, plural.en]) expect(text, slug).toMatch(/^\p{Lu}.{3,69}$/u)
  }
  expect(repeated(metiers.map((metier) => metier.definition.fr))).toEqual([])
  expect(repeated(metiers.map((metier) => metier.label.fr))).toEqual([])
})

test('a searched word is given once', () => {
  for (const { slug, synonyms } of metiers)
    expect([...repeated(synonyms.fr), ...repeated(synonyms.en)], slug).toEqual([])
})
