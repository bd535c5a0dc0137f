import { getStanding, type Standing } from '#accounts'
import { sql, transaction, UserError, type EventHandler, type Executor } from '#platform'
import { findGuide, findGuideItem } from '../guide/guides.ts'
import type { Entry } from '../model.ts'
import { agree } from './agreement.ts'
import { declareContribution } from './disclosure.ts'
import { EntryRefused } from './refusal.ts'
import { clauseOf, decideAny, type Allowed, type Asked } from './rights.ts'
import { findContribution, findUnit, lockId, moment, personOf, type Contribution } from './rows.ts'
import { sayAnswer } from './writing.ts'

interface Held {
  entry: Entry
  saidAt: string
  receivedAt: string
}

/** The opening, then the answers by item, which is the order in which whoever changes several statements locks them. */
async function listHeld(trx: Executor, contribution: string): Promise<Held[]> {
  const found = await sql<Held>`
    select e.payload as entry, ${moment('e.said_at')} as "saidAt", ${moment('e.received_at')} as "receivedAt"
    from survey.entry e where e.contribution = ${contribution}::uuid and e.state = 'held'
    order by e.type <> 'open', e.payload->>'item', e.said_at, e.id`.execute(trx)
  return found.rows
}

/** The right that its author had when something was received; null without any. */
function rightAt(standing: Standing, one: Contribution, items: readonly Asked[], at: string): Allowed | null {
  const subject = { kind: 'enterprise', id: one.siret! }
  const about = { subject, place: one, body: one.body, author: one.author }
  const decision = decideAny(standing, 'contribute', about, items, at)
  return 'grant' in decision ? decision : null
}

/** Where an enterprise turns out to be: its contribution is one like others, if its author had the right to speak of it. */
async function settle(trx: Executor, standing: Standing, held: Contribution): Promise<Contribution | null> {
  const place = await findUnit(trx, held.siret!)
  if (!place) return null
  if (!held.held) return held
  const one = { ...held, ...place, held: false }
  const [opening] = await listHeld(trx, one.id)
  const allowed = opening && rightAt(standing, one, findGuide(one.guide)?.items ?? [], opening.receivedAt)
  if (!allowed) return null
  await sql`update survey.contribution set commune = ${place.commune}, metier = ${place.metier}, held = false,
      clause = ${clauseOf(allowed.grant)} where id = ${one.id}::uuid`.execute(trx)
  await declareContribution(trx, one, allowed.item)
  return one
}

/** Makes an entry count; false where its author had no right to it. */
async function count(
  trx: Executor,
  standing: Standing,
  one: Contribution,
  { entry, saidAt, receivedAt }: Held,
  takenBack: ReadonlySet<string>,
): Promise<boolean> {
  const author = personOf(one.author)
  if (entry.type === 'consent') await agree(trx, author, one, entry, saidAt)
  if (entry.type !== 'answer' || takenBack.has(entry.id)) return true
  const item = findGuideItem(entry.item)
  const right = item && rightAt(standing, one, [item], receivedAt)
  if (!right) return false
  await sayAnswer(trx, author, one, entry, { saidAt, grant: right.grant })
  return true
}

/** Whether an entry counts from now on; what users may be told of the reason leaves it held. */
async function tryCount(...[trx, standing, one, held, takenBack]: Parameters<typeof count>): Promise<boolean> {
  try {
    return await count(trx, standing, one, held, takenBack)
  } catch (error) {
    if (error instanceof UserError || error instanceof EntryRefused) return false
    throw error
  }
}

/**
 * Makes the held entries of a contribution count, now that its enterprise is in the register: each exactly once, by the
 * right that its author had when it was received. Those without a right, and those that are wrong, stay held.
 * @returns how many count from now on
 */
export async function release(trx: Executor, contribution: string): Promise<number> {
  await lockId(trx, contribution)
  const held = await findContribution(trx, contribution)
  if (!held?.siret) return 0
  const standing = await getStanding(trx, personOf(held.author))
  const one = await settle(trx, standing, held)
  if (!one) return 0
  const entries = await listHeld(trx, contribution)
  const takenBack = new Set(entries.flatMap(({ entry }) => (entry.type === 'retract' ? [entry.entry] : [])))
  const counted: string[] = []
  for (const each of entries) if (await tryCount(trx, standing, one, each, takenBack)) counted.push(each.entry.id)
  await sql`update survey.entry set state = 'taken' where id = any(${counted}::uuid[])`.execute(trx)
  return counted.length
}

/** After each change of the register: what was held about enterprises that it now has counts. */
export const releaseAfterImport: EventHandler = {
  kind: 'registry.imported',
  name: 'survey.release',
  async handle({ db, log }) {
    const found = await sql<{ id: string }>`
      select distinct c.id from survey.entry e join survey.contribution c on c.id = e.contribution
      join registry.public_establishment u on u.siret = c.siret where e.state = 'held'`.execute(db.kysely)
    for (const { id } of found.rows) {
      const counted = await transaction(db, (trx) => release(trx, id))
      log.info({ contribution: id, counted }, 'held answers count')
    }
  },
}
