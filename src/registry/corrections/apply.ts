import { listAgreed, recomputeSubjects, type PublicAgreed } from '#statements'
import { sql, transaction, type EventHandler, type Executor } from '#platform'
import { fold } from '#platform/model'
import type { CorrectionItem } from './items.ts'

/** Columns of an establishment that corrections override, as the register has them. */
interface Registered {
  name: string | null
  sector: string | null
  metier: string | null
  lon: number | null
  lat: number | null
  position_quality: string
  search: string
}

/** The columns after the corrections, and what the page and the API add. */
interface Correction {
  columns: Registered
  corrected: string[]
  said: Record<string, { saidOn: string; state: string }>
  website: string | null
  openingHours: string | null
  inActivity: string | null
}

const registered = sql`jsonb_build_object('name', name, 'sector', sector, 'metier', metier, 'lon', position[0], 'lat', position[1],
  'position_quality', position_quality, 'search', search)`

/** All that a correction can change of what everybody sees of a unit. */
const shown = sql`${registered} || jsonb_build_object('correction', (select to_jsonb(c) - array['registered', 'corrected_at']
  from registry.establishment_correction c where c.siret = e.siret))`

async function readShown(trx: Executor, siret: string): Promise<string | null> {
  const found = await sql<{ shown: string }>`
    select (${shown})::text as shown from registry.establishment e where e.siret = ${siret} for update of e`.execute(
    trx,
  )
  return found.rows[0]?.shown ?? null
}

async function writeColumns(trx: Executor, siret: string, columns: Registered): Promise<void> {
  const { name, sector, metier, lon, lat, position_quality, search } = columns
  const position = lon === null || lat === null ? sql`null` : sql`point(${lon}::float8, ${lat}::float8)`
  await sql`update registry.establishment set name = ${name}, sector = ${sector}, metier = ${metier}, position = ${position},
      position_quality = ${position_quality}, search = ${search} where siret = ${siret}`.execute(trx)
}

/** Puts the register's own values back, and forgets the corrections. */
async function restore(trx: Executor, sirets: readonly string[]): Promise<void> {
  const gone = await sql<{ siret: string; registered: Registered }>`
    delete from registry.establishment_correction where siret = any(${[...sirets]}::text[]) returning siret, registered`.execute(
    trx,
  )
  for (const row of gone.rows) await writeColumns(trx, row.siret, row.registered)
}

/** The words by which a unit is found, under a name and a craft. */
export async function wordsOf(
  trx: Executor,
  siret: string,
  { name, metier }: Pick<Registered, 'name' | 'metier'>,
): Promise<string> {
  const found = await sql<{ label: string | null; commune: string | null }>`
    select m.record->'label'->>'fr' as label, coalesce(t.name, e.commune) as commune from registry.establishment e
    left join registry.metier m on m.slug = ${metier} left join territory.public_territory t on t.code = e.commune
    where e.siret = ${siret}`.execute(trx)
  const { label, commune } = found.rows[0]!
  return `${name ? `${fold(name)} ` : ''}${fold(`${label ?? ''} ${commune ?? ''} ${siret}`)}`
}

async function sectorOf(trx: Executor, metier: string): Promise<string | null> {
  const found = await sql<{ sector: string }>`
    select record->>'sector' as sector from registry.metier where slug = ${metier}`.execute(trx)
  return found.rows[0]?.sector ?? null
}

/** What the agreed values make of the register's columns. A craft that is no longer in the tree changes nothing. */
async function correct(
  trx: Executor,
  siret: string,
  columns: Registered,
  agreed: readonly PublicAgreed[],
): Promise<Correction> {
  const out: Correction = {
    columns: { ...columns },
    corrected: [],
    said: {},
    website: null,
    openingHours: null,
    inActivity: null,
  }
  for (const { item, value, state, saidOn } of agreed) {
    if (value === null || !(await put(trx, out, item as CorrectionItem, value))) continue
    out.corrected.push(item)
    out.said[item] = { state, saidOn }
  }
  const { name, metier } = out.columns
  if (name !== columns.name || metier !== columns.metier) out.columns.search = await wordsOf(trx, siret, out.columns)
  return out
}

