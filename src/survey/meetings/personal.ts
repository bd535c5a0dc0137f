import { sql, type Erased, type Executor, type JobDefinition, type Subject } from '#platform'
import { attendanceDays } from './model.ts'

const concerned = ({ kind, id }: Subject) =>
  kind === 'person' ? sql`a.person = ${id}` : kind === 'enterprise' ? sql`a.siret = ${id}` : sql`false`

/** The meetings of which somebody, or people of an enterprise, are on the list, and those that a person announced. */
export async function exportAttendance(db: Executor, subject: Subject): Promise<Record<string, unknown>> {
  const found = await sql`
    select m.title, m.starts_at as "startsAt", m.place, a.name, a.organisation, a.present
    from survey.attendance a join survey.meeting m on m.id = a.meeting where ${concerned(subject)}
    order by m.starts_at, a.id`.execute(db)
  const announced = await sql`select m.title, m.starts_at as "startsAt", m.place from survey.meeting m
    where ${subject.kind === 'person'} and m.author = ${subject.id} order by m.starts_at, m.id`.execute(db)
  return {
    ...(found.rows.length > 0 ? { attendance: found.rows } : {}),
    ...(announced.rows.length > 0 ? { meetingsAnnounced: announced.rows } : {}),
  }
}

/** Takes a person, or those of an enterprise, off every list. */
export async function eraseAttendance(trx: Executor, subject: Subject): Promise<Erased> {
  const gone = await sql`delete from survey.attendance a where ${concerned(subject)} returning 1`.execute(trx)
  const announced =
    subject.kind === 'person'
      ? await sql`update survey.meeting set author = 'erased' where author = ${subject.id} returning 1`.execute(trx)
      : { rows: [] }
  return {
    files: [],
    tables: [
      ...(gone.rows.length > 0 ? ['survey.attendance'] : []),
      ...(announced.rows.length > 0 ? ['survey.meeting'] : []),
    ],
  }
}

/** Who came is forgotten when nobody has to prove it any more. */
export const forgetAttendanceJob: JobDefinition = {
  name: 'survey.forget-attendance',
  retryLimit: 3,
  schedule: '7 3 * * *',
  async work({ app }) {
    await sql`delete from survey.attendance a using survey.meeting m
      where m.id = a.meeting and coalesce(m.ends_at, m.starts_at) < now() - ${attendanceDays} * interval '1 day'`.execute(
      app.db.kysely,
    )
  },
}
