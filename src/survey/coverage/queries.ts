import { listMyBodies } from '#accounts'
import { sql, type Actor, type Database, type Executor } from '#platform'
import { isId } from '#platform/model'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import type { Label } from '#statements/model'
import { moment } from '../contributions/rows.ts'
import { seasonDays, type Channel, type Mode, type PackEnterprise } from '../model.ts'

/** Open units of crafts: those whom a survey may visit. */
export const isVisited = sql`e.state = 'open' and e.craft_rule <> 'none'`

const communesOf = (territory: string) =>
  sql`(select m.commune from territory.public_commune_of m where m.territory = ${territory})`

/** Those who met the artisan; what a partner's file or a form says asked him nothing. */
const meeting = sql`c.channel in ('device', 'collect')`

interface Count {
  units: number
  /** Enterprises with at least one visit, and those visited in the last 120 days. */
  surveyed: number
  season: number
}

export interface Coverage {
  /** By name. */
  communes: (Count & { code: string; name: string })[]
  /** The most units first; `slug` null: units whose craft is not known. */
  metiers: (Count & { slug: string | null; label: Label | null; sector: string | null })[]
}

/** What is surveyed of a territory, and what is not: open units of crafts, by commune and by craft. */
export async function coverageOf(db: Database, { territory }: { territory: string }): Promise<Coverage> {
  const found = await sql<Count & { commune: string | null; name: string | null; metier: string | null; by: number }>`
    with visits as (
      select c.siret, max(c.opened_at) as last from survey.contribution c
      where c.siret is not null and c.commune in ${communesOf(territory)} group by c.siret)
    select e.commune, e.commune_name as name, e.metier, grouping(e.metier)::int as by, count(*)::int as units, count(v.siret)::int as surveyed,
      (count(*) filter (where v.last > now() - make_interval(days => ${seasonDays}::int)))::int as season
    from registry.public_establishment e left join visits v on v.siret = e.siret
    where e.commune in ${communesOf(territory)} and ${isVisited}
    group by grouping sets ((e.commune, e.commune_name), (e.metier))
    order by units desc, e.metier, e.commune`.execute(db.kysely)
  const metiers = new Map(metiersOfTree(await listMetierTree(db)).map((one) => [one.slug, one]))
  const countOf = ({ units, surveyed, season }: Count) => ({ units, surveyed, season })
  const rows = (by: number) => found.rows.filter((row) => row.by === by)
  return {
    communes: rows(1)
      .map((row) => ({ code: row.commune!, name: row.name ?? row.commune!, ...countOf(row) }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    metiers: rows(0).map((row) => {
      const metier = row.metier === null ? undefined : metiers.get(row.metier)
      return { slug: row.metier, label: metier?.label ?? null, sector: metier?.sector ?? null, ...countOf(row) }
    }),
  }
}

/** When the artisans of enterprises were last asked, and by which body; null: by themselves. By SIRET. */
export async function lastAsked(
  db: Database | Executor,
  sirets: readonly string[],
): Promise<Map<string, NonNullable<PackEnterprise['asked']>>> {
  const found = await sql<{ siret: string; on: string; body: string | null }>`
    select distinct on (c.siret) c.siret, to_char(c.opened_at at time zone 'Europe/Paris', 'YYYY-MM-DD') as on,
      (select name from accounts.public_body b where b.id = c.body) as body
    from survey.contribution c where c.siret = any(${[...sirets]}::text[]) and ${meeting}
    order by c.siret, c.opened_at desc`.execute('kysely' in db ? db.kysely : db)
  return new Map(found.rows.map(({ siret, on, body }) => [siret, { on, body }]))
}

/** Columns of a unit as devices and lists have it, but for when it was asked. */
export const unitColumns = sql`e.siret, e.name, e.commune, e.address, e.metier, e.sector, e.position[0] as lon, e.position[1] as lat`

/** Fills in when each unit was last asked. */
export async function withLastAsked(
  db: Database,
  units: readonly Omit<PackEnterprise, 'asked'>[],
): Promise<PackEnterprise[]> {
  const asked = await lastAsked(
    db,
    units.map(({ siret }) => siret),
  )
  return units.map((unit) => ({ ...unit, asked: asked.get(unit.siret) ?? null }))
}

export const pageSize = 50

/** A place in an order of two columns, as one text. */
const cursorOf = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

/** The two parts of a cursor; anything else is the beginning. */
function parseCursor(cursor: string | null): [string, string] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString())
    const [one, other] = Array.isArray(parts) ? (parts as unknown[]) : []
    return typeof one === 'string' && typeof other === 'string' ? [one, other] : null
  } catch {
    return null
  }
}

/** A moment that the database has too: no 30 February, no year 0. */
function isMoment(text: string): boolean {
  const at = new Date(text)
  return text >= '0001' && !Number.isNaN(at.getTime()) && at.toISOString() === text
}

/** Open units of crafts that nobody has visited, by name, fifty at a time. */
export async function listUnsurveyed(
  db: Database,
  {
    territory,
    commune,
    metier,
    after,
  }: { territory: string; commune?: string; metier?: string; after?: string | null },
): Promise<{ enterprises: PackEnterprise[]; next: string | null }> {
  const from = parseCursor(after ?? null)
  const found = await sql<Omit<PackEnterprise, 'asked'> & { search: string }>`
    select ${unitColumns}, coalesce(e.commune_name, e.commune) as "communeName", e.search from registry.public_establishment e
    where e.commune in ${communesOf(territory)} and ${isVisited}
      ${commune ? sql`and e.commune = ${commune}` : sql``} ${metier ? sql`and e.metier = ${metier}` : sql``}
      and not exists (select from survey.contribution c where c.siret = e.siret)
      ${from ? sql`and (e.search collate "C", e.siret) > (${from[0]} collate "C", ${from[1]})` : sql``}
    order by e.search collate "C", e.siret limit ${pageSize + 1}`.execute(db.kysely)
  const page = found.rows.slice(0, pageSize)
  const last = found.rows.length > pageSize ? page.at(-1) : undefined
  return {
    enterprises: page.map(({ search: _, ...unit }) => ({ ...unit, asked: null })),
    next: last ? cursorOf(last.search, last.siret) : null,
  }
}

