import { newId, sql, type Actor, type Executor, type Subject } from '#platform'
import type { Action, Grant } from '../rights/model.ts'

/**
 * Keeps that somebody did something to what is not public: ids, the action, and the clause that allowed it; never a
 * content. Call it in the transaction of the act, so that neither is kept without the other.
 * @param item what of the subject, such as an item of the statements
 */
export async function audit(
  trx: Executor,
  {
    actor,
    grant,
    action,
    subject,
    item,
  }: { actor: Actor; grant: Grant; action: Action; subject: Subject; item?: string },
): Promise<void> {
  const person = actor === null ? 'nobody' : actor === 'operator' ? actor : actor.id
  const clause = grant.by === 'clause' ? grant : null
  await sql`insert into accounts.audit
      (id, person, action, subject_kind, subject_id, item, allowed_by, body, convention, clause, purpose)
    values (${newId()}, ${person}, ${action}, ${subject.kind}, ${subject.id}, ${item ?? null}, ${grant.by},
      ${clause?.body ?? null}, ${clause?.convention ?? null}, ${clause?.clause ?? null}, ${clause?.purpose ?? null})`.execute(
    trx,
  )
}
