import { audit, requireRight, type Grant } from '#accounts'
import type { Disclosure } from '#accounts/model'
import {
  badInput,
  requirePermission,
  sql,
  within,
  type Actor,
  type Database,
  type Executor,
  type Subject,
} from '#platform'
import { notPossible, recordErased, recordUnknown, textUnknown } from './errors.ts'
import type { AgeClass, Scope, Signatory } from './machine.ts'
import type { ConsentRecord, Way } from './model.ts'
import { apply, findRecord, keyOf, ownGrant, protectedOf, type RecordContext } from './records.ts'

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? actor : actor.id)

interface Declaration extends RecordContext {
  kind: string
  id: string
  /** Who the record is meant for; it is never shown to more people. */
  asked: Disclosure
  /** Body that collected it. */
  body: string | null
  /** Who must agree before anybody else sees it; null when it concerns nobody. */
  holder: Subject | null
  /** Whether it tells who the holder is, by a name, a place, a face or a voice; a minor's is then never public. */
  identifying?: boolean
}

async function keepRecord(trx: Executor, actor: Actor, declared: Declaration) {
  const { kind, id, asked, body, author = idOf(actor), item, pillar, commune, metier } = declared
  const kept = await sql`insert into consent.record
      (kind, id, asked, body, author, item, pillar, commune, metier, status, effective)
    values (${kind}, ${id}, ${asked}, ${body}, ${author}, ${item ?? null}, ${pillar ?? null}, ${commune ?? null},
      ${metier ?? null}, 'none', 'secret')
    on conflict (kind, id) do update set body = excluded.body, item = coalesce(excluded.item, consent.record.item),
      pillar = coalesce(excluded.pillar, consent.record.pillar), metier = coalesce(excluded.metier, consent.record.metier),
      commune = coalesce(excluded.commune, consent.record.commune)
    where consent.record.status <> 'erased' returning 1`.execute(trx)
  if (kept.rows.length === 0) throw recordErased()
}

/**
 * Says that a record exists, who it is meant for and who must agree; again, to change these. The caller has checked the
 * right to write it.
 * @returns the disclosure in force
 * @throws {UserError} 410 when the record was erased
 */
export async function declareRecord(db: Database | Executor, actor: Actor, declared: Declaration): Promise<Disclosure> {
  requirePermission('public', actor)
  const { asked, holder, identifying = true } = declared
  return within(db, async (trx) => {
    const before = await findRecord(trx, declared.kind, declared.id)
    await keepRecord(trx, actor, declared)
    const same = before?.asked === asked && before.identifying === identifying
    if (same && (holder === null || keyOf(holder) === keyOf(before.holder))) return before.effective
    const effective = await apply(
      trx,
      declared,
      { type: 'declare', asked, holder: keyOf(holder), identifying },
      { actor: idOf(actor) },
    )
    await sql`update consent.record set holder_kind = coalesce(${holder?.kind ?? null}, holder_kind),
        holder_id = coalesce(${holder?.id ?? null}, holder_id)
      where kind = ${declared.kind} and id = ${declared.id}`.execute(trx)
    return effective!
  })
}

async function getRecord(trx: Executor, kind: string, id: string): Promise<ConsentRecord> {
  const record = await findRecord(trx, kind, id)
  if (!record) throw recordUnknown()
  if (record.status === 'erased') throw recordErased()
  return record
}

const keepTrace = (trx: Executor, actor: Actor, grant: Grant, { kind, id, holder }: ConsentRecord) =>
  audit(trx, { actor, grant, action: 'contribute', subject: holder ?? { kind, id }, item: `consent.${kind}` })

interface Agreement {
  kind: string
  id: string
  scope: Scope
  way: Way
  /** A minor's agreement takes both signatures, one after the other. */
  by: Signatory
  ageClass: AgeClass
  /** Name of the guardian who signs. */
  guardian?: string
  textVersion: string
  textLang?: 'fr' | 'en'
  /** Id of the scan of a paper. */
  evidence?: string
}

/** The moment of a term, as ISO 8601; a day lasts until its end. */
function parseUntil(until: string | null): string | null {
  if (until === null) return null
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(until) ? `${until}T23:59:59Z` : until)
  if (Number.isNaN(at))
    throw badInput('La date de fin n’est pas une date.', [{ field: 'until', message: 'AAAA-MM-JJ' }])
  if (at <= Date.now())
    throw badInput('La date de fin est passée. Donnez une date à venir, ou laissez la case vide.', [
      { field: 'until', message: 'une date à venir' },
    ])
  return new Date(at).toISOString()
}

function requireComplete({ way, evidence, by, ageClass, guardian }: Agreement, grant: Grant) {
  const recorded = grant.by !== 'subject'
  if (!evidence && (way === 'paper' || (way === 'mail' && recorded)))
    throw badInput('Un accord donné par écrit demande sa copie : joignez la photo ou le scan du document signé.', [
      { field: 'evidence', message: 'une copie du document' },
    ])
  if (by === 'guardian' && ageClass === 'adult')
    throw badInput('Un adulte signe lui-même. Le parent ou le tuteur ne signe que pour un mineur.', [
      { field: 'by', message: 'holder' },
    ])
  if (by === 'guardian' && !guardian?.trim())
    throw badInput('Donnez le nom du parent ou du tuteur qui signe.', [{ field: 'guardian', message: 'un nom' }])
}

