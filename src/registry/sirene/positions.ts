import type { PositionQuality } from '../model.ts'
import type { Index } from './cells.ts'
import type { PositionColumn } from './columns.ts'
import { decimal } from './place.ts'
import { checkDegrees, isKnownSystem, toDegrees, type Position } from './projection.ts'
import type { Outcome, Reading, Taker } from './reading.ts'
import { Row } from './row.ts'
import { departementOf } from './scope.ts'
import { compact, siretProblem } from './siret.ts'

/**
 * Insee's codes: 11 street and number found, 12 street found but not the number, 21 and 22 the same in a street that is
 * only probable, 33 the commune alone.
 */
const qualities: Record<string, PositionQuality> = {
  11: 'address',
  12: 'street',
  21: 'street',
  22: 'street',
  33: 'commune',
}

type PositionRow = Row<PositionColumn>

/** Makes positions of the rows of Insee's geolocated file. */
export class PositionTaker implements Taker {
  readonly #row: PositionRow
  readonly #reading: Reading

  constructor(file: string, index: Index<PositionColumn>, reading: Reading) {
    this.#row = new Row(index, [], { file, issues: reading.issues, today: reading.today })
    this.#reading = reading
  }

  take(fields: readonly string[], line: number): Outcome {
    const row = this.#row
    row.load(fields)
    row.line = line
    const siret = compact(row.get('siret'))
    const problem = siretProblem(siret)
    if (problem) {
      row.refuse('siret', problem)
      return 'refused'
    }
    if (!this.#inScope(siret)) return 'outOfScope'
    const found = positionOf(row)
    if (found) this.#reading.positions.push({ siret, lon: found[0], lat: found[1], positionQuality: qualityOf(row) })
    return 'accepted'
  }

  /** Positions of the establishments read before; when the file comes alone, those of the département. */
  #inScope(siret: string): boolean {
    const { departement } = this.#reading
    if (this.#reading.hasEstablishments()) return this.#reading.hasSiret(siret)
    return departement === null || departementOf(this.#row.get('plg_code_commune').toUpperCase(), '') === departement
  }
}

function qualityOf(row: PositionRow): PositionQuality {
  const quality = qualities[row.get('qualite_xy')]
  if (quality) return quality
  row.warn('qualite_xy', 'quality.unknown')
  return 'commune'
}

/** The row's position from its metres, each row telling its own system, else from its degrees; null when it has none. */
function positionOf(row: PositionRow): Position | null {
  const x = row.get('x')
  const y = row.get('y')
  if (x === '' && y === '') return degreesOf(row)
  const epsg = row.get('epsg')
  if (!isKnownSystem(epsg)) row.warn('epsg', 'coordinates.unknown_system')
  else if (decimal(x) === null) row.warn('x', 'coordinates.malformed')
  else if (decimal(y) === null) row.warn('y', 'coordinates.malformed')
  else return toDegrees(epsg, Number(x), Number(y)) ?? row.warn('x', 'coordinates.out_of_bounds')
  return null
}

function degreesOf(row: PositionRow): Position | null {
  const lon = row.get('x_longitude')
  const lat = row.get('y_latitude')
  if (lon === '' && lat === '') return null
  if (decimal(lon) === null) return row.warn('x_longitude', 'coordinates.malformed')
  if (decimal(lat) === null) return row.warn('y_latitude', 'coordinates.malformed')
  return checkDegrees(null, Number(lon), Number(lat)) ?? row.warn('x_longitude', 'coordinates.out_of_bounds')
}
