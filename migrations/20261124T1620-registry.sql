create schema registry;

create table registry.import (
  id uuid primary key,
  status text not null check (status in ('running', 'done', 'failed', 'interrupted')),
  requested_by text not null,
  departement text,
  files jsonb not null,
  formats jsonb not null default '[]',
  started_at timestamptz not null default now(),
  alive_at timestamptz not null default now(),
  finished_at timestamptz,
  rows integer not null default 0,
  accepted integer not null default 0,
  refused integer not null default 0,
  out_of_scope integer not null default 0,
  warnings integer not null default 0,
  inserted integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  error text,
  report_key text,
  job uuid
);
create unique index import_one_at_a_time on registry.import ((true)) where status = 'running';
create index import_started on registry.import (started_at desc);

create table registry.metier (
  slug text primary key,
  record jsonb not null,
  position integer not null
);

create table registry.establishment (
  id integer generated always as identity,
  siret text primary key,
  siren text not null,
  state text not null check (state in ('open', 'closed')),
  diffusion text not null check (diffusion in ('full', 'partial')),
  name text,
  natural_person boolean,
  legal_category text,
  headquarters boolean,
  address text,
  postcode text,
  commune text,
  commune_declared text,
  position point,
  position_quality text not null check (position_quality in ('address', 'street', 'commune', 'none')),
  naf text,
  naf_version text,
  naf2025 text,
  aprm text,
  craft_rule text not null check (craft_rule in ('aprm', 'naf', 'naf_partial', 'none')),
  sector text,
  metier text,
  employees text,
  employees_year integer,
  created_on date,
  closed_on date,
  register_updated_at text,
  ess boolean,
  search text not null,
  fingerprint text not null,
  import uuid references registry.import,
  recorded_at timestamptz not null default now(),
  version bigint not null,
  demonstration boolean not null default false
);
create unique index establishment_id on registry.establishment (id);
create index establishment_version on registry.establishment (version);
create index establishment_commune on registry.establishment (commune, sector, metier);
create index establishment_metier on registry.establishment (metier, commune);
create index establishment_siren on registry.establishment (siren);
create index establishment_order on registry.establishment (search collate "C", siret);
create index establishment_newest on registry.establishment ((coalesce(created_on, date '0001-01-01')), siret);
create index establishment_oldest on registry.establishment ((coalesce(created_on, date '9999-12-31')), siret);
create index establishment_position on registry.establishment using gist (position);
create index establishment_search on registry.establishment using gin (search gin_trgm_ops);
create index establishment_demonstration on registry.establishment (id) where demonstration;

create table registry.establishment_history (
  siret text not null,
  recorded_at timestamptz not null,
  replaced_at timestamptz not null default now(),
  import uuid,
  record jsonb not null
);
create index establishment_history_siret on registry.establishment_history (siret, replaced_at desc);

create table registry.retired (
  id integer primary key,
  siret text not null,
  version bigint not null,
  retired_at timestamptz not null default now()
);
create index retired_version on registry.retired (version);

create sequence registry.version;

create table registry.revision (
  singleton boolean primary key default true check (singleton),
  value bigint not null,
  changed_at timestamptz not null default now()
);
insert into registry.revision (value) values (0);

create unlogged table registry.staged_establishment (
  seq integer not null,
  siret text not null,
  siren text not null,
  state text not null,
  diffusion text not null,
  name text,
  natural_person boolean,
  legal_category text,
  headquarters boolean,
  address text,
  postcode text,
  commune text,
  commune_declared text,
  lon double precision,
  lat double precision,
  position_quality text not null,
  naf text,
  naf_version text,
  naf2025 text,
  aprm text,
  craft_rule text not null,
  sector text,
  metier text,
  employees text,
  employees_year integer,
  created_on date,
  closed_on date,
  register_updated_at text,
  ess boolean,
  name_folded text,
  place_words text not null
);

create unlogged table registry.staged_enterprise (
  siren text not null,
  natural_person boolean,
  legal_category text,
  legal_name text,
  name_folded text,
  diffusion text not null,
  ess boolean
);

create unlogged table registry.staged_sign (
  siret text not null,
  name text not null,
  name_folded text not null
);

create unlogged table registry.staged_position (
  siret text not null,
  lon double precision not null,
  lat double precision not null,
  position_quality text not null
);

create view registry.public_revision as select value, changed_at from registry.revision;

create view registry.public_retired as select id, siret, version, retired_at from registry.retired;

create view registry.public_establishment as
  select e.id, e.siret, e.siren, e.state, e.name, e.natural_person, e.legal_category, e.headquarters, e.diffusion, e.address, e.postcode,
    e.commune, t.name as commune_name, t.departement, e.position, e.position_quality, e.naf, e.naf_version, e.naf2025, e.aprm,
    e.craft_rule, e.sector, e.metier, e.employees, e.employees_year, e.created_on, e.closed_on, e.register_updated_at, e.ess,
    e.search, e.recorded_at, e.version, e.demonstration
  from registry.establishment e
  left join territory.public_territory t on t.code = e.commune;
