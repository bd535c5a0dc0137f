-- The moment at which it was said: devices send later what was said earlier. The order of a source's words follows it.
alter table statements.statement add column said_at timestamptz;
create index agreed_item on statements.agreed (item, subject_id) where audience = 'public' and subject_kind = 'enterprise';
