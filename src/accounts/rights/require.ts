import { sql, type Actor } from '#platform'
import { decide, inNameOf } from './decide.ts'
import { explain, refusedError, type RefusalNames } from './errors.ts'
import type { Action, Grant, ProtectedRecord, Purpose, Refused } from './model.ts'
import { executorOf, getStanding, type Source } from './queries.ts'

async function namesOf(source: Source, { body }: Refused): Promise<RefusalNames> {
  if (body === undefined) return { body: null, contact: null }
  const found =
    await sql<RefusalNames>`select name as body, email as contact from accounts.body where id = ${body}`.execute(
      executorOf(source),
    )
  return found.rows[0] ?? { body: null, contact: null }
}

/**
 * Lets an act on a record pass now, or refuses it. Whoever runs the program on its own machine is not asked.
 * @param source the database, or the transaction of the act
 * @param options the purpose, any one by default; the one body in whose name, null for none, any by default
 * @returns what allows it, for the audit
 * @throws {UserError} 401 when nobody is signed in, else 403 `right.<reason>`, in French: why, and what to do
 */
export async function requireRight(
  source: Source,
  actor: Actor,
  action: Action,
  record: ProtectedRecord,
  { purpose, body }: { purpose?: Purpose; body?: string | null | undefined } = {},
): Promise<Grant> {
  if (actor === 'operator') return { allowed: true, by: 'administrator' }
  const whole = await getStanding(source, actor)
  const standing = body === undefined ? whole : inNameOf(whole, body)
  const decision = decide(standing, action, record, new Date().toISOString(), purpose)
  if (decision.allowed) return decision
  throw refusedError(decision, action, await namesOf(source, decision))
}

/** The sentence of a refusal: why, and what to do. */
export async function explainRefusal(source: Source, refused: Refused, action: Action): Promise<string> {
  return explain(refused, action, await namesOf(source, refused))
}
