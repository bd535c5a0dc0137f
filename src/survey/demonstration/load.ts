import { eraseRecords, getText } from '#consent'
import { newId, sql, type App, type Executor, type User } from '#platform'
import { contest, settle } from '#statements'
import { release } from '../contributions/release.ts'
import { personOf } from '../contributions/rows.ts'
import { createEntryStore } from '../contributions/store.ts'
import { takeEntries } from '../contributions/take.ts'
import { latestGuide } from '../guide/guides.ts'
import { momentOf } from '../meetings/model.ts'
import { protocol, type Entry } from '../model.ts'
import {
  answerId,
  entriesOf,
  prospectEntries,
  readDemonstrationIds,
  readDemonstrationSurvey,
  visitId,
  type DemonstrationMeeting,
  type DemonstrationSurvey,
} from './data.ts'

const dayLength = 86_400_000
const device = 'demonstration'
/** Midnight of a moment's day, UTC, in milliseconds. */
const dayOf = (now: string) => Math.floor(Date.parse(now) / dayLength) * dayLength

/** An entry that could not be taken stops the loading, with what was wrong. */
const log = {
  error({ err }: { err: unknown }) {
    throw err
  },
} as unknown as App['log']

/**
 * Takes what a person would have sent from a device.
 * @throws {Error} when an entry is not taken: the data are wrong
 */
async function take(trx: Executor, author: User, entries: Entry[], now: string): Promise<void> {
  const store = createEntryStore({ db: trx, log }, author, { channel: 'device' })
  const results = await takeEntries(store, { protocol, device, now, entries }, now)
  const wrong = results.find(({ outcome }) => outcome === 'refused' || outcome === 'later')
  if (wrong) throw new Error(`data/demonstration/survey.json: ${wrong.id} ${wrong.message}`)
}

interface Written {
  author: string
  payload: Entry
}

/** Keeps entries as those of enterprises that are not in the register yet. */
async function hold(trx: Executor, entries: readonly Written[]): Promise<void> {
  await sql`insert into survey.entry (id, contribution, device, author, type, payload, said_at, state)
    select (payload->>'id')::uuid, (payload->>'contribution')::uuid, ${device}, author, payload->>'type', payload,
      (payload->>'at')::timestamptz, 'held'
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e(author text, payload jsonb)`.execute(trx)
}

/**
 * Writes the journals of all visits as held, then makes them count as the register does when it brings their enterprises: by
 * the right of each author, in a third of the time of taking them one by one. What the artisan agreed to comes first, so that
 * each answer is at once what he lets others read.
 */
async function writeVisits(trx: Executor, { visits }: DemonstrationSurvey, now: string): Promise<void> {
  const guide = latestGuide().version
  const text = await getText(trx, 'fr', { topic: 'know-how' })
  const journals = visits
    .toSorted((a, b) => b.daysAgo - a.daysAgo)
    .map((visit) => ({ visit, entries: entriesOf(visit, guide, dayOf(now), text!.version) }))
  const contributions = journals.map(({ visit: { id, siret, body, author, mode }, entries }) => {
    return { id: visitId(id), siret, body, author, mode, guide, opened_at: entries[0]!.at }
  })
  await sql`insert into survey.contribution (id, siret, body, author, mode, guide, opened_at, channel, held)
    select id, siret, body, author, mode, guide, opened_at, 'device', true
    from jsonb_to_recordset(${JSON.stringify(contributions)}::jsonb) as c(id uuid, siret text, body text, author text,
      mode text, guide int, opened_at timestamptz)`.execute(trx)
  const entries = journals.flatMap((one) => one.entries.map((payload) => ({ author: one.visit.author, payload })))
  const isAnswer = ({ payload }: Written) => payload.type === 'answer'
  let counted = 0
  for (const part of [entries.filter((one) => !isAnswer(one)), entries.filter(isAnswer)]) {
    await hold(trx, part)
    for (const { id } of contributions) counted += await release(trx, id)
  }
  if (counted !== entries.length)
    throw new Error(`data/demonstration/survey.json: ${entries.length - counted} entries do not count`)
}

