create table platform.mail (
  id uuid primary key,
  recipient text,
  subject text,
  body text,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  claimed_until timestamptz,
  failure text,
  failed_at timestamptz,
  sent_at timestamptz,
  constraint mail_sent_is_empty check ((recipient is null and subject is null and body is null) = (sent_at is not null))
);
create index mail_kept on platform.mail (created_at, id) where sent_at is null;
create index mail_sent on platform.mail (sent_at) where sent_at is not null;

create sequence platform.retired_version;
create table platform.retired (
  kind text not null,
  id text not null,
  version bigint not null default nextval('platform.retired_version'),
  retired_at timestamptz not null default now(),
  primary key (kind, id, version)
);
alter sequence platform.retired_version owned by platform.retired.version;
create unique index retired_feed on platform.retired (version);
create index retired_of_kind on platform.retired (kind, version);
create index outbox_handled on platform.outbox (handled_at) where handled_at is not null and failed is null;
create index job_progress_at on platform.job_progress (at);

create table platform.unscrubbed (
  name text primary key,
  asked_at timestamptz not null default clock_timestamp()
);
