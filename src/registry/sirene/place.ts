import type { PositionQuality } from '../model.ts'
import type { EstablishmentColumn } from './columns.ts'
import { checkDegrees, systemOf, toDegrees, type Position } from './projection.ts'
import type { Row } from './row.ts'
import { departementOf, isCommuneCode, isForeign, isPostcode } from './scope.ts'

type EstablishmentRow = Row<EstablishmentColumn>

export interface Located {
  lon: number | null
  lat: number | null
  positionQuality: PositionQuality
}

const nowhere: Located = { lon: null, lat: null, positionQuality: 'none' }

/** A decimal number; null for anything else, such as an exponent or a comma. */
export const decimal = (text: string): number | null => (/^-?\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : null)

/** The département that a row declares, by its commune, else by its postcode. */
export const departementOfRow = (row: EstablishmentRow): string | null =>
  departementOf(row.get('codeCommuneEtablissement').toUpperCase(), row.get('codePostalEtablissement'))

/** The commune as declared; null when empty or abroad. */
export function communeOf(row: EstablishmentRow): string | null {
  const text = row.get('codeCommuneEtablissement').toUpperCase()
  if (text === '' || isForeign(text)) return null
  return isCommuneCode(text) ? text : row.warn('codeCommuneEtablissement', 'commune.malformed')
}

export function postcodeOf(row: EstablishmentRow): string | null {
  const text = row.get('codePostalEtablissement')
  if (text === '') return null
  return isPostcode(text) ? text : row.warn('codePostalEtablissement', 'postcode.malformed')
}

/** Number and street. Never the complement, nor « chez … », which name people. */
export function addressLineOf(row: EstablishmentRow): string | null {
  const street = row.text('libelleVoieEtablissement')
  if (/^(?:CHEZ|C\/O)\b/i.test(street)) return null
  const first = row.text('numeroVoieEtablissement')
  const last = row.text('dernierNumeroVoieEtablissement')
  const number = first !== '' && last !== '' && last !== first ? `${first}-${last}` : first
  const parts = [number, row.text('indiceRepetitionEtablissement'), row.text('typeVoieEtablissement'), street]
  return parts.filter(Boolean).join(' ') || null
}

const geocoded: Record<string, PositionQuality> = {
  housenumber: 'address',
  interpolation: 'street',
  street: 'street',
  locality: 'street',
  municipality: 'commune',
  city: 'commune',
  town: 'commune',
  village: 'commune',
}

/** Under this score Etalab's geocoder is only right on the commune, which it was given. */
const leastScore = 0.4

function qualityOf(row: EstablishmentRow): PositionQuality {
  const type = row.get('geo_type')
  if (type !== '') {
    const score = decimal(row.get('geo_score'))
    return score !== null && score < leastScore ? 'commune' : (geocoded[type] ?? 'commune')
  }
  if (row.get('libelleVoieEtablissement') === '') return 'commune'
  return row.get('numeroVoieEtablissement') === '' ? 'street' : 'address'
}

/** Degrees of the row, `0,0` meaning that it was not geocoded; undefined when it has none. */
function degreesOf(row: EstablishmentRow, system: string | null): Position | null | undefined {
  const longitude = row.get('longitude')
  const latitude = row.get('latitude')
  if (longitude === '' && latitude === '') return undefined
  const lon = decimal(longitude)
  const lat = decimal(latitude)
  if (lon === 0 && lat === 0) return undefined
  if (lon === null || lat === null) return row.warn(lon === null ? 'longitude' : 'latitude', 'coordinates.malformed')
  return checkDegrees(system, lon, lat) ?? row.warn('longitude', 'coordinates.out_of_bounds')
}

/** Metres of the row in the official system of its département; undefined when it has none. */
function metresOf(row: EstablishmentRow, system: string | null): Position | null | undefined {
  const abscissa = row.get('coordonneeLambertAbscisseEtablissement')
  const ordinate = row.get('coordonneeLambertOrdonneeEtablissement')
  if (abscissa === '' && ordinate === '') return undefined
  const x = decimal(abscissa)
  const y = decimal(ordinate)
  if (x === null || y === null) {
    const wrong = x === null ? 'coordonneeLambertAbscisseEtablissement' : 'coordonneeLambertOrdonneeEtablissement'
    return row.warn(wrong, 'coordinates.malformed')
  }
  if (x === 0 && y === 0) return undefined
  if (!system) return row.warn('coordonneeLambertAbscisseEtablissement', 'coordinates.unknown_system')
  return toDegrees(system, x, y) ?? row.warn('coordonneeLambertAbscisseEtablissement', 'coordinates.out_of_bounds')
}

/** Where an establishment is, in WGS 84 degrees, and how sure that is. */
export function locate(row: EstablishmentRow): Located {
  const departement = departementOfRow(row)
  const system = departement ? systemOf(departement) : null
  const found = degreesOf(row, system) ?? metresOf(row, system)
  return found ? { lon: found[0], lat: found[1], positionQuality: qualityOf(row) } : nowhere
}
