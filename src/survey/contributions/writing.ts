import type { Grant } from '#accounts'
import { isoDayOf } from '#accounts/model'
import { findRecord } from '#consent'
import { sql, type Actor, type Executor } from '#platform'
import { getItem, parseValue, sayStatement } from '#statements'
import type { Method } from '#statements/model'
import type { AnswerEntry, Channel, OpenEntry, ProspectEntry } from '../model.ts'
import { contributionKind, disclosureOf } from './disclosure.ts'
import type { Contribution, Place } from './rows.ts'
import type { KeptEntry } from './take.ts'

/** How those who come by a channel know what they say. */
const methodOf: Record<Channel, Method> = {
  device: 'on_site',
  collect: 'on_site',
  page: 'online',
  delivery: 'document',
}

/** How entries of one request come. */
export interface Coming {
  channel: Channel
  delivery?: string | null
}

export async function insertEntry(
  trx: Executor,
  { entry, author, device, state }: KeptEntry,
  saidAt: string,
  { channel }: Coming,
): Promise<void> {
  const journal = channel === 'device' ? device : null
  await sql`insert into survey.entry (id, contribution, device, author, type, payload, said_at, state)
    values (${entry.id}, ${entry.contribution}, ${journal}, ${author}, ${entry.type}, ${JSON.stringify(entry)}::jsonb,
      ${saidAt}, ${state})`.execute(trx)
}

export async function insertProspect(trx: Executor, author: string, entry: ProspectEntry): Promise<void> {
  const { id, name, commune, address, metier, body } = entry
  await sql`insert into survey.prospect (id, name, commune, address, metier, body, author)
    values (${id}, ${name.trim()}, ${commune}, ${address}, ${metier}, ${body}, ${author})`.execute(trx)
}

/** What of a contribution does not come from its entry. */
export interface Opening {
  siret: string | null
  place: Place
  clause: string | null
  held: boolean
  author: string
  openedAt: string
}

export async function insertContribution(
  trx: Executor,
  { contribution, target, guide, mode, body }: OpenEntry,
  { siret, place, clause, held, author, openedAt }: Opening,
  { channel, delivery = null }: Coming,
): Promise<void> {
  const prospect = 'prospect' in target ? target.prospect : null
  await sql`insert into survey.contribution (id, siret, prospect, body, clause, author, guide, mode, channel, delivery, commune,
      metier, held, opened_at)
    values (${contribution}, ${siret}, ${prospect}, ${body}, ${clause}, ${author}, ${guide}, ${mode}, ${channel}, ${delivery},
      ${place.commune}, ${place.metier}, ${held}, ${openedAt})`.execute(trx)
}

/** @throws {UserError} 400, 404 when the answer is none of its item */
export const checkAnswer = ({ item, value }: AnswerEntry) => parseValue(getItem('enterprise', item), value)

/**
 * Makes a statement of an answer, for those who may read the visit.
 * @param grant the right that let it in when it was received; by default it is asked for now
 * @throws {UserError} 400, 403, 404, 409, 410
 */
export async function sayAnswer(
  trx: Executor,
  actor: Actor,
  one: Contribution,
  { id, item, value, comment }: AnswerEntry,
  { saidAt, grant }: { saidAt: string; grant?: Grant },
): Promise<void> {
  const record = await findRecord(trx, contributionKind, one.id)
  await sayStatement(trx, actor, {
    subject: { kind: 'enterprise', id: one.siret! },
    id,
    item,
    value,
    comment,
    as: 'right',
    body: one.body,
    saidAt,
    saidOn: isoDayOf(saidAt),
    method: methodOf[one.channel],
    asked: disclosureOf(record, one.body),
    ...(grant ? { grant } : {}),
  })
}