async function put(
  trx: Executor,
  out: Correction,
  item: CorrectionItem,
  value: NonNullable<PublicAgreed['value']>,
): Promise<boolean> {
  if (item === 'public_name' && value.kind === 'text') out.columns.name = value.text
  else if (item === 'opening_hours' && value.kind === 'text') out.openingHours = value.text
  else if (item === 'website' && value.kind === 'text') out.website = value.text
  else if (item === 'in_activity' && value.kind === 'answer') out.inActivity = value.answer
  else if (item === 'place' && value.kind === 'place')
    Object.assign(out.columns, { lon: value.lon, lat: value.lat, position_quality: value.quality })
  else if (item === 'activity' && value.kind === 'choice') {
    const sector = await sectorOf(trx, value.choice)
    if (sector === null) return false
    Object.assign(out.columns, { metier: value.choice, sector })
  } else return false
  return true
}

/** Lays what is agreed over the register's values, which the row now has. */
async function overlay(trx: Executor, siret: string): Promise<void> {
  const agreed = await listAgreed(trx, { kind: 'enterprise', id: siret })
  if (agreed.length === 0) return
  const found = await sql<{ registered: Registered }>`
    select ${registered} as registered from registry.establishment where siret = ${siret}`.execute(trx)
  if (!found.rows[0]) return
  const own = found.rows[0].registered
  const { columns, corrected, said, website, openingHours, inActivity } = await correct(trx, siret, own, agreed)
  if (corrected.length === 0) return
  await writeColumns(trx, siret, columns)
  await sql`insert into registry.establishment_correction (siret, corrected, said, website, opening_hours, in_activity, registered)
    values (${siret}, ${corrected}::text[], ${JSON.stringify(said)}::jsonb, ${website}, ${openingHours}, ${inActivity},
      ${JSON.stringify(own)}::jsonb)`.execute(trx)
}

/** Makes an establishment say what is agreed about it now; a change gives it a new version. */
export async function applyCorrection(trx: Executor, siret: string): Promise<void> {
  const before = await readShown(trx, siret)
  if (before === null) return
  await restore(trx, [siret])
  await overlay(trx, siret)
  if ((await readShown(trx, siret)) === before) return
  await sql`update registry.establishment set version = nextval('registry.version') where siret = ${siret}`.execute(trx)
  await sql`update registry.revision set changed_at = now(),
    value = greatest(value, (select version from registry.establishment where siret = ${siret}))`.execute(trx)
}

/**
 * Runs work on the register's own values, so that it never takes a correction for what the register says, and lays the
 * corrections over them again, all in one transaction. Rows that the work changes have a new version by it.
 * @param which condition on `registry.establishment_correction c`
 */
export async function withRegisterValues<T>(
  trx: Executor,
  which: ReturnType<typeof sql>,
  work: () => Promise<T>,
): Promise<T> {
  const found = await sql<{ siret: string }>`
    select c.siret from registry.establishment_correction c where ${which} order by c.siret`.execute(trx)
  const sirets = found.rows.map(({ siret }) => siret)
  await restore(trx, sirets)
  const result = await work()
  await withholdPartial(trx)
  for (const siret of sirets) await overlay(trx, siret)
  return result
}

/** What was said of a unit that has become partial is no longer public: neither here nor in the statements. */
async function withholdPartial(trx: Executor): Promise<void> {
  const found = await sql<{ siret: string }>`
    select distinct a.subject_id as siret from statements.public_agreed a
    join registry.establishment e on e.siret = a.subject_id and e.diffusion = 'partial'
    where a.subject_kind = 'enterprise' and a.item not in ('activity', 'in_activity')`.execute(trx)
  await recomputeSubjects(
    trx,
    'enterprise',
    found.rows.map(({ siret }) => siret),
  )
}

/** What is agreed about an establishment has changed. */
export const correctAfterAgreement: EventHandler = {
  kind: 'statements.agreed',
  name: 'registry.corrections',
  async handle({ db }, { payload }) {
    if (payload.kind === 'enterprise') await transaction(db, (trx) => applyCorrection(trx, String(payload.id)))
  },
}
