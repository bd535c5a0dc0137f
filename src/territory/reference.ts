import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { sql, transaction, type Database, type Executor } from '#platform'
import { fold } from '#platform/model'

/** Vintage of the geographic code in the package `@etalab/decoupage-administratif`. */
export const cogVintage = 'COG 2026'

interface SourceCommune {
  code: string
  nom: string
  type: string
  departement?: string
  region?: string
  commune?: string
  chefLieu?: string
  anciensCodes?: string[]
  population?: number
  codesPostaux?: string[]
}
interface SourceEpci {
  code: string
  nom: string
  type: string
  populationMunicipale?: number
  membres: { code: string }[]
}

interface Row {
  code: string
  kind: string
  subtype: string | null
  name: string
  folded: string
  population: number | null
  departement: string | null
  region: string | null
  epci: string | null
  part_of: string | null
  postcodes: string[]
}

async function readSource<T>(name: string): Promise<T> {
  const folder = dirname(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/package.json'))
  return JSON.parse(await readFile(join(folder, 'data', `${name}.json`), 'utf8')) as T
}

const regionCode = (code: string | undefined) => (code ? `region-${code}` : null)

async function readRows(): Promise<{ rows: Row[]; former: { code: string; name: string; successor: string }[] }> {
  const [communes, epcis, departements, regions] = await Promise.all([
    readSource<SourceCommune[]>('communes'),
    readSource<SourceEpci[]>('epci'),
    readSource<{ code: string; nom: string; region: string }[]>('departements'),
    readSource<{ code: string; nom: string }[]>('regions'),
  ])
  const epciOf = new Map(epcis.flatMap((epci) => epci.membres.map((member) => [member.code, epci.code] as const)))
  const populations = new Map<string, number>()
  const add = (key: string | null, value: number) => key && populations.set(key, (populations.get(key) ?? 0) + value)
  const rows: Row[] = []
  const former: { code: string; name: string; successor: string }[] = []
  for (const commune of communes) {
    const parent = commune.commune ?? commune.chefLieu
    if (commune.type === 'commune-actuelle' || commune.type === 'arrondissement-municipal') {
      const isPart = commune.type === 'arrondissement-municipal'
      const row: Row = {
        code: commune.code,
        kind: 'commune',
        subtype: isPart ? 'arrondissement' : null,
        name: commune.nom,
        folded: fold(commune.nom),
        population: commune.population ?? null,
        departement: commune.departement ?? null,
        region: regionCode(commune.region),
        epci: epciOf.get(isPart ? commune.commune! : commune.code) ?? null,
        part_of: isPart ? commune.commune! : null,
        postcodes: commune.codesPostaux ?? [],
      }
      rows.push(row)
      if (!isPart && row.population) for (const key of [row.departement, row.region]) add(key, row.population)
    } else if (parent && parent !== commune.code)
      former.push({ code: commune.code, name: commune.nom, successor: parent })
    for (const code of commune.anciensCodes ?? []) former.push({ code, name: commune.nom, successor: commune.code })
  }
  const current = new Set(rows.map((row) => row.code))
  const base = { subtype: null, departement: null, region: null, epci: null, part_of: null, postcodes: [] }
  for (const epci of epcis)
    rows.push({
      ...base,
      code: epci.code,
      kind: 'epci',
      subtype: epci.type,
      name: epci.nom,
      folded: fold(epci.nom),
      population: epci.populationMunicipale ?? null,
    })
  for (const one of departements)
    rows.push({
      ...base,
      code: one.code,
      kind: 'departement',
      name: one.nom,
      folded: fold(one.nom),
      population: populations.get(one.code) ?? null,
      region: regionCode(one.region),
    })
  for (const one of regions) {
    const code = regionCode(one.code)!
    rows.push({
      ...base,
      code,
      kind: 'region',
      name: one.nom,
      folded: fold(one.nom),
      population: populations.get(code) ?? null,
    })
  }
  const lastOf = new Map(former.filter(({ code }) => !current.has(code)).map((one) => [one.code, one]))
  return { rows, former: [...lastOf.values()] }
}

async function writeRows(trx: Executor, rows: Row[]) {
  for (let start = 0; start < rows.length; start += 5000) {
    const part = JSON.stringify(rows.slice(start, start + 5000))
    await sql`
      insert into territory.territory (code, kind, subtype, name, folded, population, departement, region, epci, part_of, postcodes, vintage)
      select code, kind, subtype, name, folded, population, departement, region, epci, part_of, postcodes, ${cogVintage}
      from jsonb_to_recordset(${part}::jsonb) as row(code text, kind text, subtype text, name text, folded text,
        population int, departement text, region text, epci text, part_of text, postcodes text[])
      on conflict (code) do update set kind = excluded.kind, subtype = excluded.subtype, name = excluded.name,
        folded = excluded.folded, population = excluded.population, departement = excluded.departement,
        region = excluded.region, epci = excluded.epci, part_of = excluded.part_of, postcodes = excluded.postcodes, vintage = excluded.vintage`.execute(
      trx,
    )
  }
}

/**
 * Writes every commune, EPCI, département and region of France, with the vintage, when the database lacks this one.
 * Source: Insee (COG) and Banatic through `@etalab/decoupage-administratif`.
 */
export async function prepareReference(db: Database): Promise<void> {
  const found = await sql`select 1 from territory.territory where code = '75056' and vintage = ${cogVintage}`.execute(
    db.kysely,
  )
  if (found.rows.length > 0) return
  const { rows, former } = await readRows()
  await transaction(db, async (trx) => {
    await writeRows(trx, rows)
    await sql`
      insert into territory.former_commune (code, name, successor)
      select code, name, successor from jsonb_to_recordset(${JSON.stringify(former)}::jsonb) as row(code text, name text, successor text)
      on conflict (code) do update set name = excluded.name, successor = excluded.successor`.execute(trx)
  })
  await db.outsideTransaction('analyze territory.territory')
}
