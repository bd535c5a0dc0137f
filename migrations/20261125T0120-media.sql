create schema media;

create sequence media.version;

create table media.blob (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  kind text not null check (kind in ('picture', 'film', 'sound', 'model', 'document')),
  format text not null,
  bytes bigint not null,
  facts jsonb not null default '{}',
  encoded_at timestamptz
);

create table media.derived (
  folder text not null check (folder ~ '^[0-9a-f]{64}$'),
  name text not null,
  type text not null,
  bytes bigint not null,
  width integer,
  height integer,
  primary key (folder, name)
);

create table media.file (
  id uuid primary key,
  name text not null,
  bytes bigint not null,
  kind text check (kind in ('picture', 'film', 'sound', 'model', 'document')),
  state text not null check (state in ('uploading', 'received', 'queued', 'waiting', 'ready', 'refused')),
  refusal text,
  job uuid,
  depositor text not null,
  body text,
  subject_kind text not null,
  subject_id text not null,
  commune text,
  metier text,
  blob text,
  rendition text,
  zones jsonb,
  asked text not null default 'secret' check (asked in ('public', 'partners', 'body', 'secret')),
  author text not null default '',
  credit text not null default '',
  licence text not null default 'none-yet'
    check (licence in ('cc0', 'cc-by', 'cc-by-sa', 'licence-ouverte', 'all-rights-reserved', 'none-yet')),
  authorisations text[] not null default '{}',
  caption_fr text not null default '',
  caption_en text not null default '',
  alt_fr text not null default '',
  alt_en text not null default '',
  created_at timestamptz not null default now(),
  received_at timestamptz,
  version bigint not null default nextval('media.version'),
  check ((state = 'refused') = (refusal is not null)),
  check (state not in ('queued', 'waiting', 'ready') or (blob is not null and kind is not null))
);
create index file_depositor on media.file (depositor, id desc);
create index file_subject on media.file (subject_kind, subject_id, id desc);
create index file_blob on media.file (blob) where blob is not null;
create index file_rendition on media.file (rendition) where rendition is not null;
create index file_unfinished on media.file (state, created_at) where state <> 'ready';
create index file_ready on media.file (id desc) where state = 'ready';

create view media.public_file as
  select f.id, f.kind, f.subject_kind, f.subject_id, f.name, f.bytes, f.blob, f.rendition, b.facts, f.author, f.credit, f.licence,
    f.caption_fr, f.caption_en, f.alt_fr, f.alt_en, f.created_at, greatest(f.version, r.version) as version
  from media.file f
  join media.blob b on b.hash = f.blob
  join consent.public_record r on r.kind = 'media' and r.id = f.id::text
  where f.state = 'ready';
