import * as v from 'valibot'
import { fold, slugify } from '#platform/model'
import type { Bilingual } from '../crafts/nomenclature.ts'
import { parseCsv } from '#platform'
import { unreadableMetiers } from './errors.ts'

/** A craft as a file says it, with the place to name when something is wrong. */
export interface Draft {
  where: string
  slug: string
  sector: string
  family: string
  familyLabel: Bilingual | null
  label: Bilingual
  plural: Bilingual | null
  definition: Bilingual
  naf: string[]
  naf2025: string[]
  aprm: string[]
  synonyms: { fr: string[]; en: string[] }
  artCraft: boolean
}

const columns = {
  slug: ['slug'],
  sector: ['secteur', 'sector'],
  family: ['famille', 'family'],
  label: ['libelle', 'label'],
  definition: ['definition'],
  naf: ['naf'],
  aprm: ['aprm'],
  naf2025: ['naf-2025', 'naf2025'],
  plural: ['pluriel', 'plural'],
  labelEn: ['libelle-en', 'label-en'],
  definitionEn: ['definition-en'],
  synonyms: ['synonymes', 'synonyms'],
  artCraft: ['metier-d-art', 'art'],
}
const needed = ['slug', 'sector', 'family', 'label', 'definition'] as const

/** A text in both languages; without English, the French stands for it. */
export const both = (fr: string, en: string): Bilingual => ({ fr, en: en || fr })
const codesOf = (text: string) => text.split(/[\s,|]+/).filter(Boolean)

function readCsv(text: string, file: string): Draft[] {
  const [header, ...rows] = parseCsv(text)
  const names = (header?.fields ?? []).map(slugify)
  const at = Object.fromEntries(
    Object.entries(columns).map(([key, known]) => [key, names.findIndex((name) => known.includes(name))]),
  )
  for (const key of needed) if (at[key]! < 0) throw unreadableMetiers(file, `la colonne « ${columns[key][0]} » manque`)
  return rows.map(({ line, fields }) => {
    const value = (key: keyof typeof columns) => (at[key]! >= 0 ? (fields[at[key]!] ?? '') : '')
    return {
      where: `ligne ${line}`,
      slug: value('slug'),
      sector: value('sector'),
      family: value('family'),
      familyLabel: null,
      label: both(value('label'), value('labelEn')),
      plural: value('plural') ? both(value('plural'), value('labelEn')) : null,
      definition: both(value('definition'), value('definitionEn')),
      naf: codesOf(value('naf')),
      naf2025: codesOf(value('naf2025')),
      aprm: codesOf(value('aprm')),
      synonyms: {
        fr: value('synonyms')
          .split(/[,|]/)
          .map((word) => word.trim())
          .filter(Boolean),
        en: [],
      },
      artCraft: ['oui', 'yes', 'true', '1', 'x'].includes(fold(value('artCraft'))),
    }
  })
}

const bilingual = v.union([
  v.object({ fr: v.string(), en: v.optional(v.string(), '') }),
  v.pipe(
    v.string(),
    v.transform((fr) => ({ fr, en: '' })),
  ),
])
const texts = v.optional(v.array(v.string()), [])
const jsonMetier = v.object({
  slug: v.string(),
  sector: v.string(),
  family: v.string(),
  label: bilingual,
  plural: v.optional(bilingual),
  definition: bilingual,
  naf: texts,
  naf2025: texts,
  aprm: texts,
  synonyms: v.optional(v.object({ fr: texts, en: texts }), { fr: [], en: [] }),
  artCraft: v.optional(v.boolean(), false),
})
const jsonFile = v.object({
  families: v.optional(v.array(v.object({ slug: v.string(), label: bilingual })), []),
  metiers: v.array(v.unknown()),
})

function readJson(text: string, file: string): Draft[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw unreadableMetiers(file, 'ce n’est pas un JSON valide')
  }
  const parsed = v.safeParse(jsonFile, Array.isArray(content) ? { metiers: content } : content)
  if (!parsed.success) throw unreadableMetiers(file, 'il y manque la liste « metiers »')
  const families = new Map(parsed.output.families.map(({ slug, label }) => [slug, both(label.fr, label.en)]))
  return parsed.output.metiers.map((one, index) => {
    const where = `métier n° ${index + 1}`
    const read = v.safeParse(jsonMetier, one)
    if (!read.success)
      throw unreadableMetiers(
        file,
        `${where}, le champ « ${v.getDotPath(read.issues[0]) ?? 'slug'} » manque ou n’a pas la bonne forme`,
      )
    const { label, plural, definition, ...rest } = read.output
    return {
      ...rest,
      where: `${where} (« ${rest.slug} »)`,
      familyLabel: families.get(rest.family) ?? null,
      label: both(label.fr, label.en),
      plural: plural ? both(plural.fr, plural.en) : null,
      definition: both(definition.fr, definition.en),
    }
  })
}

/**
 * Reads the crafts of a file as it says them, from CSV or JSON; only the form is checked.
 * @throws {UserError} naming the file and what it lacks
 */
export function readDrafts(text: string, file: string): Draft[] {
  const plain = text.replace(/^\uFEFF/, '')
  return /^\s*[[{]/.test(plain) ? readJson(plain, file) : readCsv(plain, file)
}
