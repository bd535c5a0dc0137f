create schema statements;

create table statements.statement (
  id uuid primary key,
  subject_kind text not null,
  subject_id text not null,
  item text not null,
  value jsonb not null,
  -- Null: nobody known, or a value of a public register.
  author text,
  source text not null check (source in ('citizen', 'body', 'subject', 'register')),
  body text,
  clause text,
  said_on date not null,
  recorded_at timestamptz not null default clock_timestamp(),
  method text not null check (method in ('on_site', 'phone', 'online', 'document', 'hearsay')),
  evidence text,
  comment text,
  check ((source = 'body') = (body is not null))
);
create index statement_item on statements.statement (subject_kind, subject_id, item);
create index statement_author on statements.statement (author, recorded_at desc) where author is not null;

-- What a citizen said and nobody has accepted or refused yet.
create table statements.pending (
  statement uuid primary key references statements.statement on delete cascade,
  recorded_at timestamptz not null default clock_timestamp()
);
create index pending_order on statements.pending (recorded_at, statement);

create table statements.withdrawal (
  id uuid primary key,
  statement uuid not null references statements.statement,
  actor text not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index withdrawal_statement on statements.withdrawal (statement);

create table statements.moderation (
  id uuid primary key,
  statement uuid not null references statements.statement,
  accepted boolean not null,
  reason text not null,
  moderator text not null,
  clause text,
  recorded_at timestamptz not null default clock_timestamp()
);
create index moderation_statement on statements.moderation (statement);

create table statements.settlement (
  id uuid primary key,
  subject_kind text not null,
  subject_id text not null,
  item text not null,
  -- The claim whose value is kept, one of `over`.
  chosen uuid not null references statements.statement,
  over uuid[] not null,
  reason text not null,
  validator text not null,
  body text,
  clause text,
  recorded_at timestamptz not null default clock_timestamp(),
  check (chosen = any(over))
);
create index settlement_item on statements.settlement (subject_kind, subject_id, item);
create index settlement_chosen on statements.settlement (chosen);

create table statements.dissent (
  id uuid primary key,
  settlement uuid not null references statements.settlement,
  body text not null,
  author text not null,
  clause text,
  reason text not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index dissent_settlement on statements.dissent (settlement);

create table statements.contest (
  id uuid primary key,
  subject_kind text not null,
  subject_id text not null,
  item text not null,
  author text not null,
  reason text not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index contest_item on statements.contest (subject_kind, subject_id, item);

create function statements.refuse_change() returns trigger language plpgsql as $$ begin if current_setting('artisanumerique.erasing', true) = 'on' then return coalesce(new, old); end if; raise exception 'statements.% is append-only', tg_table_name; end $$;
create trigger statement_append_only before update or delete on statements.statement for each row execute function statements.refuse_change();
create trigger withdrawal_append_only before update or delete on statements.withdrawal for each row execute function statements.refuse_change();
create trigger moderation_append_only before update or delete on statements.moderation for each row execute function statements.refuse_change();
create trigger settlement_append_only before update or delete on statements.settlement for each row execute function statements.refuse_change();
create trigger dissent_append_only before update or delete on statements.dissent for each row execute function statements.refuse_change();
create trigger contest_append_only before update or delete on statements.contest for each row execute function statements.refuse_change();

create sequence statements.version;

-- What the rule makes of all that was said (`all`), and of what everybody may read (`public`).
create table statements.agreed (
  subject_kind text not null,
  subject_id text not null,
  item text not null,
  audience text not null check (audience in ('all', 'public')),
  state text not null check (state in ('agreed', 'majority', 'tied', 'settled', 'contested')),
  value jsonb,
  support integer not null,
  voices integer not null,
  said_on date not null,
  -- Sides, settlement, dissents and contest, as the rule gives them.
  detail jsonb not null,
  -- The statements that the row shows something of.
  statements text[] not null,
  version bigint not null default nextval('statements.version'),
  computed_at timestamptz not null default clock_timestamp(),
  primary key (subject_kind, subject_id, item, audience)
);
create index agreed_to_settle on statements.agreed (computed_at, subject_kind, subject_id, item) where audience = 'all' and state in ('tied', 'contested');

create view statements.public_agreed as
  select a.subject_kind, a.subject_id, a.item, a.state, a.value, a.support, a.voices, a.said_on, a.detail, a.version, a.computed_at
  from statements.agreed a
  where a.audience = 'public' and not exists (
    select from unnest(a.statements) as shown (id)
    where not exists (select from consent.public_record r where r.kind = 'statement' and r.id = shown.id));
