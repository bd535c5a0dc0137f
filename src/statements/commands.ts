import { audit, requireRight, type Grant } from '#accounts'
import { declareRecord, giveConsent } from '#consent'
import { narrower } from '#consent/model'
import {
  forbidden,
  newId,
  requirePermission,
  sql,
  within,
  type Actor,
  type Database,
  type Executor,
  type Subject,
} from '#platform'
import { lockItem } from './acts.ts'
import { recompute } from './agreed.ts'
import {
  alreadyDecided,
  consentExpected,
  idTaken,
  notYours,
  nothingToSettle,
  subjectAlone,
  withheldItem,
} from './errors.ts'
import { findKind, getItem } from './items.ts'
import type { Source, Statement } from './model.ts'
import { getFacts, getStatement, protectedOf, recordOf } from './read.ts'
import { checkSaying, reasonOf, type Saying } from './saying.ts'
import { parseValue } from './values.ts'

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? actor : actor.id)

/** What a grant lets somebody speak as. */
const sourceOf = (grant: Grant): Source =>
  grant.by === 'clause'
    ? { kind: 'body', body: grant.body }
    : { kind: grant.by === 'subject' ? 'subject' : 'citizen', body: null }

async function insert(
  trx: Executor,
  {
    id,
    subject,
    item,
    value,
    author,
    source,
    clause,
    ...said
  }: Omit<Statement, 'recordedAt' | 'saidAt'> & { saidAt: string | null },
) {
  await sql`insert into statements.statement (id, subject_kind, subject_id, item, value, author, source, body, clause, said_on,
      said_at, method, evidence, comment)
    values (${id}, ${subject.kind}, ${subject.id}, ${item}, ${JSON.stringify(value)}::jsonb, ${author}, ${source.kind},
      ${source.body}, ${clause}, ${said.saidOn}::date, ${said.saidAt}, ${said.method}, ${said.evidence}, ${said.comment})`.execute(
    trx,
  )
  if (source.kind === 'citizen') await sql`insert into statements.pending (statement) values (${id})`.execute(trx)
}

/** The agreement that the artisan gives on the form, by the box under the text. */
const agreeOnScreen = (
  trx: Executor,
  actor: Actor,
  id: string,
  { textVersion, textLang }: NonNullable<Saying['consent']>,
) =>
  giveConsent(trx, actor, {
    kind: 'statement',
    id,
    scope: { audience: 'public', uses: ['atlas', 'publication'], until: null },
    way: 'screen',
    by: 'holder',
    ageClass: 'adult',
    textVersion,
    textLang,
  })

/** Whether the same author said it before under this id; somebody else's id is refused. */
async function isSaid(trx: Executor, id: string, author: string | null): Promise<boolean> {
  const found = await sql<{ author: string | null }>`
    select author from statements.statement where id = ${id}::uuid`.execute(trx)
  if (!found.rows[0]) return false
  if (found.rows[0].author !== author) throw idTaken()
  return true
}

interface SaidAnswer {
  id: string
  /** It waits for a moderator. */
  pending: boolean
  /** It was said before, under the same id. */
  known: boolean
}

/**
 * Says something about a subject. Anybody may, as a citizen: it waits for a moderator. Who holds the subject, or acts for a
 * body under a clause `contribute`, says `as: 'right'`: it counts at once. Said again under the same id, it changes nothing.
 * @throws {UserError} 400 naming each wrong field, 401, 403, 404 unknown item or subject, 409 the id of somebody else's
 */
