create table platform.outbox (
  id bigint generated always as identity primary key,
  kind text not null,
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  handled_at timestamptz,
  failed text,
  attempts integer not null default 0
);
create index outbox_waiting on platform.outbox (id) where handled_at is null;
create index outbox_failed on platform.outbox (id) where failed is not null;

create table platform.job_progress (
  job uuid primary key,
  ratio double precision,
  text text not null,
  refused text,
  at timestamptz not null default now()
);

create table platform.setting (
  key text primary key,
  value jsonb not null
);