/** A scan goes with its agreement when that is erased: it must be a file that the actor could remove himself. */
async function requireOwnScan(trx: Executor, actor: Actor, evidence: string) {
  const scan = await findRecord(trx, 'media', evidence)
  if (scan && !ownGrant(actor, scan)) await requireRight(trx, actor, 'contribute', protectedOf(scan))
}

async function requireText(trx: Executor, version: string, lang: string) {
  const found = await sql`select 1 from consent.text where version = ${version} and lang = ${lang}`.execute(trx)
  if (found.rows.length === 0) throw textUnknown()
}

/**
 * Keeps an agreement, for no more people than the record asks for. The holder gives it himself, or who collected the
 * record writes it down under a clause `contribute`: on his screen, or from a paper whose scan he gives.
 * @returns the disclosure in force after it
 * @throws {UserError} 400 incomplete, 401, 403 without the right, 404, 409 (an adult's agreement on a minor's record), 410
 */
export async function giveConsent(db: Database | Executor, actor: Actor, agreement: Agreement): Promise<Disclosure> {
  const { kind, id, scope, way, by, ageClass, guardian, textVersion, textLang = 'fr', evidence } = agreement
  return within(db, async (trx) => {
    const record = await getRecord(trx, kind, id)
    const grant = ownGrant(actor, record) ?? (await requireRight(trx, actor, 'contribute', protectedOf(record)))
    requireComplete(agreement, grant)
    if (evidence) await requireOwnScan(trx, actor, evidence)
    await requireText(trx, textVersion, textLang)
    const effective = await apply(
      trx,
      record,
      { type: 'give', by, ageClass, scope: { ...scope, until: parseUntil(scope.until) } },
      {
        actor: idOf(actor),
        way,
        guardian: guardian?.trim() ?? null,
        textVersion,
        textLang,
        evidence: evidence ?? null,
      },
    )
    if (effective === null)
      throw notPossible('La personne était mineure : son accord et celui d’un parent ou tuteur restent nécessaires.')
    await keepTrace(trx, actor, grant, record)
    return effective
  })
}

/**
 * Asks the holder for an agreement, so that it waits among his.
 * @throws {UserError} 401, 403, 404, 409 when nobody must agree or the agreement is given already, 410
 */
export async function askConsent(db: Database | Executor, actor: Actor, { kind, id }: Subject): Promise<Disclosure> {
  return within(db, async (trx) => {
    const record = await getRecord(trx, kind, id)
    const grant = ownGrant(actor, record) ?? (await requireRight(trx, actor, 'contribute', protectedOf(record)))
    const effective = await apply(trx, record, { type: 'ask' }, { actor: idOf(actor) })
    if (effective === null) throw notPossible('Il n’y a pas d’accord à demander ici, ou il est déjà donné.')
    await keepTrace(trx, actor, grant, record)
    return effective
  })
}

/**
 * Limits an agreement in force: fewer people, fewer uses, or an earlier end; never more.
 * @throws {UserError} 400, 401, 403, 404, 409 when no agreement is in force, 410
 */
export async function narrowConsent(
  db: Database | Executor,
  actor: Actor,
  { kind, id, scope }: Subject & { scope: Scope },
): Promise<Disclosure> {
  return within(db, async (trx) => {
    const record = await getRecord(trx, kind, id)
    const grant = ownGrant(actor, record) ?? (await requireRight(trx, actor, 'contribute', protectedOf(record)))
    const limits = { ...scope, until: parseUntil(scope.until) }
    const effective = await apply(trx, record, { type: 'narrow', scope: limits }, { actor: idOf(actor) })
    if (effective === null) throw notPossible('Aucun accord n’est en cours : il n’y a rien à restreindre.')
    await keepTrace(trx, actor, grant, record)
    return effective
  })
}

/**
 * Keeps a refusal.
 * @throws {UserError} 401, 403, 404, 409 when an agreement was given (it is withdrawn, not refused), 410
 */
export async function refuseConsent(db: Database | Executor, actor: Actor, { kind, id }: Subject): Promise<Disclosure> {
  return within(db, async (trx) => {
    const record = await getRecord(trx, kind, id)
    const grant = ownGrant(actor, record) ?? (await requireRight(trx, actor, 'contribute', protectedOf(record)))
    const effective = await apply(trx, record, { type: 'refuse' }, { actor: idOf(actor) })
    if (effective === null) throw notPossible('Cet accord a déjà été donné ou retiré : vous pouvez le retirer.')
    await keepTrace(trx, actor, grant, record)
    return effective
  })
}

/**
 * Withdraws: at the commit nobody sees the record any more but its holder and its author. Always possible for the holder,
 * for the administrator whom he asks, and for whoever may write down his agreement; again, it changes nothing.
 * @throws {UserError} 401, 403, 404, 410
 */
export async function withdrawConsent(
  db: Database | Executor,
  actor: Actor,
  { kind, id }: Subject,
): Promise<Disclosure> {
  return within(db, async (trx) => {
    const record = await getRecord(trx, kind, id)
    const administrator = actor !== null && actor !== 'operator' && actor.kind === 'person' && actor.administrator
    const grant: Grant =
      ownGrant(actor, record) ??
      (administrator
        ? { allowed: true, by: 'administrator' }
        : await requireRight(trx, actor, 'contribute', protectedOf(record)))
    const effective = await apply(trx, record, { type: 'withdraw' }, { actor: idOf(actor) })
    await keepTrace(trx, actor, grant, record)
    return effective!
  })
}
