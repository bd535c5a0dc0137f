import { readFileSync } from 'node:fs'
import { emit, retire, sql, type Executor } from '#platform'
import { eraseSubjects } from '#statements'
import { createNomenclature } from '../crafts/nomenclature.ts'
import { mergeStaged } from '../imports/merge.ts'
import { establishmentFields, establishmentRow, type Places } from '../imports/staging.ts'
import { readMetiers } from '../metiers/queries.ts'
import type { EstablishmentRecord } from '../sirene/model.ts'

const file = 'enterprises.json'

/** What a line of the file leaves out: what is unknown, and what is usual. */
const usual: Omit<EstablishmentRecord, 'file' | 'line' | 'siret' | 'siren'> = {
  state: 'open',
  diffusion: 'full',
  name: null,
  naturalPerson: null,
  legalCategory: null,
  headquarters: true,
  addressLine: null,
  postcode: null,
  communeCode: null,
  communeLabel: null,
  lon: null,
  lat: null,
  positionQuality: 'none',
  naf: null,
  nafVersion: 'NAFRev2',
  naf2025: null,
  aprm: null,
  employees: null,
  employeesYear: null,
  createdOn: null,
  closedOn: null,
  updatedAt: null,
  ess: null,
}
/** Year of reference of the staff bands; `NN`, which is no band, has none. */
const employeesYear = 2024

/** The fictional establishments, as the reader of register files would give them. */
export function readDemonstrationRecords(): EstablishmentRecord[] {
  // Read at once: inside a transaction nothing but the database may be awaited.
  const text = readFileSync(new URL(`../../../data/demonstration/${file}`, import.meta.url), 'utf8')
  const units = JSON.parse(text) as (Partial<EstablishmentRecord> & { siret: string })[]
  return units.map((unit, index) => ({
    ...usual,
    employeesYear: unit.employees && unit.employees !== 'NN' ? employeesYear : null,
    ...unit,
    file,
    line: index + 1,
    siren: unit.siret.slice(0, 9),
  }))
}

async function readPlaces(trx: Executor): Promise<Places> {
  const found = await sql<{ code: string; name: string }>`
    select code, name from territory.public_territory where kind = 'commune' and demonstration`.execute(trx)
  return {
    communes: new Map(found.rows.map(({ code }) => [code, code])),
    names: new Map(found.rows.map(({ code, name }) => [code, name])),
  }
}

const emptyStaging = (trx: Executor) =>
  sql`truncate registry.staged_establishment, registry.staged_enterprise, registry.staged_sign, registry.staged_position`.execute(
    trx,
  )

/** Writes the fictional register through the same staging and merge as an import. */
export async function loadDemonstrationRegister(trx: Executor): Promise<void> {
  const nomenclature = createNomenclature(await readMetiers(trx))
  const places = await readPlaces(trx)
  const rows = readDemonstrationRecords().map((record, seq) => {
    const values = establishmentRow(record, seq, nomenclature, places)
    return Object.fromEntries(establishmentFields.map((field, i) => [field, values[i]]))
  })
  await emptyStaging(trx)
  await sql`
    insert into registry.staged_establishment
    select * from jsonb_populate_recordset(null::registry.staged_establishment, ${JSON.stringify(rows)}::jsonb)`.execute(
    trx,
  )
  await mergeStaged(trx, null, true)
  await emptyStaging(trx)
  await emit(trx, 'registry.imported', { demonstration: true })
}

/** Removes every fictional establishment and its history, and tells the readers of the register which ones are gone. */
export async function removeDemonstrationRegister(trx: Executor): Promise<void> {
  await sql`
    delete from registry.establishment_history h using registry.establishment e
    where e.siret = h.siret and e.demonstration`.execute(trx)
  const found = await sql<{ siret: string }>`select siret from registry.establishment where demonstration`.execute(trx)
  const sirets = found.rows.map(({ siret }) => siret)
  await eraseSubjects(trx, 'enterprise', sirets)
  await sql`delete from registry.establishment_correction where siret = any(${sirets}::text[])`.execute(trx)
  const gone = await sql<{ siret: string }>`
    with gone as (delete from registry.establishment where demonstration returning id, siret)
    insert into registry.retired (id, siret, version) select id, siret, nextval('registry.version') from gone
    returning siret`.execute(trx)
  await sql`
    update registry.revision set changed_at = now(),
      value = greatest(value, (select max(version) from registry.retired))`.execute(trx)
  await retire(
    trx,
    'establishment',
    gone.rows.map(({ siret }) => siret),
  )
  await emit(trx, 'registry.imported', { demonstration: true })
}
