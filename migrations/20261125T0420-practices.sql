-- The items of all versions of the guide; each start writes them from its files.
create table survey.item (
  id text primary key,
  pillar text not null check (pillar in ('environment', 'economic', 'social')),
  section text not null,
  kind text not null,
  strength boolean not null
);

-- What everybody may read of practices: a view, so that what is withdrawn is gone at once.
create view survey.public_practice as
  select a.subject_id as siret, e.siren, e.name, e.search, e.commune, e.commune_name, e.departement, e.sector, e.metier,
    e.state as unit_state, e.craft_rule, a.item, i.pillar, i.section, i.strength, a.state, a.value,
    coalesce(a.value->>'answer', a.value->>'choice') as choice,
    case a.value->>'kind'
      when 'answer' then a.value->>'answer' in ('yes', 'partly')
      when 'number' then (a.value->>'number')::numeric > 0
      else a.value is not null
    end as done,
    a.support, a.voices, a.said_on, a.detail, a.version
  from statements.public_agreed a
  join survey.item i on i.id = a.item
  join registry.public_establishment e on e.siret = a.subject_id
  where a.subject_kind = 'enterprise'
    and (a.value->>'kind' is distinct from 'file'
      or exists (select from media.public_file f where f.id::text = a.value->>'file'));

-- The same view, reading the records of a row one by one through an index of their own: the planner cannot know how few
-- statements a row shows, and compared each with all records.
create index record_shown on consent.record (kind, id) where effective = 'public';
create or replace view statements.public_agreed as
  select a.subject_kind, a.subject_id, a.item, a.state, a.value, a.support, a.voices, a.said_on, a.detail, a.version, a.computed_at
  from statements.agreed a
  where a.audience = 'public' and not exists (
    select from unnest(a.statements) as shown (id)
    left join lateral (
      select true as open from consent.public_record r where r.kind = 'statement' and r.id = shown.id limit 1) r on true
    where r.open is null);
