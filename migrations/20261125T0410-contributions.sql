-- `held`: its enterprise is not in the register, and its answers wait. Of one that never was, not even the commune is known.
alter table survey.contribution
  alter column commune drop not null,
  add column held boolean not null default false,
  -- The agreement as it was last seen here, and when it was given or changed: an older word does not undo a later one.
  add column agreement text,
  add column agreed_at timestamptz;

create index contribution_held on survey.contribution (siret) where held;
create index contribution_body on survey.contribution (body, opened_at desc, id desc);
create index contribution_mine on survey.contribution (author, opened_at desc, id desc);
create index contribution_covered on survey.contribution (commune, siret, opened_at desc) where siret is not null;
create index entry_author on survey.entry (author);
create index prospect_author on survey.prospect (author);
-- In the order in which a device wrote.
create index entry_device on survey.entry (device, (payload->>'at'), id) where device is not null;