export async function sayStatement(db: Database | Executor, actor: Actor, saying: Saying): Promise<SaidAnswer> {
  requirePermission('public', actor)
  const { subject, id = newId(), saidAt = null } = saying
  const item = getItem(subject.kind, saying.item)
  const value = parseValue(item, saying.value)
  const checked = checkSaying(saying)
  return within(db, async (trx) => {
    const facts = await getFacts(trx, subject)
    if (facts.withheld.includes(item.id)) throw withheldItem()
    const author = idOf(actor)
    if (saying.id && (await isSaid(trx, id, author))) return { id, pending: false, known: true }
    const record = recordOf(item, subject, facts, { disclosure: 'public', body: null, author })
    const grant: Grant =
      saying.as === 'right'
        ? (saying.grant ?? (await requireRight(trx, actor, 'contribute', record, { body: saying.body })))
        : { allowed: true, by: 'public' }
    const source = sourceOf(grant)
    const personal = item.personal && facts.person
    if (personal && source.kind !== 'subject') throw subjectAlone()
    if (personal && !saying.consent) throw consentExpected()
    await findKind(subject.kind)!.check?.(trx, subject.id, item, value)

    const clause = grant.by === 'clause' ? grant.clause : null
    await lockItem(trx, subject, item.id)
    await insert(trx, { id, subject, item: item.id, value, author, source, clause, saidAt, ...checked })
    const { commune, metier } = facts
    const about = { item: item.id, pillar: item.pillar, commune, metier, author, identifying: personal }
    const asked = narrower(source.kind === 'citizen' ? 'public' : (saying.asked ?? 'public'), item.ceiling ?? 'public')
    const holder = personal ? subject : null
    await declareRecord(trx, actor, { kind: 'statement', id, asked, body: source.body, holder, ...about })
    if (personal) await agreeOnScreen(trx, actor, id, saying.consent!)
    if (source.kind !== 'citizen') await audit(trx, { actor, grant, action: 'contribute', subject, item: item.id })
    await recompute(trx, subject, item.id)
    return { id, pending: source.kind === 'citizen', known: false }
  })
}

/** Who may take a statement back: its author, an administrator, and for what is personal whoever it is about. */
async function withdrawalGrant(trx: Executor, actor: Actor, statement: Statement): Promise<Grant> {
  if (actor === 'operator') return { allowed: true, by: 'administrator' }
  if (actor === null) throw notYours()
  if (statement.author === actor.id) return { allowed: true, by: 'subject' }
  if (actor.administrator) return { allowed: true, by: 'administrator' }
  const { personal } = getItem(statement.subject.kind, statement.item)
  if (!personal) throw notYours()
  const grant = await requireRight(trx, actor, 'contribute', await protectedOf(trx, statement))
  if (grant.by !== 'subject') throw notYours()
  return grant
}

/**
 * Takes a statement back: it was never said. Again, it changes nothing.
 * @throws {UserError} 401, 403, 404
 */
export async function withdrawStatement(db: Database | Executor, actor: Actor, id: string): Promise<Statement> {
  requirePermission('signed-in', actor)
  return within(db, async (trx) => {
    const statement = await getStatement(trx, id)
    const { subject, item, source, author } = statement
    const grant = await withdrawalGrant(trx, actor, statement)
    await lockItem(trx, subject, item)
    const done = await sql`select 1 from statements.withdrawal where statement = ${id}`.execute(trx)
    if (done.rows.length > 0) return statement
    await sql`insert into statements.withdrawal (id, statement, actor) values (${newId()}, ${id}, ${idOf(actor)})`.execute(
      trx,
    )
    await sql`delete from statements.pending where statement = ${id}`.execute(trx)
    // From now on nobody may read it; those who took copies are told.
    await declareRecord(trx, actor, { kind: 'statement', id, asked: 'secret', body: source.body, holder: null, author })
    await audit(trx, { actor, grant, action: 'contribute', subject, item })
    await recompute(trx, subject, item)
    return statement
  })
}

/**
 * Accepts or refuses what a citizen proposed.
 * @throws {UserError} 400 without a reason to refuse, 401, 403, 404, 409 when somebody has answered already
 */
export async function moderate(
  db: Database | Executor,
  actor: Actor,
  { statement: id, accepted, reason }: { statement: string; accepted: boolean; reason: string },
): Promise<Statement> {
  const why = reasonOf(reason, !accepted)
  return within(db, async (trx) => {
    const statement = await getStatement(trx, id)
    const { subject, item } = statement
    const grant = await requireRight(trx, actor, 'validate', await protectedOf(trx, statement))
    await lockItem(trx, subject, item)
    const waiting = await sql`delete from statements.pending where statement = ${id} returning 1`.execute(trx)
    if (waiting.rows.length === 0) throw alreadyDecided()
    await sql`insert into statements.moderation (id, statement, accepted, reason, moderator, clause)
      values (${newId()}, ${id}, ${accepted}, ${why}, ${idOf(actor)}, ${grant.by === 'clause' ? grant.clause : null})`.execute(
      trx,
    )
    await audit(trx, { actor, grant, action: 'validate', subject, item })
    await recompute(trx, subject, item)
    return statement
  })
}

