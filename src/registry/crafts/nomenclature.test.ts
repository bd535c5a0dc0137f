import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import craftRules from '../../../data/craft-rules.json' with { type: 'json' }
import { parseCsv } from '#platform'
import { referenceMetiers } from '../metiers/reference.ts'
import { classify, createNomenclature, findDecreeRule, isAprm, type CraftCodes } from './nomenclature.ts'

const metiers = referenceMetiers()
const nomenclature = createNomenclature(metiers)
const codes = (given: Partial<CraftCodes>): CraftCodes => ({
  aprm: null,
  naf: null,
  nafVersion: null,
  naf2025: null,
  ...given,
})
const rev2 = (naf: string) => classify(nomenclature, codes({ naf, nafVersion: 'NAFRev2' }))

const shared = join(import.meta.dirname, '../../../../shared/data')
/** Rows of a CSV of the shared data by column name, or null where it is absent. */
function readShared(path: string): Record<string, string>[] | null {
  if (!existsSync(join(shared, path))) return null
  const [header, ...rows] = parseCsv(readFileSync(join(shared, path), 'utf8'))
  return rows.map(({ fields }) => Object.fromEntries(header!.fields.map((name, at) => [name, fields[at] ?? ''])))
}

const within = (prefix: string, other: string) => prefix.startsWith(other) || other.startsWith(prefix)

describe('the tree against the décret', () => {
  test('every line of the annex leads to crafts of its own sector', () => {
    for (const rule of craftRules.rules) {
      const inside = metiers.filter((metier) => metier.naf.some((prefix) => within(prefix, rule.prefix)))
      expect(inside.length, rule.prefix).toBeGreaterThan(0)
      const precise = inside.filter((metier) => metier.naf.some((prefix) => prefix.startsWith(rule.prefix)))
      for (const metier of precise) expect(`${metier.slug} ${metier.sector}`).toBe(`${metier.slug} ${rule.sector}`)
    }
  })

  test('no craft has a code outside of the annex', () => {
    const wrong = metiers.flatMap(({ slug, naf }) =>
      naf
        .filter((prefix) => !craftRules.rules.some((rule) => within(prefix, rule.prefix)))
        .map((prefix) => `${slug} ${prefix}`),
    )
    expect(wrong).toEqual([])
  })

  test('a line is partial exactly when it says what it keeps', () => {
    for (const rule of [...craftRules.rules, ...craftRules.naf2025])
      expect(rule.partial, rule.prefix).toBe(rule.restriction !== null)
  })

  test('the annex is the one that was published', (context) => {
    const path = 'artisanat_legal/decret_98-247_annexe_naf_artisanat.csv'
    const published = readShared(path)
    if (!published) return context.skip(`needs shared/data/${path}`)
    expect(published).toHaveLength(87)
    const sectorOf: Record<string, string> = {
      alimentation: 'food',
      bâtiment: 'building',
      fabrication: 'making',
      services: 'services',
    }
    for (const row of published)
      for (const prefix of row.naf_rev2_prefixes!.split(';')) {
        const rule = craftRules.rules.find((one) => one.prefix === prefix)
        expect(rule?.sector, prefix).toBe(sectorOf[row.secteur!])
        if (row.inclus_partiellement === '1') expect(rule!.partial, prefix).toBe(true)
        const inside = [...craftRules.rules.filter((one) => one.partial), ...craftRules.excluded]
        if (row.restriction)
          expect(
            inside.some((one) => one.prefix.startsWith(prefix)),
            prefix,
          ).toBe(true)
      }
    const own = craftRules.rules.filter(
      (rule) => !published.some((row) => row.naf_rev2_prefixes!.split(';').includes(rule.prefix)),
    )
    expect(own.every((rule) => rule.partial)).toBe(true)
  })
})

