import { decide, explainRefusal, getStanding, type Grant, type ProtectedRecord, type Standing } from '#accounts'
import { inNameOf, refusals, type Action, type Decision, type Refused } from '#accounts/model'
import type { Actor, Executor } from '#platform'
import type { GuideItem } from '../model.ts'
import { EntryRefused } from './refusal.ts'
import type { Place } from './rows.ts'

/** Whom the right is asked about; `place` null: nobody knows where it is. */
export interface About {
  subject: ProtectedRecord['subject']
  place: Place | null
  body: string | null
  author: string
}

export type Asked = Pick<GuideItem, 'id' | 'pillar'>

const everywhere = (standing: Standing): Standing => ({
  ...standing,
  memberships: standing.memberships.map((one) => ({ ...one, metiers: null })),
  conventions: standing.conventions.map((one) => ({
    ...one,
    clauses: one.clauses.map((clause) => ({ ...clause, territory: null, communes: null })),
  })),
})

const recordOf = ({ subject, place, author }: About, { id, pillar }: Asked): ProtectedRecord => ({
  item: id,
  pillar,
  subject,
  commune: place?.commune ?? null,
  metier: place?.metier ?? null,
  disclosure: 'public',
  body: null,
  author,
})

export interface Allowed {
  grant: Grant
  /** The item that the right was found for. */
  item: Asked
}

const isFurther = (one: Refused, other: Refused | null) =>
  other === null || refusals.indexOf(one.reason) > refusals.indexOf(other.reason)

/**
 * The right to act on one of some items, in the name of one body or of nobody else, at a moment; else the refusal that went
 * furthest. Of an enterprise that nobody knows the place of, the territory is looked at later.
 */
export function decideAny(
  standing: Standing,
  action: Action,
  about: About,
  items: readonly Asked[],
  at: string,
): Allowed | Refused {
  const named = inNameOf(standing, about.body)
  const own = about.place === null ? everywhere(named) : named
  let refused: Refused | null = null
  for (const item of items) {
    const decision: Decision = decide(own, action, recordOf(about, item), at)
    if (decision.allowed) return { grant: decision, item }
    if (isFurther(decision, refused)) refused = decision
  }
  return refused ?? { allowed: false, reason: 'item' }
}

/**
 * The right to contribute now, of one of some items.
 * @throws {EntryRefused} with the sentence of the accounts
 */
export async function requireContribute(
  trx: Executor,
  actor: Actor,
  about: About,
  items: readonly Asked[],
): Promise<Allowed> {
  const decision = decideAny(await getStanding(trx, actor), 'contribute', about, items, new Date().toISOString())
  if ('grant' in decision) return decision
  throw new EntryRefused('refused', `right.${decision.reason}`, await explainRefusal(trx, decision, 'contribute'))
}

/** The clause that a right comes from; null for one's own word. */
export const clauseOf = (grant: Grant): string | null => (grant.by === 'clause' ? grant.clause : null)
