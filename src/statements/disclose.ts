import type { Disclosure } from '#accounts/model'
import { declareRecord } from '#consent'
import { narrower } from '#consent/model'
import { sql, type Actor, type Executor } from '#platform'
import { recompute } from './agreed.ts'
import { getItem } from './items.ts'

/**
 * Says anew who may read statements, for the capability that collected them, has checked the right and keeps their agreement; what is public
 * follows in the same transaction. Unknown and withdrawn ones are passed over.
 * @throws {UserError} 410 when one was erased
 */
export async function setDisclosures(
  trx: Executor,
  actor: Actor,
  disclosures: readonly { id: string; asked: Disclosure }[],
): Promise<void> {
  const found = await sql<{
    id: string
    kind: string
    subject: string
    item: string
    body: string | null
    author: string | null
  }>`
    select s.id, s.subject_kind as kind, s.subject_id as subject, s.item, s.body, s.author from statements.statement s
    where s.id = any(${disclosures.map(({ id }) => id)}::uuid[])
      and not exists (select from statements.withdrawal w where w.statement = s.id)
    order by s.subject_kind, s.subject_id, s.item`.execute(trx)
  const askedOf = new Map(disclosures.map(({ id, asked }) => [id, asked]))
  for (const { id, kind, item: name, body, author } of found.rows) {
    const asked = narrower(askedOf.get(id)!, getItem(kind, name).ceiling ?? 'public')
    await declareRecord(trx, actor, { kind: 'statement', id, asked, body, holder: null, author, identifying: false })
  }
  const items = new Map(found.rows.map((row) => [`${row.kind} ${row.subject} ${row.item}`, row]))
  for (const { kind, subject, item } of items.values()) await recompute(trx, { kind, id: subject }, item)
}
