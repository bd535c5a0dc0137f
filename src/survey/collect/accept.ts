import { sql, type App, type JobDefinition, type JobProgress } from '#platform'
import { takeForPerson } from '../contributions/commands.ts'
import { personOf } from '../contributions/rows.ts'
import { listGuides } from '../guide/guides.ts'
import { protocol, type EntryResult } from '../model.ts'
import { findCollection, finishCollection } from './collections.ts'
import { planVisits, type PlannedVisit } from './plan.ts'
import { readCollectedFile } from './read.ts'
import { outcomeOf, reportOf, type VisitOutcome } from './report.ts'

type Taking = Pick<App, 'db' | 'log'>

/** Takes what one visit brings, as what a device sends is taken. */
async function takeVisit(app: Taking, id: string, author: string, { entries }: PlannedVisit): Promise<EntryResult[]> {
  if (entries.length === 0) return []
  const request = { protocol, device: `collect-${id}`, now: new Date().toISOString(), entries }
  const results = await takeForPerson(app, personOf(author), request, { channel: 'collect' })
  // The server could not keep it now: the job starts again, and what was taken is known.
  if (results.some(({ code }) => code === 'survey.failed'))
    throw new Error('an entry of a collection could not be taken')
  return results
}

/**
 * Takes the answers of a file that was accepted. Again after a stop, it takes nothing twice: ids follow from the submissions.
 */
export async function takeCollection(
  app: Taking,
  id: string,
  progress?: (progress: JobProgress) => Promise<void>,
): Promise<void> {
  const collection = await findCollection(app.db.kysely, id)
  if (collection?.state !== 'accepting') return
  const { author, body, tables } = collection
  const file = readCollectedFile(tables ?? [], listGuides())
  const planned = await planVisits(app.db, personOf(author), body, file.visits)
  const outcomes: VisitOutcome[] = []
  for (const one of planned) {
    outcomes.push(outcomeOf(one, await takeVisit(app, id, author, one)))
    if (outcomes.length % 10 === 0)
      await progress?.({ ratio: outcomes.length / planned.length, text: `${outcomes.length} / ${planned.length}` })
  }
  await finishCollection(app.db.kysely, id, reportOf(file, outcomes))
}

const acceptJob: JobDefinition = {
  name: 'survey.take-collection',
  retryLimit: 3,
  retryDelay: 10,
  work: ({ app, progress }, data) => takeCollection(app, String(data.collection), progress),
}

export const acceptJobName = acceptJob.name

/** Days after which a file that nobody accepted is removed, and the report of one that somebody did. */
const keptDays = { read: 7, accepted: 60 }

const purgeJob: JobDefinition = {
  name: 'survey.purge-collections',
  retryLimit: 3,
  schedule: '53 3 * * *',
  async work({ app }) {
    await sql`delete from survey.collection where created_at < now() - make_interval(days =>
      case when state in ('accepting', 'accepted') then ${keptDays.accepted}::int else ${keptDays.read}::int end)`.execute(
      app.db.kysely,
    )
  },
}

export const collectJobs: JobDefinition[] = [acceptJob, purgeJob]
