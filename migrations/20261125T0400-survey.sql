create schema survey;

-- Somebody whom the register does not know yet; answers wait until `siret` is known.
create table survey.prospect (
  id uuid primary key,
  name text not null,
  commune text not null,
  address text,
  metier text,
  body text,
  author text not null,
  siret text,
  linked_by text,
  linked_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  check ((siret is null) = (linked_at is null))
);
create index prospect_commune on survey.prospect (commune) where siret is null;
create index prospect_body on survey.prospect (body, created_at desc);

-- A file of a partner. Once undone, this row alone is left of it.
create table survey.delivery (
  id uuid primary key,
  body text not null,
  author text not null,
  title text not null,
  file_name text not null,
  state text not null check (state in ('matching', 'read', 'accepting', 'accepted', 'undoing', 'undone', 'refused')),
  guide integer not null,
  -- One for each column of the file: {"header": "N° SIRET", "meaning": "siret", "confidence": 0.95}.
  columns jsonb not null default '[]',
  -- Why the file was refused.
  problem text,
  -- The work that matches, accepts or undoes it, as the queue knows it.
  job uuid,
  created_at timestamptz not null default clock_timestamp(),
  -- In whose name its answers are said.
  accepted_by text,
  accepted_at timestamptz,
  undone_by text,
  undone_at timestamptz
);
create index delivery_body on survey.delivery (body, created_at desc);
create index delivery_author on survey.delivery (author);

create table survey.delivery_row (
  delivery uuid not null references survey.delivery on delete cascade,
  -- Line in the file, the header being 1.
  line integer not null,
  -- Empty where the column is not kept; none once the row was taken, as its contribution has them.
  cells text[] not null,
  siret text,
  -- 0 to 1.
  score double precision not null default 0,
  reasons jsonb not null default '[]',
  candidates jsonb not null default '[]',
  decision text not null check (decision in ('matched', 'doubtful', 'unknown', 'refused', 'skipped')),
  -- Answers that the row gives.
  answers integer not null default 0,
  problems jsonb not null default '[]',
  primary key (delivery, line)
);
create index delivery_row_decision on survey.delivery_row (delivery, decision, line);
create index delivery_row_siret on survey.delivery_row (siret) where siret is not null;

-- One visit of one enterprise, by somebody for a body, or by its holder.
create table survey.contribution (
  id uuid primary key,
  siret text,
  prospect uuid references survey.prospect,
  body text,
  clause text,
  author text not null,
  guide integer not null,
  mode text not null check (mode in ('full', 'short', 'group')),
  channel text not null check (channel in ('device', 'page', 'delivery', 'collect')),
  delivery uuid references survey.delivery,
  commune text not null,
  metier text,
  opened_at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  check (siret is not null or prospect is not null)
);
create index contribution_siret on survey.contribution (siret, opened_at desc);
create index contribution_prospect on survey.contribution (prospect) where prospect is not null;
create index contribution_commune on survey.contribution (commune, opened_at desc);
create index contribution_author on survey.contribution (author, received_at desc);
create index contribution_delivery on survey.contribution (delivery) where delivery is not null;

-- What devices sent, as they sent it; only ever added to, but for an erasure.
create table survey.entry (
  id uuid primary key,
  contribution uuid not null,
  device text,
  author text not null,
  type text not null check (type in ('open', 'prospect', 'answer', 'retract', 'consent')),
  payload jsonb not null,
  -- Of the device's clock, its skew taken off.
  said_at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  state text not null check (state in ('taken', 'held'))
);
create index entry_contribution on survey.entry (contribution, said_at);
create index entry_held on survey.entry (contribution) where state = 'held';

create table survey.meeting (
  id uuid primary key,
  -- The body that holds it.
  body text not null,
  author text not null,
  kind text not null check (kind in ('meeting', 'training')),
  title text not null,
  starts_at timestamptz not null,
  ends_at timestamptz check (ends_at > starts_at),
  place text not null,
  agenda text not null default '',
  cancelled_at timestamptz,
  cancel_reason text,
  -- How often it changed since it was announced: calendars take the last one.
  sequence integer not null default 0,
  changed_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  check ((cancelled_at is null) = (cancel_reason is null))
);
create index meeting_start on survey.meeting (starts_at, id);

create table survey.attendance (
  id uuid primary key,
  meeting uuid not null references survey.meeting on delete cascade,
  name text not null,
  -- Whom the person comes for: a body's name, an enterprise.
  organisation text,
  siret text check (siret ~ '^[0-9]{14}$'),
  -- Account of whoever put himself on the list.
  person text,
  -- Null: nobody has said yet.
  present boolean,
  created_at timestamptz not null default clock_timestamp()
);
create index attendance_meeting on survey.attendance (meeting);
create unique index attendance_person on survey.attendance (person, meeting) where person is not null;
create index attendance_siret on survey.attendance (siret) where siret is not null;

create table survey.material (
  id uuid primary key,
  meeting uuid not null references survey.meeting on delete cascade,
  title text not null,
  -- A page elsewhere, or a deposited file.
  link text,
  file uuid,
  position integer not null,
  check ((link is null) <> (file is null))
);
create index material_meeting on survey.material (meeting, position);