/**
 * Settles a disagreement: keeps the value of one of the statements that disagree, and says why.
 * @throws {UserError} 400 without a reason, 401, 403, 404, 409 when they are not about the same thing or nothing is left
 */
export async function settle(
  db: Database | Executor,
  actor: Actor,
  { chosen, over, reason }: { chosen: string; over: readonly string[]; reason: string },
): Promise<Statement> {
  const why = reasonOf(reason, true)
  const ids = [...new Set([chosen, ...over])]
  return within(db, async (trx) => {
    const statements: Statement[] = []
    for (const id of ids) statements.push(await getStatement(trx, id))
    const { subject, item } = statements[0]!
    const together = ({ subject: other, item: what }: Statement) =>
      other.kind === subject.kind && other.id === subject.id && what === item
    if (!statements.every(together)) throw nothingToSettle()
    let grant: Grant = { allowed: true, by: 'administrator' }
    for (const one of statements) grant = await requireRight(trx, actor, 'validate', await protectedOf(trx, one))
    await lockItem(trx, subject, item)
    const gone = await sql`select 1 from statements.withdrawal where statement = any(${ids}::uuid[])
      union all select 1 from statements.pending where statement = ${chosen}`.execute(trx)
    if (gone.rows.length > 0) throw nothingToSettle()
    const clause = grant.by === 'clause' ? grant : null
    await sql`insert into statements.settlement (id, subject_kind, subject_id, item, chosen, over, reason, validator, body, clause)
      values (${newId()}, ${subject.kind}, ${subject.id}, ${item}, ${chosen}, ${ids}::uuid[], ${why}, ${idOf(actor)},
        ${clause?.body ?? null}, ${clause?.clause ?? null})`.execute(trx)
    await audit(trx, { actor, grant, action: 'validate', subject, item })
    await recompute(trx, subject, item)
    return statements[0]!
  })
}

/**
 * Keeps that a body does not agree with a settlement; the settlement stays, and says so.
 * @throws {UserError} 400, 401, 403, 404
 */
export async function dissent(
  db: Database | Executor,
  actor: Actor,
  { settlement, reason }: { settlement: string; reason: string },
): Promise<void> {
  const why = reasonOf(reason, true)
  await within(db, async (trx) => {
    const found = await sql<{
      chosen: string
    }>`select chosen from statements.settlement where id::text = ${settlement}`.execute(trx)
    if (!found.rows[0]) throw nothingToSettle()
    const statement = await getStatement(trx, found.rows[0].chosen)
    const { subject, item } = statement
    const grant = await requireRight(trx, actor, 'contribute', await protectedOf(trx, statement))
    if (grant.by !== 'clause') throw forbidden()
    await lockItem(trx, subject, item)
    await sql`insert into statements.dissent (id, settlement, body, author, clause, reason)
      values (${newId()}, ${settlement}, ${grant.body}, ${idOf(actor)}, ${grant.clause}, ${why})`.execute(trx)
    await audit(trx, { actor, grant, action: 'contribute', subject, item })
    await recompute(trx, subject, item)
  })
}

/**
 * Keeps that whoever holds a subject contests what is said of it: the page says so until it is settled.
 * @throws {UserError} 400, 401, 403, 404
 */
export async function contest(
  db: Database | Executor,
  actor: Actor,
  { subject, item, reason }: { subject: Subject; item: string; reason: string },
): Promise<void> {
  const why = reasonOf(reason, true)
  await within(db, async (trx) => {
    const known = getItem(subject.kind, item)
    const facts = await getFacts(trx, subject)
    const record = recordOf(known, subject, facts, { disclosure: 'public', body: null, author: idOf(actor) })
    const grant = await requireRight(trx, actor, 'contribute', record)
    if (grant.by !== 'subject') throw notYours()
    await lockItem(trx, subject, item)
    await sql`insert into statements.contest (id, subject_kind, subject_id, item, author, reason)
      values (${newId()}, ${subject.kind}, ${subject.id}, ${item}, ${idOf(actor)}, ${why})`.execute(trx)
    await audit(trx, { actor, grant, action: 'contribute', subject, item })
    await recompute(trx, subject, item)
  })
}
