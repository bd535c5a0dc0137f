import { retire, sql, type Executor } from '#platform'
import { withRegisterValues } from '../corrections/apply.ts'

export interface MergeResult {
  inserted: number
  updated: number
  unchanged: number
}

/** What a unit says; its fingerprint is made of it, so that a row that says the same changes nothing. */
const content = sql`siren, state, diffusion, name, natural_person, legal_category, headquarters, address, postcode, commune,
  commune_declared, position, position_quality, naf, naf_version, naf2025, aprm, craft_rule, sector, metier, employees,
  employees_year, created_on, closed_on, register_updated_at, ess, search`

/** The fingerprint of a row, kept beside it. */
export const fingerprint = sql`md5(row(${content})::text)`

/** The same words as `fold` in TypeScript gives, for a name that the register alone knows. */
export const foldedName = sql`trim(regexp_replace(regexp_replace(lower(regexp_replace(regexp_replace(normalize(e.name, nfd),
  '[\\u0300-\\u036f]', '', 'g'), '[œŒ]', 'oe', 'g')), '[æÆ]', 'ae', 'g'), '[^a-z0-9]+', ' ', 'g'))`

/** The last row of each SIRET beside what this import and the register know of it otherwise. */
const joined = sql`
  select s.*,
    case when s.diffusion = 'partial' or ul.diffusion = 'partial' then 'partial'
      when objection.siret is not null and coalesce(s.natural_person, ul.natural_person, e.natural_person) is not false then 'partial'
      when s.natural_person is null and ul.siren is null and e.diffusion = 'partial'
        and coalesce(left(s.register_updated_at, 19), '') <= coalesce(left(e.register_updated_at, 19), '') then 'partial'
      else 'full' end as shown,
    coalesce(s.natural_person, ul.natural_person, e.natural_person) as natural_known,
    s.natural_person is null and ul.siren is null as unit_untold,
    ul.legal_name, ul.name_folded as legal_folded, ul.legal_category as ul_category, ul.ess as ul_ess,
    sign.name as sign_name, sign.name_folded as sign_folded,
    p.lon as p_lon, p.lat as p_lat, p.position_quality as p_quality, c.center,
    e.siret as known, e.fingerprint as e_fingerprint, e.register_updated_at as e_updated, e.name as e_name,
    case when s.natural_person is null and ul.siren is null and s.name is null then ${foldedName} end as e_folded,
    e.legal_category as e_category, e.ess as e_ess, e.position_quality as e_quality,
    case when e.position_quality in ('address', 'street') and e.address is not distinct from s.address
      and e.commune_declared is not distinct from s.commune_declared then e.position end as e_position
  from (select distinct on (siret) * from registry.staged_establishment order by siret, seq desc) s
  left join (select distinct on (siren) * from registry.staged_enterprise order by siren) ul on ul.siren = s.siren
  left join (select distinct on (siret) * from registry.staged_sign order by siret, name) sign on sign.siret = s.siret
  left join (select distinct on (siret) * from registry.staged_position order by siret) p on p.siret = s.siret
  left join registry.establishment e on e.siret = s.siret
  left join consent.public_objection objection on objection.siret = s.siret
  left join territory.public_territory c on c.code = s.commune`

/** The name that may be shown: the file's, else that of the sign or of the legal person, else the last one known. */
const named = sql`
  select *,
    case when shown = 'partial' then null when unit_untold then coalesce(name, e_name)
      else coalesce(name, sign_name, case when natural_known is not true then legal_name end) end as name_now,
    case when shown = 'partial' then null when unit_untold then coalesce(name_folded, e_folded)
      else coalesce(name_folded, sign_folded, case when natural_known is not true then legal_folded end) end as folded_now
  from joined`

/** Where it is: the most precise of the geolocated file, the file's own and the last one known at the same address. */
const located = sql`
  select named.*, spot.at, spot.quality from named
  left join lateral (
    select at, quality from (values (1, point(p_lon, p_lat), p_quality), (2, point(lon, lat), position_quality),
      (3, e_position, e_quality), (4, center, 'commune')) as candidate (rank, at, quality)
    where at is not null and (shown = 'full' or rank = 4) order by quality = 'commune', rank limit 1) spot on true`

const resolved = sql`
  select siret, siren, state, shown as diffusion, name_now as name, natural_known as natural_person,
    coalesce(legal_category, ul_category, e_category) as legal_category, headquarters,
    case when shown = 'full' then address end as address, case when shown = 'full' then postcode end as postcode,
    commune, commune_declared, at as position, coalesce(quality, 'none') as position_quality,
    naf, naf_version, naf2025, aprm, craft_rule, sector, metier, employees, employees_year, created_on, closed_on,
    register_updated_at, coalesce(ess, ul_ess, e_ess) as ess,
    coalesce(folded_now || ' ', '') || place_words as search,
    known, e_fingerprint, known is not null and coalesce(left(register_updated_at, 19) < left(e_updated, 19), false) as older
  from located`

/** Units that only a geolocated file tells of: what is known of them, elsewhere. */
const relocated = sql`
  select e.siret, siren, state, diffusion, name, natural_person, legal_category, headquarters, address, postcode, commune,
    commune_declared, point(p.lon, p.lat), p.position_quality, naf, naf_version, naf2025, aprm, craft_rule, sector, metier,
    employees, employees_year, created_on, closed_on, register_updated_at, ess, search, e.siret, e.fingerprint, false
  from (select distinct on (siret) * from registry.staged_position where position_quality <> 'commune' order by siret) p
  join registry.establishment e on e.siret = p.siret and e.diffusion = 'full'
  where not exists (select from registry.staged_establishment s where s.siret = p.siret)`

