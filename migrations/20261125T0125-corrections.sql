-- What statements correct of the register (items in `corrected`, told in `said`), and in `registered` the register's own
-- columns under them.
create table registry.establishment_correction (
  siret text primary key,
  corrected text[] not null,
  said jsonb not null,
  website text,
  opening_hours text,
  in_activity text,
  registered jsonb not null,
  corrected_at timestamptz not null default now()
);

drop view registry.public_establishment;
create view registry.public_establishment as
  select e.id, e.siret, e.siren, e.state, e.name, e.natural_person, e.legal_category, e.headquarters, e.diffusion, e.address, e.postcode,
    e.commune, t.name as commune_name, t.departement, e.position, e.position_quality, e.naf, e.naf_version, e.naf2025, e.aprm,
    e.craft_rule, e.sector, e.metier, e.employees, e.employees_year, e.created_on, e.closed_on, e.register_updated_at, e.ess,
    e.search, e.recorded_at, e.version, e.demonstration,
    c.website, c.opening_hours, c.in_activity, coalesce(c.corrected, '{}') as corrected
  from registry.establishment e
  left join registry.establishment_correction c on c.siret = e.siret
  left join territory.public_territory t on t.code = e.commune;
