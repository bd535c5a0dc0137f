import type { PlaceQuality, Value } from '#statements/model'
import { readCell, type CellValue } from '../deliveries/values.ts'
import type { GuideItem } from '../model.ts'
import type { GeoPart } from './columns.ts'

const number = (text: string | undefined) =>
  /^\s*-?\d+([.,]\d+)?\s*$/.test(text ?? '') ? Number(text!.replace(',', '.')) : NaN

/** How precise a position is, by the radius in metres that a device gives; not told, it is thought to be a street's. */
function qualityOf(accuracy: number): PlaceQuality {
  if (accuracy <= 30) return 'address'
  return accuracy <= 500 || Number.isNaN(accuracy) ? 'street' : 'commune'
}

function placeOf(lat: number, lon: number, accuracy: number): CellValue {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180))
    return { problem: 'Ce n’est pas une position (latitude, longitude).' }
  return { value: { kind: 'place', lon, lat, quality: qualityOf(accuracy) } }
}

/** A position in four columns; null when they are empty. */
export function readGeoParts(parts: Partial<Record<GeoPart, string>>): CellValue {
  if (!parts.lat?.trim() && !parts.lon?.trim()) return null
  return placeOf(number(parts.lat), number(parts.lon), number(parts.accuracy))
}

/** A position in one cell: `45.19 0.72 110 4.5`, that is latitude, longitude, altitude, radius in metres. */
function readGeopoint(text: string): CellValue {
  const [lat, lon, , accuracy] = text.trim().split(/[\s;]+/)
  return placeOf(number(lat), number(lon), number(accuracy))
}

/** What a form collected for an item: by the names of its choices, or by their words. */
export function readCollected(item: GuideItem, cell: string): CellValue {
  const text = cell.trim()
  if (text === '') return null
  if (item.kind === 'place') return readGeopoint(text)
  if (item.kind === 'person') {
    return text.length > 100
      ? { problem: 'Ce nom dépasse 100 caractères.' }
      : { value: { kind: 'person', person: text } }
  }
  return readCell(item, text)
}

const ticked = /^(1|true|yes|oui|vrai|x)$/i

/** The one choice that was ticked among the columns of an item; null when none is. */
export function readTicked(item: GuideItem, cells: readonly (readonly [option: string, cell: string])[]): CellValue {
  const chosen = cells.filter(([, cell]) => ticked.test(cell.trim())).map(([option]) => option)
  if (chosen.length === 0) return null
  if (chosen.length > 1) return { problem: `Une seule réponse est attendue, et ${chosen.length} sont cochées.` }
  const value: Value =
    item.kind === 'answer' ? ({ kind: 'answer', answer: chosen[0] } as Value) : { kind: 'choice', choice: chosen[0]! }
  return { value }
}
