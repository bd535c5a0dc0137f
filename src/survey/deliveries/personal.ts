import { sql, type Erased, type Executor, type Subject } from '#platform'

/**
 * Destroys what deliveries hold of an enterprise, or of a person who delivered: rows go, and a delivery stays without its
 * author, as its answers are a body's.
 */
export async function eraseDeliveries(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind === 'enterprise') {
    // A row that was found to be no enterprise may bear its number all the same.
    await sql`delete from survey.delivery_row where siret = ${id} or (siret is null and ${/^0*[1-9]\d*$/.test(id)} and exists (
      select from unnest(cells) as cell where ltrim(regexp_replace(cell, '\\D', '', 'g'), '0') = ltrim(${id}, '0')))`.execute(
      trx,
    )
    return { files: [], tables: ['survey.delivery_row'] }
  }
  if (kind !== 'person') return { files: [], tables: [] }
  await sql`delete from survey.delivery where author = ${id} and state in ('matching', 'read', 'refused')`.execute(trx)
  for (const column of ['author', 'accepted_by', 'undone_by'])
    await sql`update survey.delivery set ${sql.id(column)} = 'erased' where ${sql.id(column)} = ${id}`.execute(trx)
  return { files: [], tables: ['survey.delivery', 'survey.delivery_row'] }
}

/** What deliveries hold of an enterprise or of a person, as JSON; a row that may be about another enterprise is not given. */
export async function exportDeliveries(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind === 'enterprise') {
    const found = await sql`select d.title, d.body, r.line, r.cells, r.decision, d.created_at as "deliveredAt"
      from survey.delivery_row r join survey.delivery d on d.id = r.delivery
      where r.siret = ${id} and r.decision <> 'doubtful' order by d.id, r.line`.execute(db)
    return { deliveryRows: found.rows }
  }
  if (kind !== 'person') return {}
  const found = await sql`select title, file_name as "fileName", body, state, created_at as "deliveredAt"
    from survey.delivery where ${id} in (author, accepted_by, undone_by) order by id`.execute(db)
  return { deliveries: found.rows }
}
