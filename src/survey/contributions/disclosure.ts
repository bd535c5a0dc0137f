import type { Disclosure } from '#accounts/model'
import { declareRecord, findRecord, listDisclosures } from '#consent'
import type { ConsentRecord } from '#consent/model'
import { narrower } from '#consent/model'
import { sql, transaction, type EventHandler, type Executor } from '#platform'
import { findItem, setDisclosures } from '#statements'
import type { Asked } from './rights.ts'
import { findContribution, lockId, personOf, type Contribution } from './rows.ts'

/** Kind of the record that an artisan agrees to: a visit with its answers. */
export const contributionKind = 'contribution'

/** Says that a visit exists and that its enterprise must agree; `item`: what its body has the right to speak of. */
export async function declareContribution(trx: Executor, one: Contribution, item: Asked): Promise<void> {
  await declareRecord(trx, personOf(one.author), {
    kind: contributionKind,
    id: one.id,
    asked: 'public',
    body: one.body,
    holder: { kind: 'enterprise', id: one.siret! },
    author: one.author,
    item: item.id,
    pillar: item.pillar,
    commune: one.commune,
    metier: one.metier,
  })
}

/**
 * Who may read the answers of a visit at most: the body's own people until the artisan has answered, then those to whom he
 * agreed; after a refusal, a withdrawal or the end of the agreement nobody but him and the author.
 */
export function disclosureOf(
  record: Pick<ConsentRecord, 'status' | 'effective'> | null,
  body: string | null,
): Disclosure {
  if (record && record.status !== 'none' && record.status !== 'asked') return record.effective
  return body === null ? 'secret' : 'body'
}

/** An agreement in a text that differs whenever it was given, limited, refused or withdrawn. */
export const agreementOf = (record: ConsentRecord | null): string | null =>
  record && record.status !== 'none' && record.status !== 'asked'
    ? [record.status, record.effective, record.until ?? '', ...[...record.uses].sort()].join(' ')
    : null

async function listAnswers(db: Executor, contribution: string): Promise<{ id: string; item: string }[]> {
  const found = await sql<{ id: string; item: string }>`
    select e.id, e.payload->>'item' as item from survey.entry e
    where e.contribution = ${contribution}::uuid and e.type = 'answer' and e.state = 'taken'
      and not exists (select from survey.entry r where r.contribution = e.contribution and r.type = 'retract'
        and r.payload->>'entry' = e.id::text)`.execute(db)
  return found.rows
}

/** Makes the answers of a visit readable by those to whom its artisan agreed; those that are already change nothing. */
export async function discloseAnswers(trx: Executor, one: Contribution): Promise<void> {
  const most = disclosureOf(await findRecord(trx, contributionKind, one.id), one.body)
  const answers = await listAnswers(trx, one.id)
  const now = await listDisclosures(
    trx,
    'statement',
    answers.map(({ id }) => id),
  )
  const wrong = answers
    .map(({ id, item }) => ({ id, asked: narrower(most, findItem('enterprise', item)?.ceiling ?? 'public') }))
    .filter(({ id, asked }) => now.get(id) !== asked)
  if (wrong.length > 0) await setDisclosures(trx, personOf(one.author), wrong)
}

/** An agreement that changed elsewhere than by an entry is of now: entries that are older do not undo it. */
export async function noteAgreement(trx: Executor, one: Contribution): Promise<Contribution> {
  const agreement = agreementOf(await findRecord(trx, contributionKind, one.id))
  if (agreement === one.agreement) return one
  const agreedAt = new Date().toISOString()
  await sql`update survey.contribution set agreement = ${agreement}, agreed_at = ${agreedAt}
    where id = ${one.id}::uuid`.execute(trx)
  return { ...one, agreement, agreedAt }
}

/** What the artisan decides of a visit holds for each of its answers, in one transaction. */
export const discloseAfterConsent: EventHandler = {
  kind: 'consent.changed',
  name: 'survey.disclose',
  async handle({ db }, { payload }) {
    if (payload.kind !== contributionKind) return
    const id = String(payload.id)
    await transaction(db, async (trx) => {
      await lockId(trx, id)
      const one = await findContribution(trx, id)
      if (!one || one.held) return
      await discloseAnswers(trx, await noteAgreement(trx, one))
    })
  },
}
