import { findRecord, giveConsent, refuseConsent, withdrawConsent } from '#consent'
import { sql, type Actor, type Executor } from '#platform'
import type { ConsentEntry } from '../model.ts'
import { agreementOf, contributionKind, noteAgreement } from './disclosure.ts'
import type { Contribution } from './rows.ts'

async function give(trx: Executor, actor: Actor, id: string, entry: ConsentEntry): Promise<void> {
  const { audience, uses, textVersion, textLang } = entry
  await giveConsent(trx, actor, {
    kind: contributionKind,
    id,
    scope: { audience, uses, until: null },
    way: 'screen',
    by: 'holder',
    ageClass: 'adult',
    textVersion,
    textLang,
  })
}

async function takeAway(trx: Executor, actor: Actor, id: string): Promise<void> {
  const record = await findRecord(trx, contributionKind, id)
  const subject = { kind: contributionKind, id }
  if (record?.status === 'given') await withdrawConsent(trx, actor, subject)
  else if (record?.status === 'none' || record?.status === 'asked') await refuseConsent(trx, actor, subject)
}

/**
 * What the artisan said on a screen of the workshop, at a moment: the latest word counts, whichever comes last. A word that
 * is older than what he decided since, there or on his own page, changes nothing.
 * @throws {UserError} 400 unknown text, 403 without the right, 409 (a minor's record), 410 erased
 */
export async function agree(
  trx: Executor,
  actor: Actor,
  one: Contribution,
  entry: ConsentEntry,
  saidAt: string,
): Promise<void> {
  const known = await noteAgreement(trx, one)
  if (known.agreedAt !== null && saidAt < known.agreedAt) return
  if (entry.given) await give(trx, actor, one.id, entry)
  else await takeAway(trx, actor, one.id)
  const agreement = agreementOf(await findRecord(trx, contributionKind, one.id))
  await sql`update survey.contribution set agreement = ${agreement}, agreed_at = ${saidAt}
    where id = ${one.id}::uuid`.execute(trx)
}