/** A visit in a list. */
export interface ContributionLine {
  id: string
  siret: string | null
  /** Public name of the enterprise, or that of the prospect. */
  name: string | null
  commune: string | null
  communeName: string | null
  body: { id: string; name: string } | null
  mine: boolean
  mode: Mode
  channel: Channel
  openedAt: string
  /** Questions answered, and how many answers wait for the enterprise to be in the register. */
  answers: number
  waiting: number
  /** First word of what the artisan decided (`given`, `refused`, `withdrawn`…); null: nothing yet. */
  agreement: string | null
}

const answersOf = (condition: ReturnType<typeof sql>) => sql`(
  select count(distinct e.payload->>'item')::int from survey.entry e
  where e.contribution = c.id and e.type = 'answer' and ${condition} and not exists (select from survey.entry r
    where r.contribution = e.contribution and r.type = 'retract' and r.payload->>'entry' = e.id::text))`

/** The bodies for which somebody acts today. */
export async function listOwnBodies(db: Database, actor: Actor): Promise<string[]> {
  const now = new Date().toISOString()
  const mine = await listMyBodies(db, actor)
  const current = mine.filter(({ startsAt, endsAt }) => startsAt <= now && (endsAt === null || endsAt > now))
  return [...new Set(current.map(({ id }) => id))]
}

/** The visits of a person, or those of the bodies for which he acts, the latest first, fifty at a time. */
export async function listContributions(
  db: Database,
  actor: Actor,
  { whose, after }: { whose: 'mine' | 'bodies'; after?: string | null },
): Promise<{ contributions: ContributionLine[]; next: string | null }> {
  const person = actor === null || actor === 'operator' ? '' : actor.id
  const parts = parseCursor(after ?? null)
  const from = parts && isMoment(parts[0]) && isId(parts[1]) ? parts : null
  const owner =
    whose === 'mine' ? sql`c.author = ${person}` : sql`c.body = any(${await listOwnBodies(db, actor)}::text[])`
  const found = await sql<Omit<ContributionLine, 'body'> & { body: string | null; bodyName: string | null }>`
    select c.id, c.siret, case when u.siret is null then p.name else u.name end as name, coalesce(u.commune, c.commune) as commune, t.name as "communeName",
      c.body, b.name as "bodyName", c.author = ${person} as mine, c.mode, c.channel, ${moment('c.opened_at')} as "openedAt",
      ${answersOf(sql`true`)} as answers, ${answersOf(sql`e.state = 'held'`)} as waiting,
      split_part(c.agreement, ' ', 1) as agreement
    from survey.contribution c
    left join registry.public_establishment u on u.siret = c.siret
    left join survey.prospect p on p.id = c.prospect
    left join accounts.public_body b on b.id = c.body
    left join territory.public_territory t on t.code = coalesce(u.commune, c.commune)
    where ${owner} ${from ? sql`and (c.opened_at, c.id) < (${from[0]}::timestamptz, ${from[1]}::uuid)` : sql``}
    order by c.opened_at desc, c.id desc limit ${pageSize + 1}`.execute(db.kysely)
  const page = found.rows.slice(0, pageSize)
  const last = found.rows.length > pageSize ? page.at(-1) : undefined
  return {
    contributions: page.map(({ body, bodyName, ...row }) => ({
      ...row,
      body: body === null ? null : { id: body, name: bodyName ?? '' },
    })),
    next: last ? cursorOf(last.openedAt, last.id) : null,
  }
}

/** An enterprise that the register does not know, whose visits wait until somebody says which one it is. */
export interface WaitingProspect {
  id: string
  name: string
  commune: string
  communeName: string | null
  address: string | null
  metier: string | null
  body: { id: string; name: string } | null
  mine: boolean
  createdAt: string
  visits: number
}

/** The prospects of a person and of the bodies for which he acts that nobody has linked yet; the latest 200. */
export async function listProspects(db: Database, actor: Actor): Promise<WaitingProspect[]> {
  const person = actor === null || actor === 'operator' ? '' : actor.id
  const bodies = await listOwnBodies(db, actor)
  const found = await sql<Omit<WaitingProspect, 'body'> & { body: string | null; bodyName: string | null }>`
    select p.id, p.name, p.commune, t.name as "communeName", p.address, p.metier, p.body, b.name as "bodyName",
      p.author = ${person} as mine, ${moment('p.created_at')} as "createdAt",
      (select count(*)::int from survey.contribution c where c.prospect = p.id) as visits
    from survey.prospect p
    left join accounts.public_body b on b.id = p.body
    left join territory.public_territory t on t.code = p.commune
    where p.siret is null and (p.author = ${person} or p.body = any(${bodies}::text[]))
    order by p.created_at desc, p.id limit 200`.execute(db.kysely)
  return found.rows.map(({ body, bodyName, ...row }) => ({
    ...row,
    body: body === null ? null : { id: body, name: bodyName ?? '' },
  }))
}
