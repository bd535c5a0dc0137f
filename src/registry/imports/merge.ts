import { sql, type Executor } from '#platform'

export interface MergeResult {
  inserted: number
  updated: number
  unchanged: number
}

/** What a unit says; its fingerprint is made of it, so that a row that says the same changes nothing. */
export const content = sql`siren, state, diffusion, name, natural_person, legal_category, headquarters, address, postcode, commune,
  commune_declared, position, position_quality, naf, naf_version, naf2025, aprm, craft_rule, sector, metier, employees,
  employees_year, created_on, closed_on, register_updated_at, ess, search`

/**
 * What is staged becomes the register, all or nothing:
 * - the last row of a SIRET counts; a row older than what is known changes nothing;
 * - what a stock file does not know (the legal unit's name and kind) keeps its last known value;
 * - partial diffusion empties name and address, now and in the history;
 * - a place without coordinates takes its commune's centre, and says so.
 */
export async function mergeStaged(trx: Executor, importId: string | null, demonstration = false): Promise<MergeResult> {
  await sql`
    create temporary table resolved on commit drop as
    with latest as (
      select distinct on (siret) * from registry.staged_establishment order by siret, seq desc
    ), joined as (
      select s.*,
        case when s.diffusion = 'partial' or ul.diffusion = 'partial' then 'partial' else 'full' end as diffusion2,
        coalesce(s.natural_person, ul.natural_person, e.natural_person) as natural2,
        s.natural_person is null and ul.siren is null as unknown_unit,
        ul.legal_name, ul.name_folded as legal_folded, ul.legal_category as ul_category, ul.ess as ul_ess,
        sign.name as sign_name, sign.name_folded as sign_folded,
        coalesce(p.lon, s.lon) as lon2, coalesce(p.lat, s.lat) as lat2,
        coalesce(p.position_quality, s.position_quality) as quality2,
        e.siret as known, e.name as e_name, e.legal_category as e_category, e.ess as e_ess, e.diffusion as e_diffusion,
        e.search as e_search, e.position as e_position, e.position_quality as e_quality,
        e.address is not distinct from s.address and e.commune_declared is not distinct from s.commune_declared as same_place,
        e.fingerprint as e_fingerprint, e.register_updated_at as e_updated, c.center
      from latest s
      left join (select distinct on (siren) * from registry.staged_enterprise order by siren) ul on ul.siren = s.siren
      left join (select distinct on (siret) * from registry.staged_sign order by siret, name) sign on sign.siret = s.siret
      left join (select distinct on (siret) * from registry.staged_position order by siret) p on p.siret = s.siret
      left join registry.establishment e on e.siret = s.siret
      left join territory.public_territory c on c.code = s.commune
    ), named as (
      select *,
        case when diffusion2 = 'partial' then null
          when unknown_unit then coalesce(name, case when e_diffusion = 'full' then e_name end)
          else coalesce(name, sign_name, case when natural2 is not true then legal_name end) end as name2,
        case when diffusion2 = 'partial' or (unknown_unit and name is null) then null
          else coalesce(name_folded, sign_folded, case when natural2 is not true then legal_folded end) end as folded2,
        case when diffusion2 = 'partial' then null else coalesce(point(lon2, lat2), case when same_place and e_quality <> 'commune' then e_position end) end as own
      from joined
    ), placed as (
      select siret, siren, state, diffusion2 as diffusion, name2 as name, natural2 as natural_person,
        coalesce(legal_category, ul_category, e_category) as legal_category, headquarters,
        case when diffusion2 = 'partial' then null else address end as address,
        case when diffusion2 = 'partial' then null else postcode end as postcode, commune, commune_declared,
        coalesce(own, center) as position,
        case when own is not null and lon2 is not null then quality2 when own is not null then e_quality
          when center is not null then 'commune' else 'none' end as position_quality,
        naf, naf_version, naf2025, aprm, craft_rule, sector, metier, employees, employees_year, created_on, closed_on,
        register_updated_at, coalesce(ess, ul_ess, e_ess) as ess,
        case when unknown_unit and name is null and name2 is not null then e_search
          else coalesce(folded2 || ' ', '') || place_words end as search,
        known, e_fingerprint,
        known is not null and e_updated is not null and register_updated_at is not null and register_updated_at < e_updated as older
      from named
    )
    select *, md5(row(${content})::text) as fingerprint from placed`.execute(trx)
  const counted = await sql<{ inserted: number; updated: number; total: number }>`
    select count(*) filter (where known is null)::int as inserted,
      count(*) filter (where known is not null and not older and fingerprint <> e_fingerprint)::int as updated, count(*)::int as total
    from resolved`.execute(trx)
  const { inserted, updated, total } = counted.rows[0]!
  if (inserted + updated > 0) {
    await keepHistory(trx)
    await write(trx, importId, demonstration)
    await sql`update registry.revision set value = (select max(version) from registry.establishment), changed_at = now()`.execute(
      trx,
    )
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