describe('the mapping is total', () => {
  test('every NAF rév. 2 sub-class of the annex is one craft, of the same sector', (context) => {
    const path = 'nomenclatures/naf_rev2_libelles.csv'
    const rows = readShared(path)
    if (!rows) return context.skip(`needs shared/data/${path}`)
    const subclasses = rows.map((row) => row.code!).filter((code) => /^\d\d\.\d\d[A-Z]$/.test(code))
    expect(subclasses).toHaveLength(732)
    const found = subclasses.map((naf) => ({ naf, rule: findDecreeRule(naf), craft: rev2(naf) }))
    for (const { naf, rule, craft } of found) {
      expect(craft.craftRule, naf).toBe(rule ? (rule.partial ? 'naf_partial' : 'naf') : 'none')
      expect(craft.sector, naf).toBe(rule?.sector ?? null)
      expect(craft.metier !== null, naf).toBe(rule !== null)
    }
    expect(found.filter((one) => one.rule)).toHaveLength(347)
    expect(new Set(found.map((one) => one.craft.metier)).size - 1).toBe(metiers.length)
  })

  test('every NAF 2025 sub-class that corresponds is one craft, of the same sector', (context) => {
    const path = 'nomenclatures/naf_2025_sous_classes.csv'
    const rows = readShared(path)
    if (!rows) return context.skip(`needs shared/data/${path}`)
    const known = rows.map((row) => row.niv5!)
    for (const naf2025 of known) {
      const rule = findDecreeRule(naf2025, '2025')
      const craft = classify(nomenclature, codes({ naf2025 }))
      expect(craft.sector, naf2025).toBe(rule?.sector ?? null)
      expect(craft.metier !== null, naf2025).toBe(rule !== null)
    }
    const unreal = [...metiers.flatMap((one) => one.naf2025), ...craftRules.naf2025.map((one) => one.prefix)].filter(
      (prefix) => !known.some((code) => code.startsWith(prefix)),
    )
    expect(unreal).toEqual([])
  })

  test('every APRM code that was observed is one craft', (context) => {
    const path = 'sirene/aprm_codes_observes.csv'
    const rows = readShared(path)
    if (!rows) return context.skip(`needs shared/data/${path}`)
    for (const { code_aprm: aprm } of rows) {
      const craft = classify(nomenclature, codes({ aprm: aprm! }))
      if (aprm === '0000ZZ') expect(craft.craftRule).toBe('none')
      else expect([craft.craftRule, craft.metier !== null, craft.sector !== null], aprm).toEqual(['aprm', true, true])
    }
  })
})