/**
 * What is staged becomes the register, all or nothing:
 * - the last row of a SIRET counts; a row older than what is known (to the second, as some files have no finer time)
 *   changes nothing;
 * - what a file does not know of the legal unit (its name, kind and opposition) keeps its last known value;
 * - partial diffusion empties name, address and position, now and in the history;
 * - a place without coordinates takes its commune's centre, and says so;
 * - what statements correct of the register is set aside meanwhile, and never taken for what the register says.
 * @param alone whether nobody else can read the database meanwhile, as with the embedded one
 */
export async function mergeStaged(
  trx: Executor,
  importId: string | null,
  demonstration = false,
  alone = false,
): Promise<MergeResult> {
  const staged = sql`exists (select from registry.staged_establishment s where s.siret = c.siret)
    or exists (select from registry.staged_position p where p.siret = c.siret)`
  return withRegisterValues(trx, staged, () => mergeRegister(trx, importId, demonstration, alone))
}

async function mergeRegister(
  trx: Executor,
  importId: string | null,
  demonstration: boolean,
  alone: boolean,
): Promise<MergeResult> {
  await sql`
    create temporary table resolved on commit drop as
    with joined as (${joined}), named as (${named}), located as (${located}),
      resolved as (${resolved} union all ${relocated})
    select *, ${fingerprint} as fingerprint from resolved`.execute(trx)
  const counted = await sql<{ inserted: number; updated: number; total: number }>`
    select count(*) filter (where known is null)::int as inserted,
      count(*) filter (where known is not null and not older and fingerprint <> e_fingerprint)::int as updated, count(*)::int as total
    from resolved`.execute(trx)
  const { inserted, updated, total } = counted.rows[0]!
  if (inserted + updated > 0) {
    await keepHistory(trx)
    const hidden = await listNewlyHidden(trx)
    await withoutIndexes(trx, inserted + updated, alone, () => write(trx, importId, demonstration))
    await sql`update registry.revision set value = (select max(version) from registry.establishment), changed_at = now()`.execute(
      trx,
    )
    await retire(trx, 'establishment', hidden)
  }
  return { inserted, updated, unchanged: total - inserted - updated }
}

async function keepHistory(trx: Executor) {
  await sql`
    insert into registry.establishment_history (siret, recorded_at, import, record)
    select e.siret, e.recorded_at, e.import, to_jsonb(e) - array['siret', 'search', 'fingerprint', 'version', 'import', 'recorded_at', 'demonstration', 'id']
    from resolved r join registry.establishment e on e.siret = r.siret
    where not r.older and r.fingerprint <> r.e_fingerprint and r.diffusion = 'full' and e.diffusion = 'full'`.execute(
    trx,
  )
  await sql`
    delete from registry.establishment_history h using resolved r
    where h.siret = r.siret and r.diffusion = 'partial' and not r.older`.execute(trx)
}

/** Units whose holder opposed diffusion since: copies already taken hold their name and address. */
async function listNewlyHidden(trx: Executor): Promise<string[]> {
  const found = await sql<{ siret: string }>`
    select r.siret from resolved r join registry.establishment e on e.siret = r.siret
    where r.diffusion = 'partial' and e.diffusion = 'full' and not r.older order by r.siret`.execute(trx)
  return found.rows.map(({ siret }) => siret)
}

const worthRebuilding = 10_000

/**
 * Many rows are written two or three times as fast when the indexes are made again once they are all there. Readers
 * wait for it: only where none can read meanwhile, or where there was nothing to read.
 */
async function withoutIndexes(trx: Executor, rows: number, alone: boolean, work: () => Promise<void>) {
  const counted = await sql<{ held: number }>`select count(*)::int as held from registry.establishment`.execute(trx)
  const { held } = counted.rows[0]!
  if (rows < worthRebuilding || (alone ? rows < held / 2 : held > 0)) return work()
  const found = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'registry' and tablename = 'establishment' and indexname <> 'establishment_pkey'`.execute(trx)
  // The embedded database never gives back the memory that it once took, and is as fast with this.
  if (alone) await sql`set local maintenance_work_mem = '16MB'`.execute(trx)
  for (const { name } of found.rows) await sql`drop index ${sql.id('registry', name)}`.execute(trx)
  await work()
  for (const { definition } of found.rows) await sql.raw(definition).execute(trx)
}

async function write(trx: Executor, importId: string | null, demonstration: boolean) {
  await sql`
    insert into registry.establishment (siret, ${content}, fingerprint, import, version, demonstration)
    select siret, ${content}, fingerprint, ${importId}::uuid, nextval('registry.version'), ${demonstration}
    from resolved where known is null or (not older and fingerprint <> e_fingerprint)
    on conflict (siret) do update set siren = excluded.siren, state = excluded.state, diffusion = excluded.diffusion,
      name = excluded.name, natural_person = excluded.natural_person, legal_category = excluded.legal_category,
      headquarters = excluded.headquarters, address = excluded.address, postcode = excluded.postcode, commune = excluded.commune,
      commune_declared = excluded.commune_declared, position = excluded.position, position_quality = excluded.position_quality,
      naf = excluded.naf, naf_version = excluded.naf_version, naf2025 = excluded.naf2025, aprm = excluded.aprm,
      craft_rule = excluded.craft_rule, sector = excluded.sector, metier = excluded.metier, employees = excluded.employees,
      employees_year = excluded.employees_year, created_on = excluded.created_on, closed_on = excluded.closed_on,
      register_updated_at = excluded.register_updated_at, ess = excluded.ess, search = excluded.search,
      fingerprint = excluded.fingerprint, import = excluded.import, recorded_at = now(), version = excluded.version,
      demonstration = excluded.demonstration`.execute(trx)
}
