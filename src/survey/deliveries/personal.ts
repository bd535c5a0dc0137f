import { sql, type Erased, type Executor, type Subject } from '#platform'

/**
 * Destroys what deliveries hold of an enterprise, or of a person who delivered: rows go, and a delivery stays without its
 * author, as its answers are a body's.
 */
export async function eraseDeliveries(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind === 'enterprise') {
    await sql`delete from survey.delivery_row where siret = ${id}`.execute(trx)
    return { files: [], tables: ['survey.delivery_row'] }
  }
  if (kind !== 'person') return { files: [], tables: [] }
  await sql`delete from survey.delivery where author = ${id} and state in ('matching', 'read', 'refused')`.execute(trx)
  for (const column of ['author', 'accepted_by', 'undone_by'])
    await sql`update survey.delivery set ${sql.id(column)} = 'erased' where ${sql.id(column)} = ${id}`.execute(trx)
  return { files: [], tables: ['survey.delivery', 'survey.delivery_row'] }
}

/** What deliveries hold of an enterprise or of a person, as JSON. */
export async function exportDeliveries(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind === 'enterprise') {
    const found = await sql`select d.title, d.body, r.line, r.cells, r.decision, d.created_at as "deliveredAt"
      from survey.delivery_row r join survey.delivery d on d.id = r.delivery where r.siret = ${id} order by d.id, r.line`.execute(
      db,
    )
    return { deliveryRows: found.rows }
  }
  if (kind !== 'person') return {}
  const found = await sql`select title, file_name as "fileName", body, state, created_at as "deliveredAt"
    from survey.delivery where author = ${id} order by id`.execute(db)
  return { deliveries: found.rows }
}
