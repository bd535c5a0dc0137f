create table accounts.body (
  id uuid primary key,
  kind text not null check (kind in ('chamber', 'commune', 'epci', 'departement', 'region', 'federation', 'school', 'museum', 'association', 'company', 'other')),
  name text not null,
  -- Code of a territory, whose capability holds it.
  territory text,
  email text,
  logo text,
  created_at timestamptz not null default now()
);
create unique index body_name on accounts.body (lower(name));

create table accounts.membership (
  id uuid primary key,
  body uuid not null references accounts.body,
  person text not null,
  role text not null check (role in ('manager', 'surveyor', 'reader', 'expert')),
  metiers text[] check (metiers <> '{}'),
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  created_by text not null,
  check (role = 'expert' or metiers is null)
);
create index membership_person on accounts.membership (person);
create index membership_body on accounts.membership (body, starts_at);

create table accounts.convention (
  id uuid primary key,
  body uuid not null references accounts.body,
  title text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  signed_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  -- Key of the signed file.
  file text,
  replaces uuid references accounts.convention,
  created_at timestamptz not null default now(),
  check (starts_at < ends_at),
  check ((signed_at is null) = (file is null)),
  check ((ended_at is null) = (end_reason is null))
);
create index convention_body on accounts.convention (body, starts_at);
create index convention_replaces on accounts.convention (replaces) where replaces is not null;

create table accounts.clause (
  id uuid primary key,
  convention uuid not null references accounts.convention on delete cascade,
  action text not null check (action in ('read', 'contribute', 'validate', 'export')),
  -- Both null: everything.
  items text[] check (items <> '{}'),
  pillars text[] check (pillars <> '{}' and pillars <@ array['environment', 'economic', 'social', 'register']),
  -- Null: everywhere.
  territory text,
  purpose text not null check (purpose in ('atlas', 'survey', 'support', 'teaching', 'research', 'publication'))
);
create index clause_convention on accounts.clause (convention);

-- What was signed stays as it was signed: a new convention replaces it.
create function accounts.keep_signed_clause() returns trigger language plpgsql as $$ begin if exists (select 1 from accounts.convention where id = old.convention and signed_at is not null) then raise exception 'a signed convention keeps its clauses'; end if; return case tg_op when 'DELETE' then old else new end; end $$;
create trigger keep_signed_clause before update or delete on accounts.clause for each row execute function accounts.keep_signed_clause();

-- The life of a convention, one row a step; `detail` says the old and the new end, or the reason.
create table accounts.convention_event (
  id uuid primary key,
  convention uuid not null references accounts.convention on delete cascade,
  kind text not null check (kind in ('written', 'signed', 'extended', 'ended')),
  at timestamptz not null default now(),
  person text not null,
  detail jsonb not null default '{}'
);
create index convention_event_convention on accounts.convention_event (convention, at);

-- Who did what to what that is not public, and under which clause: ids alone, never a content or a name.
create table accounts.audit (
  id uuid primary key,
  at timestamptz not null default now(),
  person text not null,
  action text not null check (action in ('read', 'contribute', 'validate', 'export')),
  subject_kind text not null,
  subject_id text not null,
  item text,
  allowed_by text not null check (allowed_by in ('public', 'subject', 'administrator', 'clause')),
  body uuid,
  convention uuid,
  clause uuid,
  purpose text,
  check ((allowed_by = 'clause') = (clause is not null))
);
create index audit_subject on accounts.audit (subject_kind, subject_id, id);
create index audit_body on accounts.audit (body, id) where body is not null;

create function accounts.keep_audit() returns trigger language plpgsql as $$ begin raise exception 'the audit is only ever added to'; end $$;
create trigger keep_audit before update or delete or truncate on accounts.audit for each statement execute function accounts.keep_audit();

create table accounts.enterprise_holder (
  person text not null,
  siret text not null check (siret ~ '^[0-9]{14}$'),
  since timestamptz not null default now(),
  primary key (person, siret)
);
create index enterprise_holder_siret on accounts.enterprise_holder (siret);

-- A code proves once that whoever types it received it from a body that knows the enterprise.
create table accounts.enterprise_code (
  hash text primary key,
  siret text not null check (siret ~ '^[0-9]{14}$'),
  body uuid references accounts.body,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index enterprise_code_siret on accounts.enterprise_code (siret);
create index enterprise_code_created_by on accounts.enterprise_code (created_by);
create index enterprise_code_expires on accounts.enterprise_code (expires_at);

create table accounts.guest_link (
  id uuid primary key,
  token_hash text not null unique,
  subject_kind text not null,
  subject_id text not null,
  -- What a guest reads before he gives his name, and the page where he goes next.
  label text not null,
  path text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index guest_link_subject on accounts.guest_link (subject_kind, subject_id);

create table accounts.guest (
  id uuid primary key,
  link uuid not null references accounts.guest_link on delete cascade,
  cookie_hash text not null unique,
  name text not null,
  age_class text not null check (age_class in ('adult', 'minor')),
  created_at timestamptz not null default now()
);
create index guest_link_guest on accounts.guest (link);

create view accounts.public_body as select id::text as id, kind, name, territory from accounts.body;
