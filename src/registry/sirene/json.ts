import { flattenSearchResult, isSearchResult } from './api-search.ts'
import {
  flattenEstablishment,
  flattenLegalUnit,
  isEstablishment,
  isLegalUnit,
  isObject,
  type Flat,
} from './api-sirene.ts'
import { jsonTooLarge, notJson, unknownFormat } from './errors.ts'
import type { Source } from './source.ts'
import { decodeText } from './text.ts'

/** Largest JSON read, in bytes: an answer of the API Sirene has 1,000 units at most, about 5 MB. */
const largestJson = 100e6

/** What a JSON file holds. */
export interface JsonUnits {
  kind: 'establishments' | 'enterprises'
  label: string
  /** Under the column names of the stock; null for an element that is of another kind. */
  units: (Flat | null)[]
}

const wrappers = ['result', 'results', 'etablissement', 'etablissements', 'uniteLegale', 'unitesLegales']

/** The elements that an answer, or a list of answers, wraps. */
function elementsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(elementsOf)
  if (!isObject(value) || 'siret' in value || 'siren' in value) return [value]
  const wrapper = wrappers.find((name) => name in value)
  return wrapper ? elementsOf(value[wrapper]) : [value]
}

/** Establishments, legal units or results, as the first element is. */
export function unitsOfJson(file: string, value: unknown): JsonUnits {
  const elements = elementsOf(value)
  const first = elements[0]
  const each = (
    accepts: (item: Record<string, unknown>) => boolean,
    flatten: (item: Record<string, unknown>) => Flat[],
  ) => elements.flatMap((item): (Flat | null)[] => (isObject(item) && accepts(item) ? flatten(item) : [null]))
  if (elements.length === 0) return { kind: 'establishments', label: 'Réponse d’API sans établissement', units: [] }
  if (isObject(first) && isEstablishment(first)) {
    return {
      kind: 'establishments',
      label: 'API Sirene v3 (établissements)',
      units: each(isEstablishment, (item) => [flattenEstablishment(item)]),
    }
  }
  if (isObject(first) && isSearchResult(first)) {
    return {
      kind: 'establishments',
      label: 'API Recherche d’entreprises',
      units: each(isSearchResult, flattenSearchResult),
    }
  }
  if (isObject(first) && isLegalUnit(first)) {
    return {
      kind: 'enterprises',
      label: 'API Sirene v3 (unités légales)',
      units: each(isLegalUnit, (item) => [flattenLegalUnit(item)]),
    }
  }
  throw unknownFormat(file, 'ce JSON n’est pas une réponse de l’API Sirene ni de l’API Recherche d’entreprises')
}

/**
 * Reads a whole JSON file.
 * @throws {ReadError} when it is too large or no JSON
 */
export async function readJson(source: Source): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of (await source.open()) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestJson) throw jsonTooLarge(source.file)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(decodeText(Buffer.concat(chunks)))
  } catch (error) {
    throw notJson(source.file, error)
  }
}

/** The fields of a unit in the order of the columns. */
export const fieldsOf = (unit: Flat, columns: readonly string[]): string[] =>
  columns.map((column) => {
    const value = unit[column]
    return typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : ''
  })
