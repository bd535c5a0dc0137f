create schema consent;

create table consent.text (
  version text not null,
  lang text not null check (lang in ('fr', 'en')),
  topic text not null check (topic in ('know-how', 'image', 'motion', 'minor')),
  hash text not null,
  title text not null,
  body text not null,
  primary key (version, lang)
);

create sequence consent.version;

create table consent.record (
  kind text not null,
  id text not null,
  asked text not null check (asked in ('public', 'partners', 'body', 'secret')),
  body text,
  holder_kind text,
  holder_id text,
  identifying boolean not null default true,
  author text,
  item text,
  pillar text,
  commune text,
  metier text,
  status text not null check (status in ('none', 'asked', 'given', 'refused', 'withdrawn', 'expired', 'erased')),
  minor boolean not null default false,
  effective text not null check (effective in ('public', 'partners', 'body', 'secret')),
  uses text[] not null default '{}',
  until timestamptz,
  text_version text,
  version bigint not null default nextval('consent.version'),
  changed_at timestamptz not null default now(),
  primary key (kind, id),
  check ((holder_kind is null) = (holder_id is null))
);
create index record_holder on consent.record (holder_kind, holder_id);
create index record_author on consent.record (author);
create index record_public on consent.record (kind, version) where effective = 'public';
create index record_unagreed on consent.record (changed_at) where holder_kind is not null and status not in ('given', 'erased');
create index record_until on consent.record (until) where until is not null;

create table consent.event (
  position bigint generated always as identity primary key,
  kind text not null,
  record text not null,
  at timestamptz not null default now(),
  type text not null check (type in ('declare', 'ask', 'give', 'narrow', 'refuse', 'withdraw', 'expire')),
  actor text,
  asked text,
  holder_kind text,
  holder_id text,
  identifying boolean,
  audience text,
  uses text[],
  until timestamptz,
  way text check (way in ('screen', 'paper', 'mail')),
  signed_by text check (signed_by in ('holder', 'guardian')),
  age_class text check (age_class in ('adult', 'minor')),
  guardian text,
  text_version text,
  text_lang text,
  evidence text,
  foreign key (text_version, text_lang) references consent.text (version, lang)
);
create index event_record on consent.event (kind, record, position);
create index event_actor on consent.event (actor);
create index event_evidence on consent.event (evidence) where evidence is not null;

create function consent.refuse_change() returns trigger language plpgsql as $$ begin if current_setting('consent.erasing', true) = 'on' then return coalesce(new, old); end if; raise exception 'consent.% is append-only', tg_table_name; end $$;
create trigger event_append_only before update or delete on consent.event for each row execute function consent.refuse_change();
create trigger text_immutable before update or delete on consent.text for each row execute function consent.refuse_change();

create table consent.erasure (
  id uuid primary key,
  subject_kind text not null,
  subject_id text not null,
  reason text not null check (reason in ('request', 'withdrawal', 'minor', 'unlawful', 'law')),
  at timestamptz not null default now(),
  pending boolean not null default true,
  files text[] not null default '{}',
  tables text[] not null default '{}'
);
create index erasure_pending on consent.erasure (at) where pending;
create index erasure_subject on consent.erasure (subject_kind, subject_id);

create table consent.objection (
  siret text primary key,
  at timestamptz not null default now()
);

create table consent.notice (
  singleton boolean primary key default true check (singleton),
  publisher text not null default '',
  address text not null default '',
  director text not null default '',
  contact text not null default '',
  host text not null default '',
  host_address text not null default '',
  dpo text not null default '',
  changed_at timestamptz not null default now()
);

create view consent.public_record as
  select kind, id, version from consent.record where effective = 'public' and (until is null or until > now());

create view consent.public_objection as select siret from consent.objection;
