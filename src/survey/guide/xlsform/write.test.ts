import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTables } from '../../tables/read.ts'
import type { Guide, Relevance } from '../../model.ts'
import { latestGuide, listGuides } from '../guides.ts'
import { conditionOf, relevanceOf } from './condition.ts'
import { expressionFault } from './expression.ts'
import { guideOfXlsform } from './guide.ts'
import { questionsOf } from './model.ts'
import { readXlsform } from './read.ts'
import { everyKind } from './testing.ts'
import { guideToXlsform, workbookOf } from './write.ts'

const label = (fr: string) => ({ fr, en: `${fr} (en)` })
const names = {
  sectors: new Map(['food', 'building', 'making', 'services'].map((slug) => [slug, label(slug)])),
  metiers: new Map([['mason', label('maçon')]]),
}

/** A guide as the form keeps it: XLSForm reads no space twice. */
const readBack = async (guide: Guide) => {
  const bytes = await workbookOf(guideToXlsform(guide, names))
  const { form, problems } = readXlsform(await readTables(bytes, 'guide.xlsx'))
  expect(problems).toEqual([])
  return form!
}

test(
  'every published guide and every kind of item make a valid form that reads back as the same guide',
  { timeout: 60_000 },
  async () => {
    for (const guide of [...listGuides(), everyKind]) {
      const form = await readBack(guide)
      expect(guideOfXlsform(form)).toEqual(guide)
      // With the SIRET, the name, the commune, the sector, the start and the end.
      expect(questionsOf(form).length).toBeGreaterThanOrEqual(guide.items.length + 5)
    }
  },
)

test('the form asks in French and in English, tells when, and says which version it is', () => {
  const [survey, choices, settings] = guideToXlsform(everyKind, names)
  const column = (name: string) => survey!.rows[0]!.indexOf(name)
  const rowOf = (name: string) => survey!.rows.find((row) => row[column('name')] === name)!
  expect(survey!.rows[0]).toContain('label::Français (fr)')
  expect(rowOf('wood-nearby')[column('type')]).toBe('select_one yes_no_partly_unknown')
  expect(rowOf('wood-nearby')[column('label::English (en)')]).toBe('Where does your wood come from?')
  expect(rowOf('wood-share')[column('relevant')]).toBe(
    "(${wood-nearby} = 'yes' or ${wood-nearby} = 'partly') and (${enterprise_sector} = '' or ${enterprise_sector} = 'making')",
  )
  expect(rowOf('wood-share')[column('hint::Français (fr)')]).toBe('(%)')
  expect(rowOf('guide_version')[column('calculation')]).toBe('7')
  expect(choices!.rows).toContainEqual(['wood-kind', 'oak', 'Chêne', 'Oak'])
  expect(settings!.rows[1]).toContain('Français (fr)')
  // In the order of a visit: the enterprise first.
  expect(survey!.rows.findIndex((row) => row[column('name')] === 'siret')).toBeLessThan(
    survey!.rows.findIndex((row) => row[column('name')] === 'wood-nearby'),
  )
})

test('a relevance is a formula that holds together, and reads back', () => {
  const slug = fc.stringMatching(/^[a-z]{1,5}(-[a-z0-9]{1,5})?$/)
  const slugs = fc.uniqueArray(slug, { minLength: 1, maxLength: 4 })
  const some = fc.record(
    { when: fc.record({ item: slug, in: slugs }), sectors: slugs, metiers: slugs },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(some, (relevance: Relevance) => {
      const formula = conditionOf(relevance)
      if (formula !== '') expect(expressionFault(formula)).toBeNull()
      expect(formula === '' ? {} : relevanceOf(formula)).toEqual(relevance)
    }),
  )
  expect(relevanceOf("selected(${wood}, 'yes')")).toBeNull()
})

test('a guide changed in its form is read as it now stands', async () => {
  const [survey, ...others] = guideToXlsform(latestGuide(), names)
  const name = survey!.rows[0]!.indexOf('name')
  const kept = { ...survey!, rows: survey!.rows.filter((row) => row[name] !== 'main-material') }
  const { form } = readXlsform([kept, ...others])
  expect(guideOfXlsform(form!).items).toEqual(latestGuide().items.filter(({ id }) => id !== 'main-material'))
})