async function takeProspects(trx: Executor, { prospects }: DemonstrationSurvey, now: string): Promise<void> {
  const guide = latestGuide().version
  for (const [index, prospect] of prospects.entries())
    await take(trx, personOf(prospect.author), prospectEntries(prospect, index + 1, guide, dayOf(now)), now)
}

async function act(trx: Executor, survey: DemonstrationSurvey): Promise<void> {
  for (const one of survey.acts) {
    const actor = personOf(one.by)
    const { reason } = one
    if (one.act === 'contest')
      await contest(trx, actor, { subject: { kind: 'enterprise', id: one.siret }, item: one.item, reason })
    else
      await settle(trx, actor, {
        chosen: answerId(survey, one.chosen),
        over: one.over.map((said) => answerId(survey, said)),
        reason,
      })
  }
}

async function plan(trx: Executor, one: DemonstrationMeeting, now: string): Promise<void> {
  const { body, author, kind, title, place, agenda, people = [] } = one
  const day = new Date(Date.parse(now) + one.inDays * dayLength).toISOString().slice(0, 10)
  const id = newId()
  await sql`insert into survey.meeting (id, body, author, kind, title, starts_at, ends_at, place, agenda)
    values (${id}, ${body}, ${author}, ${kind}, ${title}, ${momentOf(day, one.at)}, ${momentOf(day, one.until)}, ${place},
      ${agenda})`.execute(trx)
  for (const [name, organisation, present] of people)
    await sql`insert into survey.attendance (id, meeting, name, organisation, present)
      values (${newId()}, ${id}, ${name}, ${organisation}, ${present})`.execute(trx)
}

/** Loads the fictional survey as devices and desks would have made it; the bodies that speak are the accounts'. */
export async function loadDemonstrationSurvey(trx: Executor): Promise<void> {
  const survey = readDemonstrationSurvey()
  const now = new Date().toISOString()
  await writeVisits(trx, survey, now)
  await takeProspects(trx, survey, now)
  await act(trx, survey)
  for (const meeting of survey.meetings) await plan(trx, meeting, now)
}

/**
 * Removes all that was said of the fictional enterprises or by the fictional bodies, whoever said it. What became
 * statements goes with the enterprises themselves.
 */
export async function removeDemonstrationSurvey(trx: Executor): Promise<void> {
  const { bodies, people } = readDemonstrationIds()
  const found = await sql<{ id: string }>`
    select c.id::text as id from survey.contribution c left join survey.prospect p on p.id = c.prospect
    where c.body = any(${bodies}) or c.author = any(${people})
      or c.siret in (select siret from registry.public_establishment where demonstration)
      or coalesce(p.commune, c.commune) in (select code from territory.public_territory where demonstration)`.execute(
    trx,
  )
  const ids = found.rows.map(({ id }) => id)
  await sql`delete from survey.entry where contribution = any(${ids}::uuid[]) or author = any(${people})`.execute(trx)
  await sql`delete from survey.contribution where id = any(${ids}::uuid[])`.execute(trx)
  await eraseRecords(trx, 'contribution', ids)
  await sql`delete from survey.prospect p where p.body = any(${bodies})
    or p.commune in (select code from territory.public_territory where demonstration)`.execute(trx)
  await sql`delete from survey.delivery d where (body = any(${bodies}) or exists (
      select from survey.delivery_row r join registry.public_establishment e on e.siret = r.siret
      where r.delivery = d.id and e.demonstration))
    and not exists (select from survey.contribution c where c.delivery = d.id)`.execute(trx)
  await sql`delete from survey.collection where body = any(${bodies}) or author = any(${people})`.execute(trx)
  await sql`delete from survey.meeting where body = any(${bodies})`.execute(trx)
  await sql`delete from survey.attendance where person = any(${people})`.execute(trx)
}
