create extension if not exists pg_trgm;

create schema territory;

create table territory.territory (
  code text primary key,
  kind text not null check (kind in ('commune', 'epci', 'departement', 'region', 'custom')),
  subtype text,
  name text not null,
  folded text not null,
  population integer,
  departement text,
  region text,
  epci text,
  part_of text,
  postcodes text[] not null default '{}',
  center point,
  box box,
  contour jsonb,
  contour_source text,
  vintage text not null,
  valid_from date,
  valid_to date,
  imported_at timestamptz,
  demonstration boolean not null default false
);
create index territory_departement on territory.territory (departement, kind);
create index territory_region on territory.territory (region) where kind = 'commune';
create index territory_epci on territory.territory (epci) where epci is not null;
create index territory_part_of on territory.territory (part_of) where part_of is not null;
create index territory_folded on territory.territory using gin (folded gin_trgm_ops);
create index territory_postcodes on territory.territory using gin (postcodes);
create index territory_imported on territory.territory (imported_at) where imported_at is not null;
create index territory_demonstration on territory.territory (code) where demonstration;
create index territory_center on territory.territory (kind) where center is not null;

create table territory.former_commune (
  code text primary key,
  name text not null,
  successor text not null
);

create table territory.membership (
  territory text not null references territory.territory on delete cascade,
  commune text not null,
  primary key (territory, commune)
);

create view territory.public_territory as
  select code, kind, subtype, name, folded, population, departement, region, epci, center, box, vintage, contour_source,
    valid_from, valid_to, imported_at, demonstration, contour is not null as has_contour
  from territory.territory;

create view territory.public_commune_of as
  select code as territory, code as commune from territory.territory where kind = 'commune'
  union all
  select part_of, code from territory.territory where part_of is not null
  union all
  select epci, code from territory.territory where kind = 'commune' and epci is not null
  union all
  select departement, code from territory.territory where kind = 'commune'
  union all
  select region, code from territory.territory where kind = 'commune'
  union all
  select territory, commune from territory.membership;
