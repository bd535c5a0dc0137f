create schema accounts;

create table accounts.sign_in_link (
  token_hash text primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table accounts.session (
  token_hash text primary key,
  person text not null,
  role text not null check (role in ('admin')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
