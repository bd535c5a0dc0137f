-- The single administrator of the first version and his links: people replace them.
drop table accounts.session;

drop table accounts.sign_in_link;

create table accounts.person (
  id text primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  -- The sign-in library demands the column; no portrait is kept.
  image text,
  administrator boolean not null default false,
  signed_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index person_administrator on accounts.person (created_at) where administrator;

create table accounts.session (
  id text primary key,
  person text not null references accounts.person on delete cascade,
  -- The cookie holds it with a signature: without the secret, a copy of this table opens nothing.
  token text not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- Never filled: addresses of visitors are not kept.
  ip_address text,
  user_agent text
);

create index session_person on accounts.session (person);

create index session_expiry on accounts.session (expires_at);

create table accounts.account (
  id text primary key,
  person text not null references accounts.person on delete cascade,
  provider_id text not null,
  account_id text not null,
  -- Tokens of the provider are dropped once they have served.
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);

create index account_person on accounts.account (person);

create table accounts.verification (
  id text primary key,
  -- A hash of the link's token, or the number of a ceremony that is under way.
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index verification_identifier on accounts.verification (identifier);

create index verification_expiry on accounts.verification (expires_at);

create table accounts.passkey (
  id text primary key,
  person text not null references accounts.person on delete cascade,
  name text,
  public_key text not null,
  credential_id text not null unique,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz default now()
);

create index passkey_person on accounts.passkey (person);

-- Attempts to sign in, by a keyed hash of who tries: neither an address nor a name.
create table accounts.attempt (
  key text primary key,
  count integer not null,
  until timestamptz not null
);

create index attempt_until on accounts.attempt (until);
