import { audit, decide, getStanding, type Grant, type ProtectedRecord } from '#accounts'
import { isoDayOf, type Disclosure } from '#accounts/model'
import { listDisclosures } from '#consent'
import { sql, transaction, type App, type User } from '#platform'
import { fold } from '#platform/model'
import { listAgreed, type PublicAgreed } from '#statements'
import type { Value } from '#statements/model'
import { listOwnBodies, unitColumns, withLastAsked } from '../coverage/queries.ts'
import { findGuideItem } from '../guide/guides.ts'
import type { PackEnterprise, SaidAnswer } from '../model.ts'
import { findUnit, moment, type Place } from './rows.ts'

interface Row {
  entry: string
  item: string
  value: Value
  comment: string | null
  saidAt: string
  author: string
  body: string | null
  bodyName: string | null
}

async function listRows({ db }: Pick<App, 'db'>, siret: string): Promise<Row[]> {
  const found = await sql<Row>`
    select e.id as entry, e.payload->>'item' as item, e.payload->'value' as value, e.payload->>'comment' as comment,
      ${moment('e.said_at')} as "saidAt", e.author, c.body,
      (select name from accounts.public_body b where b.id = c.body) as "bodyName"
    from survey.contribution c join survey.entry e on e.contribution = c.id
    where c.siret = ${siret} and e.type = 'answer' and e.state = 'taken' and not exists (select from survey.entry r
      where r.contribution = e.contribution and r.type = 'retract' and r.payload->>'entry' = e.id::text)
    order by e.said_at desc, e.id desc limit 2000`.execute(db.kysely)
  return found.rows
}

const recordOf = (siret: string, { commune, metier }: Place, row: Row, disclosure: Disclosure): ProtectedRecord => ({
  item: row.item,
  pillar: findGuideItem(row.item)?.pillar ?? 'register',
  subject: { kind: 'enterprise', id: siret },
  commune,
  metier,
  disclosure,
  body: row.body,
  author: row.author,
})

/** Of what is not public, the journal keeps that it was read, and by which right. */
async function traceReading({ db }: Pick<App, 'db'>, actor: User, siret: string, grants: readonly Grant[]) {
  const clauses = new Map(grants.flatMap((grant) => (grant.by === 'clause' ? [[grant.clause, grant] as const] : [])))
  if (clauses.size === 0) return
  const subject = { kind: 'enterprise', id: siret }
  await transaction(db, async (trx) => {
    for (const grant of clauses.values())
      await audit(trx, { actor, grant, action: 'read', subject, item: 'survey.answers' })
  })
}

/**
 * What was said of an enterprise in visits, as far as a person may read it, the latest first; and the values that
 * everybody may read. Whoever spoke for another body stays unnamed.
 */
export async function listAnswers(
  app: Pick<App, 'db'>,
  actor: User,
  siret: string,
): Promise<{ answers: SaidAnswer[]; agreed: PublicAgreed[] }> {
  const place = (await findUnit(app.db.kysely, siret)) ?? { commune: null, metier: null }
  const rows = await listRows(app, siret)
  const [standing, disclosures, bodies, agreed] = await Promise.all([
    getStanding(app.db, actor),
    listDisclosures(
      app.db,
      'statement',
      rows.map(({ entry }) => entry),
    ),
    listOwnBodies(app.db, actor),
    listAgreed(app.db.kysely, { kind: 'enterprise', id: siret }),
  ])
  const colleagues = new Set(bodies)
  const at = new Date().toISOString()
  const grants: Grant[] = []
  const answers = rows.flatMap((row): SaidAnswer[] => {
    const { entry, item, value, comment, saidAt, author, body, bodyName } = row
    const disclosure = disclosures.get(entry) ?? 'secret'
    const mine = author === actor.id
    const decision = decide(standing, 'read', recordOf(siret, place, row, disclosure), at)
    if (!mine && !decision.allowed) return []
    if (!mine && decision.allowed) grants.push(decision)
    const known = mine || (body !== null && colleagues.has(body))
    return [
      {
        entry,
        item,
        value,
        comment,
        saidOn: isoDayOf(saidAt),
        author: { id: known ? author : '', name: mine ? actor.name : null, mine },
        body: body === null ? null : { id: body, name: bodyName ?? '' },
        disclosure,
      },
    ]
  })
  await traceReading(app, actor, siret, grants)
  return { answers, agreed: agreed.filter((one) => findGuideItem(one.item) !== null) }
}

const mostFound = 20

/**
 * Units by the beginning of their SIRET, or by a name in spite of accents and typing errors, within a territory where one
 * is given; the likest first. Who asked them lately is told to those who survey, and to nobody else.
 */
export async function searchUnits(
  { db }: Pick<App, 'db'>,
  actor: User,
  { q, territory }: { q: string; territory: string | null },
): Promise<PackEnterprise[]> {
  const digits = q.replace(/\s/g, '')
  const words = fold(q)
  const isNumber = /^\d{9,14}$/.test(digits)
  if (!isNumber && words.length < 3) return []
  const within = territory
    ? sql`and e.commune in (select m.commune from territory.public_commune_of m where m.territory = ${territory})`
    : sql``
  const found = await sql<Omit<PackEnterprise, 'asked'>>`
    select ${unitColumns}, coalesce(e.commune_name, e.commune) as "communeName" from registry.public_establishment e
    where ${isNumber ? sql`e.siret >= ${digits} and e.siret < ${`${digits}~`}` : sql`e.name is not null and ${words} <% e.search`}
      and e.state = 'open' ${within}
    order by ${isNumber ? sql`e.siret` : sql`word_similarity(${words}, e.search) desc, e.siret`} limit ${mostFound}`.execute(
    db.kysely,
  )
  const surveys = actor.administrator || (await listOwnBodies(db, actor)).length > 0
  return surveys ? withLastAsked(db, found.rows) : found.rows.map((unit) => ({ ...unit, asked: null }))
}
