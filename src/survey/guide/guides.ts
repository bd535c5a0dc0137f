import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UserError, badInput } from '#platform'
import { typeset } from '#platform/model'
import type { Guide, GuideItem } from '../model.ts'
import { parseGuide, requireStable } from './schema.ts'

const folder = new URL('../../../data/guide/', import.meta.url)

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * The published guides, oldest first, from what the folder holds.
 * @param published SHA-256 of each version's file, in hexadecimal, by version
 * @param read the text of `N.json`
 * @throws {Error} when a file was changed after its publication, or is wrong
 */
export function readGuides(published: Readonly<Record<string, string>>, read: (file: string) => string): Guide[] {
  const versions = Object.keys(published)
    .map(Number)
    .sort((a, b) => a - b)
  const guides = versions.map((version) => {
    const file = `${version}.json`
    const text = read(file)
    if (hashOf(text) !== published[version])
      throw new Error(`data/guide/${file} is published: answers refer to it. Undo the change, or publish a new version`)
    const guide = parseGuide(text, `data/guide/${file}`)
    if (guide.version !== version) throw new Error(`data/guide/${file} says that it is version ${guide.version}`)
    return typeset(guide)
  })
  requireStable(guides)
  return guides
}

let loaded: { guides: readonly Guide[]; items: ReadonlyMap<string, GuideItem> } | null = null

function load() {
  if (loaded) return loaded
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
  const guides = readGuides(JSON.parse(read('versions.json')) as Record<string, string>, read)
  const items = new Map(guides.flatMap((guide) => guide.items.map((item) => [item.id, item] as const)))
  loaded = { guides, items }
  return loaded
}

/** Every published version, oldest first; read from `data/guide` at the first call, and kept. */
export const listGuides = (): readonly Guide[] => load().guides

export const latestGuide = (): Guide => load().guides.at(-1)!

export const findGuide = (version: number): Guide | null =>
  load().guides.find((guide) => guide.version === version) ?? null

/** @throws {UserError} 404 */
export function getGuide(version: number): Guide {
  const found = findGuide(version)
  if (found) return found
  throw new UserError('survey.unknown_guide', 404, `Il n’y a pas de version ${version} du guide.`)
}

/**
 * The version that an address names; the latest where it names none.
 * @throws {UserError} 400, 404
 */
export function guideOfText(version: string | null): Guide {
  if (version === null) return latestGuide()
  if (/^[1-9]\d{0,5}$/.test(version)) return getGuide(Number(version))
  throw badInput('Donnez le numéro d’une version du guide (version), par exemple 1.', [
    { field: 'version', message: 'Un nombre entier, à partir de 1.' },
  ])
}

/** An item of any version, as the latest version that has it says it; null when none has. */
export const findGuideItem = (id: string): GuideItem | null => load().items.get(id) ?? null
