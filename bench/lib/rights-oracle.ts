// The rules of rights written a second time, as one table of facts a triple: slow, flat, and without decide's code.
import type { Case } from './rights-cases.ts'

const may: Record<string, string> = { reader: 'r', surveyor: 'rc', expert: 'rcv', manager: 'rcve' }
const reasons =
  'no_body left role no_convention not_signed not_started ended action item territory purpose metier disclosure'

export interface Expected {
  allowed: boolean
  /** Ids of every clause that allows it. */
  clauses: string[]
  /** Ways that need no clause. */
  ways: string[]
  reason: string
}

/** What a decision should be: every (membership, convention, clause) is looked at, to its end. */
export function expected({ standing, action, record, at, purpose }: Case): Expected {
  const now = Number(new Date(at))
  const time = (iso: string) => Number(new Date(iso))
  const { person, memberships, conventions, enterprises, administrator } = standing
  const own =
    (record.subject.kind === 'enterprise' && new Set(enterprises).has(record.subject.id)) ||
    (record.subject.kind === 'person' && record.subject.id === person)
  const ways = [
    ...(action === 'read' && record.disclosure === 'public' ? ['public'] : []),
    ...(person && own && 'read contribute'.includes(action) ? ['subject'] : []),
    ...(person && administrator && action === 'validate' && record.disclosure === 'public' ? ['administrator'] : []),
  ]
  const triples = [undefined, ...memberships].flatMap((m) =>
    [undefined, ...conventions.filter((c) => c.body === m?.body)].flatMap((c) =>
      [undefined, ...(c?.clauses ?? [])].map((k) => ({
        clause: k?.id,
        facts: [
          !!m,
          !!m && now >= time(m.startsAt) && !(m.endsAt && now >= time(m.endsAt)),
          !!m && may[m.role]!.includes(action[0]!),
          !!c,
          !!c?.signedAt && now >= time(c.signedAt),
          !!c && now >= time(c.startsAt),
          !!c && now < time(c.endsAt) && !(c.endedAt && now >= time(c.endedAt)),
          k?.action === action,
          !!k &&
            ((!k.items && !k.pillars) ||
              !![...(k.items ?? []), ...(k.pillars ?? [])].find((one) => [record.item, record.pillar].includes(one))),
          !!k && (!k.territory || [...k.communes!].includes(record.commune ?? '')),
          !!k && (!purpose || k.purpose === purpose),
          !!m && (m.role !== 'expert' || !m.metiers || m.metiers.includes(record.metier ?? '')),
          !!m &&
            { public: true, partners: true, body: record.body === m.body, secret: record.author === person }[
              record.disclosure
            ],
        ],
      })),
    ),
  )
  const clauses = person ? triples.filter(({ facts }) => !facts.includes(false)).map(({ clause }) => clause!) : []
  const furthest = Math.max(...triples.map(({ facts }) => facts.indexOf(false)))
  const reason = person ? (reasons.split(' ')[furthest] ?? '') : 'not_signed_in'
  return { allowed: clauses.length + ways.length > 0, clauses, ways, reason }
}