describe('which rule answers', () => {
  test.each([
    ['1071CA', { craftRule: 'aprm', sector: 'food', metier: 'boulanger-patissier' }],
    ['4781ZQ', { craftRule: 'aprm', sector: 'food', metier: 'boucher' }],
    ['4781ZR', { craftRule: 'aprm', sector: 'food', metier: 'poissonnier-ecailler' }],
    ['9602AB', { craftRule: 'aprm', sector: 'services', metier: 'coiffeur' }],
    ['4711BZ', { craftRule: 'aprm', sector: null, metier: null }],
  ])('the APRM %s decides, whatever the NAF', (aprm, expected) => {
    expect(classify(nomenclature, codes({ aprm, naf: '43.22A', nafVersion: 'NAFRev2' }))).toEqual(expected)
  })

  test.each([
    ['10.71C', { craftRule: 'naf', sector: 'food', metier: 'boulanger-patissier' }],
    ['1071D', { craftRule: 'naf', sector: 'food', metier: 'patissier' }],
    ['47.81Z', { craftRule: 'naf_partial', sector: 'food', metier: 'boucher-poissonnier-de-marche' }],
    ['96.09Z', { craftRule: 'naf_partial', sector: 'services', metier: 'toiletteur' }],
    ['23.70Z', { craftRule: 'naf', sector: 'making', metier: 'tailleur-de-pierre' }],
    ['43.32A', { craftRule: 'naf', sector: 'building', metier: 'menuisier' }],
    ['10.71B', { craftRule: 'none', sector: null, metier: null }],
    ['47.11B', { craftRule: 'none', sector: null, metier: null }],
    ['', { craftRule: 'none', sector: null, metier: null }],
  ])('without APRM, the NAF %s', (naf, expected) => {
    expect(rev2(naf)).toEqual(expected)
    expect(classify(nomenclature, codes({ aprm: '0000ZZ', naf, nafVersion: 'NAFRev2' }))).toEqual(expected)
    expect(classify(nomenclature, codes({ aprm: '1071', naf, nafVersion: 'NAFRev2' }))).toEqual(expected)
  })

  test('an older nomenclature decides nothing', () => {
    for (const nafVersion of ['NAFRev1', 'NAF1993', 'NAP', null])
      expect(classify(nomenclature, codes({ naf: '10.71C', nafVersion })).craftRule).toBe('none')
  })

  test('NAF 2025 answers where there is no NAF rév. 2', () => {
    const expected = { craftRule: 'naf', sector: 'food', metier: 'patissier' }
    expect(classify(nomenclature, codes({ naf2025: '10.71J' }))).toEqual(expected)
    expect(classify(nomenclature, codes({ naf: '10.71J', nafVersion: 'NAF2025' }))).toEqual(expected)
    expect(classify(nomenclature, codes({ naf: '15.8C', nafVersion: 'NAFRev1', naf2025: '10.71J' }))).toEqual(expected)
    const both = codes({ naf: '47.11B', nafVersion: 'NAFRev2', naf2025: '10.71J' })
    expect(classify(nomenclature, both).craftRule).toBe('none')
  })

  test('a craft added by file takes a code that it shares', () => {
    const own = metiers.find((one) => one.slug === 'facteur-instruments-musique')!
    const luthier = { ...own, slug: 'luthier', origin: 'luthiers.csv' }
    for (const list of [
      [luthier, own],
      [own, luthier],
    ])
      expect(classify(createNomenclature(list), codes({ aprm: '3220ZC' })).metier).toBe('luthier')
  })
})

const letter = fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ')
const digits = fc.integer({ min: 0, max: 9999 }).map((number) => String(number).padStart(4, '0'))
const aprmCode = fc.tuple(digits, letter, letter).map((parts) => parts.join(''))
const nafCode = fc.tuple(digits, letter).map(([number, end]) => `${number.slice(0, 2)}.${number.slice(2)}${end}`)
const anyCodes = fc.record({
  aprm: fc.option(fc.oneof(aprmCode, fc.string({ maxLength: 6 }))),
  naf: fc.option(fc.oneof(nafCode, fc.string({ maxLength: 6 }))),
  nafVersion: fc.option(fc.constantFrom('NAFRev2', 'NAFRev1', 'NAF1993', 'NAF2025')),
  naf2025: fc.option(nafCode),
})

test('an answer does not depend on the questions before, and its parts agree', () => {
  fc.assert(
    fc.property(anyCodes, (given) => {
      const craft = classify(nomenclature, given)
      expect(classify(createNomenclature(metiers), given)).toEqual(craft)
      expect(craft.craftRule === 'aprm').toBe(given.aprm !== null && isAprm(given.aprm))
      if (craft.craftRule === 'none') expect([craft.sector, craft.metier]).toEqual([null, null])
      if (craft.metier) expect(craft.sector).toBe(nomenclature.metiers.get(craft.metier)!.sector)
    }),
    { numRuns: 300 },
  )
})

test('half a million units are classed in less than two seconds', () => {
  const sample = metiers.flatMap((one) => [
    codes({ aprm: `${one.aprm[0]!.padEnd(4, '0').padEnd(6, 'Z')}` }),
    codes({ naf: one.naf[0]!, nafVersion: 'NAFRev2' }),
  ])
  const start = performance.now()
  let crafts = 0
  for (let at = 0; at < 500_000; at++)
    if (classify(nomenclature, sample[at % sample.length]!).craftRule !== 'none') crafts++
  expect(crafts).toBeGreaterThan(400_000)
  expect(performance.now() - start).toBeLessThan(2000)
})
