import { readFileSync } from 'node:fs'
import type { Position } from 'geojson'
import { emit, sql, type Executor } from '#platform'
import { fold } from '#platform/model'
import { dissolveAll, writeCustom, writeOutlines } from '../outlines.ts'
import type { CommuneContour } from '../contours.ts'
import { demonstrationTerritory } from './territory.ts'

/** One line of `territory.json`. */
interface DemonstrationCommune {
  code: string
  name: string
  population: number
  epci: string
  inPays: boolean
  /** Closed, in longitude and latitude. */
  contour: Position[]
}

/** The forty fictional communes. */
export function readDemonstrationCommunes(): DemonstrationCommune[] {
  // Read at once: inside a transaction nothing but the database may be awaited.
  const text = readFileSync(new URL('../../../data/demonstration/territory.json', import.meta.url), 'utf8')
  return JSON.parse(text) as DemonstrationCommune[]
}

/** Contours as an import of communes gives them. */
export const contoursOf = (communes: readonly DemonstrationCommune[]): CommuneContour[] =>
  communes.map(({ code, contour }) => ({ code, contour: { type: 'Polygon', coordinates: [contour] } }))

const populationOf = (communes: readonly DemonstrationCommune[]) =>
  communes.reduce((sum, { population }) => sum + population, 0)

async function writeTerritories(trx: Executor, communes: readonly DemonstrationCommune[]) {
  const { departement, epcis, vintage } = demonstrationTerritory
  const rows = [
    ...communes.map(({ code, name, population, epci }) => {
      return { code, kind: 'commune', subtype: null, name, population, departement: departement.code, epci }
    }),
    ...epcis.map(({ code, name }) => {
      const population = populationOf(communes.filter(({ epci }) => epci === code))
      return { code, kind: 'epci', subtype: 'CC', name, population, departement: null, epci: null }
    }),
    {
      ...departement,
      kind: 'departement',
      subtype: null,
      population: populationOf(communes),
      departement: null,
      epci: null,
    },
  ].map((row) => ({ ...row, folded: fold(row.name) }))
  await sql`
    insert into territory.territory (code, kind, subtype, name, folded, population, departement, epci, vintage, imported_at, demonstration)
    select code, kind, subtype, name, folded, population, departement, epci, ${vintage},
      case when kind = 'departement' then now() end, true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(code text, kind text, subtype text, name text, folded text,
      population int, departement text, epci text)`.execute(trx)
}

/** Writes the fictional département, opened, with its communes, EPCI and Pays and the contours of all. */
export async function loadDemonstrationTerritory(trx: Executor): Promise<void> {
  const { departement, pays, vintage } = demonstrationTerritory
  const communes = readDemonstrationCommunes()
  const epcis = new Map(communes.map(({ code, epci }) => [code, epci]))
  await writeTerritories(trx, communes)
  await writeOutlines(
    trx,
    dissolveAll(
      contoursOf(communes),
      (code) => code,
      (code) => epcis.get(code) ?? null,
      departement.code,
    ),
    vintage,
  )
  await writeCustom(trx, {
    ...pays,
    subtype: 'pays',
    vintage,
    validFrom: null,
    validTo: null,
    communes: communes.filter(({ inPays }) => inPays).map(({ code }) => code),
    demonstration: true,
  })
  await emit(trx, 'territory.imported', { departement: departement.code })
}

/** Removes every fictional territory. */
export async function removeDemonstrationTerritory(trx: Executor): Promise<void> {
  await sql`delete from territory.territory where demonstration`.execute(trx)
}
