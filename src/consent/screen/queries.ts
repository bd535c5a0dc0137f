import { decide, getStanding, requireRight } from '#accounts'
import { disclosures } from '#accounts/model'
import { forbidden, requirePermission, sql, type Actor, type App, type Database, type Subject } from '#platform'
import type { Lang } from '#platform/model'
import { recordErased, recordUnknown } from '../errors.ts'
import type { AgreementScreen, ConsentRecord, OwnConsent, Topic } from '../model.ts'
import { findRecord, isoText, ownGrant, protectedOf } from '../records.ts'
import { getText } from '../texts.ts'

async function describe(
  { capabilities, db }: Pick<App, 'capabilities' | 'db'>,
  record: Subject,
): Promise<AgreementScreen['content']> {
  for (const capability of capabilities) {
    const content = await capability.describe?.(db.kysely, record)
    if (content) return content
  }
  return null
}

const topicOf = (kind: string, minor: boolean): Topic =>
  minor ? 'minor' : kind === 'media' ? 'image' : kind === 'motion' ? 'motion' : 'know-how'

async function mayRead(db: Database, actor: Actor, record: ConsentRecord): Promise<boolean> {
  if (actor !== null && actor !== 'operator' && actor.id === record.author) return true
  const seen = { ...protectedOf(record), disclosure: record.effective }
  return decide(await getStanding(db, actor), 'read', seen, new Date().toISOString()).allowed
}

/**
 * What the screen of an agreement shows to its holder, or to who collects it.
 * @param minor shows the text for those under 18
 * @throws {UserError} 401, 403, 404, 410
 */
export async function getAgreementScreen(
  app: Pick<App, 'capabilities' | 'db'>,
  actor: Actor,
  { kind, id }: Subject,
  lang: Lang,
  minor: boolean,
): Promise<AgreementScreen> {
  const record = await findRecord(app.db, kind, id)
  if (!record) throw recordUnknown()
  if (record.status === 'erased') throw recordErased()
  const grant = ownGrant(actor, record) ?? (await requireRight(app.db, actor, 'contribute', protectedOf(record)))
  const forMinor = minor || record.minor
  const text = await getText(app.db, lang, { topic: topicOf(kind, forMinor) })
  return {
    record,
    // Writing an agreement down does not open what is kept between the holder and the author.
    content: grant.by === 'subject' || (await mayRead(app.db, actor, record)) ? await describe(app, record) : null,
    text: text!,
    own: grant.by === 'subject',
    minor: forMinor,
    audiences: disclosures.slice(disclosures.indexOf(record.asked)),
  }
}

/** Subjects that a person speaks for: himself and the enterprises that he holds. */
export async function listOwnSubjects(db: Database, actor: Actor): Promise<Subject[]> {
  requirePermission('signed-in', actor)
  if (actor === null || actor === 'operator') throw forbidden()
  const { enterprises } = await getStanding(db, actor)
  return [{ kind: actor.kind, id: actor.id }, ...enterprises.map((siret) => ({ kind: 'enterprise', id: siret }))]
}

/** Agreements that a person was asked for, those that wait first; the latest 200. */
export async function listOwnConsents(app: Pick<App, 'capabilities' | 'db'>, actor: Actor): Promise<OwnConsent[]> {
  const subjects = (await listOwnSubjects(app.db, actor)).map((one) => ({
    subject_kind: one.kind,
    subject_id: one.id,
  }))
  const found = await sql<Omit<OwnConsent, 'title'>>`
    select kind, id, status, case when until <= now() then 'secret' else effective end as effective,
      ${isoText('until')} as until
    from jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb) as s (subject_kind text, subject_id text)
    join consent.record r on r.holder_kind = s.subject_kind and r.holder_id = s.subject_id
    order by status not in ('none', 'asked'), changed_at desc limit 200`.execute(app.db.kysely)
  const consents: OwnConsent[] = []
  for (const row of found.rows) consents.push({ ...row, title: (await describe(app, row))?.title ?? null })
  return consents
}
