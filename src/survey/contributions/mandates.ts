import { decide, type Standing } from '#accounts'
import { endOf, pillars, type Clause, type Convention, type Membership, type Pillar } from '#accounts/model'
import type { Asked } from './rights.ts'

/** One clause under which somebody may contribute now. */
export interface Opening {
  body: string
  /** Code of the territory; null: everywhere. */
  territory: string | null
  communes: ReadonlySet<string> | null
  pillars: Pillar[]
  /** End of the convention, or of the membership when it comes before. */
  until: string
}

const sooner = (a: string, b: string | null) => (b !== null && Date.parse(b) < Date.parse(a) ? b : a)

/** What a clause alone lets a member contribute to, by the rule of rights. */
function openingOf(
  standing: Standing,
  member: Membership,
  convention: Convention,
  clause: Clause,
  items: readonly Asked[],
  at: string,
): Opening | null {
  const alone: Standing = {
    ...standing,
    enterprises: [],
    memberships: [member],
    conventions: [{ ...convention, clauses: [clause] }],
  }
  const [commune = null] = clause.communes ?? []
  const [metier = null] = member.metiers ?? []
  const subject = { kind: 'enterprise', id: '' }
  const about = { subject, commune, metier, disclosure: 'public' as const, body: null, author: null }
  const open = items.filter(({ id, pillar }) => decide(alone, 'contribute', { ...about, item: id, pillar }, at).allowed)
  if (open.length === 0) return null
  return {
    body: member.body,
    territory: clause.territory,
    communes: clause.communes,
    pillars: pillars.filter((one) => open.some(({ pillar }) => pillar === one)),
    until: sooner(endOf(convention), member.endsAt),
  }
}

/** The clauses under which somebody may contribute to items of the guide, at a moment (ISO 8601). */
export function listOpenings(standing: Standing, items: readonly Asked[], at: string): Opening[] {
  return standing.memberships.flatMap((member) =>
    standing.conventions
      .filter(({ body }) => body === member.body)
      .flatMap((convention) =>
        convention.clauses.flatMap((clause) => openingOf(standing, member, convention, clause, items, at) ?? []),
      ),
  )
}
