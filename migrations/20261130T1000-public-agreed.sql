-- Whether all of these records may be read by everybody.
create function consent.are_public(of_kind text, ids text[]) returns boolean language plpgsql stable parallel safe cost 10 as $$ begin return not exists (select from unnest(ids) as shown (id) left join lateral (select true as open from consent.public_record r where r.kind = of_kind and r.id = shown.id limit 1) r on true where r.open is null); end $$;

-- `statements.public_agreed`, for whoever reads most of its rows: the ids that are public are read once for all rows, where
-- that view looks each up. `is true` keeps it so, whatever the planner knows of the tables: nothing before the first night.
create view statements.public_agreed_whole as
  select a.subject_kind, a.subject_id, a.item, a.state, a.value, a.support, a.voices, a.said_on, a.detail, a.version, a.computed_at
  from statements.agreed a
  where a.audience = 'public'
    and (a.statements[1] in (select r.id from consent.public_record r where r.kind = 'statement')) is true
    and (cardinality(a.statements) = 1 or consent.are_public('statement', a.statements));

create or replace view survey.public_practice as
  select a.subject_id as siret, e.siren, e.name, e.search, e.commune, e.commune_name, e.departement, e.sector, e.metier,
    e.state as unit_state, e.craft_rule, a.item, i.pillar, i.section, i.strength, a.state, a.value,
    coalesce(a.value->>'answer', a.value->>'choice') as choice,
    case a.value->>'kind'
      when 'answer' then a.value->>'answer' in ('yes', 'partly')
      when 'number' then (a.value->>'number')::numeric > 0
      else a.value is not null
    end as done,
    a.support, a.voices, a.said_on, a.detail, a.version
  from statements.public_agreed_whole a
  join survey.item i on i.id = a.item
  join registry.public_establishment e on e.siret = a.subject_id
  where a.subject_kind = 'enterprise'
    and (a.value->>'kind' is distinct from 'file'
      or exists (select from media.public_file f where f.id::text = a.value->>'file'));
