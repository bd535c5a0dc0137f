import { fold, slugify } from '#platform/model'
import type { Bilingual, MetierRecord } from '../crafts/nomenclature.ts'
import { sectors, type Sector } from '../model.ts'
import { both, readDrafts, type Draft } from './drafts.ts'
import { unreadableMetiers } from './errors.ts'

const sectorWords: Record<string, Sector> = {
  alimentation: 'food',
  batiment: 'building',
  fabrication: 'making',
  production: 'making',
  services: 'services',
  ...Object.fromEntries(sectors.map((sector) => [sector, sector])),
}

const codeForms = {
  naf: { name: 'code NAF', example: '10.71C', pattern: /^\d\d(\.\d{1,2}|\.\d\d[A-Z])?$/ },
  naf2025: { name: 'code NAF 2025', example: '10.71J', pattern: /^\d\d(\.\d{1,2}|\.\d\d[A-Z])?$/ },
  aprm: { name: 'code APRM', example: '1071CA', pattern: /^(\d{2,4}|\d{4}[A-Z]{1,2})$/ },
}
const codeKinds = ['naf', 'naf2025', 'aprm'] as const

function readCode(kind: (typeof codeKinds)[number], text: string): string | null {
  const plain = text.toUpperCase().replace(/[.\s]/g, '')
  const code = kind === 'aprm' || plain.length <= 2 ? plain : `${plain.slice(0, 2)}.${plain.slice(2)}`
  return codeForms[kind].pattern.test(code) ? code : null
}

type Families = Map<string, { slug: string; label: Bilingual; sector: Sector }>

/** A family by its slug or by its name; a name that is not known yet makes a new family. */
function familyOf(draft: Draft, sector: Sector, families: Families) {
  const slug = slugify(draft.family)
  const known = families.get(slug)
  if (known) return known
  const made = { slug, label: draft.familyLabel ?? both(draft.family, ''), sector }
  families.set(slug, made)
  return made
}

function toRecord(draft: Draft, file: string, families: Families): MetierRecord {
  const refuse = (why: string) => unreadableMetiers(file, `${draft.where}, ${why}`)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.slug) || draft.slug.length > 80)
    throw refuse(
      `le slug « ${draft.slug} » doit être en minuscules sans accent, avec des tirets, comme luthier-guitare`,
    )
  const sector = sectorWords[fold(draft.sector)]
  if (!sector)
    throw refuse(
      `le secteur « ${draft.sector} » n’existe pas : choisissez alimentation, batiment, fabrication ou services`,
    )
  if (slugify(draft.family) === '') throw refuse('la famille est vide')
  if (!draft.label.fr.trim()) throw refuse('le libellé est vide')
  if (!draft.definition.fr.trim()) throw refuse('la définition est vide')
  const family = familyOf(draft, sector, families)
  if (family.sector !== sector) throw refuse(`la famille « ${family.label.fr} » est d’un autre secteur`)
  const codes = (kind: (typeof codeKinds)[number]) =>
    draft[kind].map((text) => {
      const code = readCode(kind, text)
      if (code === null)
        throw refuse(`« ${text} » n’est pas un ${codeForms[kind].name}, comme ${codeForms[kind].example}`)
      return code
    })
  return {
    slug: draft.slug,
    sector,
    family: family.slug,
    familyLabel: family.label,
    label: draft.label,
    plural: draft.plural ?? draft.label,
    definition: draft.definition,
    naf: codes('naf'),
    naf2025: codes('naf2025'),
    aprm: codes('aprm'),
    synonyms: draft.synonyms,
    artCraft: draft.artCraft,
    origin: file,
  }
}

/**
 * Reads crafts from a CSV (`slug;secteur;famille;libelle;definition;naf;aprm`, codes separated by spaces or commas) or
 * from a JSON of the form of `data/metiers.json`. A slug that exists already is redefined.
 * @param known the crafts of today: a code prefix that one of them has cannot be given to another
 * @throws {UserError} naming the file and the line
 */
export function parseMetiers(text: string, file: string, known: MetierRecord[]): MetierRecord[] {
  const drafts = readDrafts(text, file)
  if (drafts.length === 0) throw unreadableMetiers(file, 'il ne contient aucun métier')
  const families: Families = new Map()
  for (const { family, familyLabel, sector } of known)
    for (const key of [family, slugify(familyLabel.fr)]) families.set(key, { slug: family, label: familyLabel, sector })
  const records: MetierRecord[] = []
  const seen = new Set<string>()
  const redefined = new Set(drafts.map((draft) => draft.slug))
  const owners = new Map(
    known
      .filter((one) => !redefined.has(one.slug))
      .flatMap((one) => codeKinds.flatMap((kind) => one[kind].map((code) => [`${kind} ${code}`, one.slug] as const))),
  )
  for (const draft of drafts) {
    const record = toRecord(draft, file, families)
    if (seen.has(record.slug))
      throw unreadableMetiers(file, `${draft.where}, le slug « ${record.slug} » est déjà donné plus haut`)
    seen.add(record.slug)
    for (const kind of codeKinds)
      for (const code of record[kind]) {
        const owner = owners.get(`${kind} ${code}`)
        if (owner)
          throw unreadableMetiers(
            file,
            `${draft.where}, le ${codeForms[kind].name} « ${code} » est déjà celui du métier « ${owner} »`,
          )
        owners.set(`${kind} ${code}`, record.slug)
      }
    records.push(record)
  }
  return records
}
