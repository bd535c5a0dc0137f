import { afterAll, beforeAll, expect, test } from 'vitest'
import { isoDayOf } from '#accounts/model'
import { newId, sql, type User } from '#platform'
import { personOf } from '../../consent/testing.ts'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import {
  addAttendee,
  addMaterial,
  cancelMeeting,
  changeMeeting,
  joinMeeting,
  leaveMeeting,
  noteAttendance,
  planMeeting,
  removeAttendee,
  removeMaterial,
} from './commands.ts'
import { attendanceDays, type MeetingInput } from './model.ts'
import { eraseAttendance, exportAttendance, forgetAttendanceJob } from './personal.ts'
import { getMeeting, meetingsPage, pageMeetings } from './queries.ts'

let running: TestApp
const [chamber, school] = [newId(), newId()]
const [manager, surveyor, reader, partner, stranger] = ['m', 's', 'r', 'p', 'x'].map((one) =>
  personOf(`${one}-${newId()}`),
) as [User, User, User, User, User]
const soon = isoDayOf(new Date(Date.now() + 10 * 86_400_000).toISOString())
const input: MeetingInput = {
  body: chamber,
  kind: 'training',
  title: 'Trier les chutes de bois',
  day: soon,
  from: '14:00',
  lastDay: '',
  until: '17:30',
  place: 'Salle des fêtes, Trois-Fours',
  agenda: 'Accueil\r\nTour de table',
}
const db = () => running.app.db

beforeAll(async () => {
  running = await createTestApp()
  for (const [body, name] of [
    [chamber, 'Chambre d’essai'],
    [school, 'Centre de formation d’essai'],
  ])
    await sql`insert into accounts.body (id, kind, name) values (${body}, 'chamber', ${name})`.execute(db().kysely)
  for (const [person, body, role] of [
    [manager, chamber, 'manager'],
    [surveyor, chamber, 'surveyor'],
    [reader, chamber, 'reader'],
    [partner, school, 'manager'],
  ] as const)
    await sql`insert into accounts.membership (id, body, person, role, starts_at, created_by)
      values (${newId()}, ${body}, ${person.id}, ${role}, now() - interval '1 day', 'operator')`.execute(db().kysely)
})
afterAll(() => running.close())

const refused = (code: string) => expect.objectContaining({ code }) as Error

test('whoever surveys, checks or manages for a body plans; its readers and others do not', async () => {
  await expect(planMeeting(db(), reader, input)).rejects.toEqual(refused('meeting.organisers_only'))
  await expect(planMeeting(db(), partner, input)).rejects.toEqual(refused('meeting.organisers_only'))
  await expect(planMeeting(db(), null, input)).rejects.toMatchObject({ status: 401 })
  const id = await planMeeting(db(), surveyor, input)
  await expect(changeMeeting(db(), partner, id, input)).rejects.toEqual(refused('meeting.organisers_only'))
  await changeMeeting(db(), manager, id, { ...input, title: 'Trier mieux' })
  const { meeting } = await getMeeting(db(), partner, id)
  expect(meeting).toMatchObject({ title: 'Trier mieux', sequence: 1, agenda: 'Accueil\nTour de table', over: false })
})

test('each wrong field is named', async () => {
  const fieldOf = async (changes: Partial<MeetingInput>) =>
    planMeeting(db(), manager, { ...input, ...changes }).then(
      () => null,
      (error: { fields: { field: string }[] }) => error.fields[0]?.field,
    )
  expect(await fieldOf({ kind: 'fête' })).toBe('kind')
  expect(await fieldOf({ title: '  ' })).toBe('title')
  expect(await fieldOf({ day: '04/03/2027' })).toBe('day')
  expect(await fieldOf({ from: '25:00' })).toBe('from')
  expect(await fieldOf({ until: '13:00' })).toBe('until')
  expect(await fieldOf({ until: '', lastDay: '2090-01-01' })).toBe('lastDay')
  expect(await fieldOf({ until: '17:00', lastDay: '2090-01-01' })).toBe('until')
  expect(await fieldOf({ place: '' })).toBe('place')
  expect(await fieldOf({ agenda: 'x'.repeat(5001) })).toBe('agenda')
})

test('partners learn of a meeting, and never who comes to it', async () => {
  const id = await planMeeting(db(), manager, { ...input, title: 'Réunion de partenaires' })
  await addAttendee(db(), surveyor, id, { name: 'Colin Brassac', organisation: 'Mairie', present: false })
  await joinMeeting(db(), partner, id)
  await joinMeeting(db(), partner, id)
  const seen = await getMeeting(db(), partner, id)
  expect(seen).toMatchObject({ people: null, joined: true, writes: false })
  expect(JSON.stringify(seen)).not.toContain('Brassac')
  const { people, writes } = await getMeeting(db(), reader, id)
  expect(people).toMatchObject([{ name: 'Colin Brassac' }, { organisation: 'Centre de formation d’essai' }])
  expect(writes).toBe(false)
  await expect(getMeeting(db(), stranger, id)).rejects.toEqual(refused('meeting.members_only'))
  await expect(pageMeetings(db(), stranger, { past: false, after: null })).rejects.toMatchObject({ status: 403 })
  await expect(joinMeeting(db(), stranger, id)).rejects.toMatchObject({ status: 403 })
  const administrator = { ...personOf(newId()), administrator: true }
  expect(await getMeeting(db(), administrator, id)).toMatchObject({ people: null, writes: false })
  await leaveMeeting(db(), partner, id)
  expect((await getMeeting(db(), reader, id)).people).toHaveLength(1)
})

test('who came is ticked, walk-ins are added, and others of the list stay unsaid', async () => {
  const id = await planMeeting(db(), manager, input)
  for (const name of ['Ana', 'Élie', 'Zoé'])
    await addAttendee(db(), manager, id, { name, organisation: '', present: false })
  await addAttendee(db(), manager, id, { name: 'Bruno', organisation: '', present: true })
  const list = async () => (await getMeeting(db(), reader, id)).people!
  const idOf = async (name: string) => (await list()).find((one) => one.name === name)!.id
  await noteAttendance(db(), surveyor, id, {
    shown: [await idOf('Ana'), await idOf('Élie')],
    present: [await idOf('Élie'), 'not an id'],
  })
  expect(Object.fromEntries((await list()).map(({ name, present }) => [name, present]))).toEqual({
    Ana: false,
    Bruno: true,
    Élie: true,
    Zoé: null,
  })
  expect((await list()).map(({ name }) => name)).toEqual(['Ana', 'Bruno', 'Élie', 'Zoé'])
  await removeAttendee(db(), manager, id, await idOf('Zoé'))
  expect(await list()).toHaveLength(3)
  const other = await planMeeting(db(), manager, input)
  await removeAttendee(db(), manager, other, await idOf('Ana'))
  expect(await list()).toHaveLength(3)
  await expect(noteAttendance(db(), reader, id, { shown: [], present: [] })).rejects.toMatchObject({ status: 403 })
  await expect(
    addAttendee(db(), manager, id, { name: 'Ana', organisation: '732 829 320 00074', present: false }),
  ).rejects.toMatchObject({ fields: [{ field: 'organisation' }] })
})

test('a support is a page by https, or a file that one may read', async () => {
  const id = await planMeeting(db(), manager, input)
  const add = (link: string) => addMaterial(running.app, manager, id, { title: 'Diaporama', link })
  for (const link of [
    'http://exemple.fr/a.pdf',
    'javascript:alert(1)',
    'exemple',
    newId(),
    `/espace/medias/${newId()}`,
  ])
    await expect(add(link), link).rejects.toMatchObject({ fields: [{ field: 'link' }] })
  await add('https://exemple.fr/a.pdf')
  await add('https://exemple.fr/b.pdf')
  const { material } = await getMeeting(db(), partner, id)
  expect(material.map(({ link }) => link)).toEqual(['https://exemple.fr/a.pdf', 'https://exemple.fr/b.pdf'])
  await expect(removeMaterial(db(), partner, id, material[0]!.id)).rejects.toMatchObject({ status: 403 })
  await removeMaterial(db(), manager, id, material[0]!.id)
  expect((await getMeeting(db(), partner, id)).material).toHaveLength(1)
})

test('a cancelled meeting stays, says why, and takes nobody more', async () => {
  const id = await planMeeting(db(), manager, input)
  await expect(cancelMeeting(db(), manager, id, ' ')).rejects.toMatchObject({ fields: [{ field: 'reason' }] })
  await cancelMeeting(db(), manager, id, 'Route coupée')
  expect((await getMeeting(db(), partner, id)).meeting.cancelReason).toBe('Route coupée')
  for (const act of [
    () => cancelMeeting(db(), manager, id, 'Encore'),
    () => changeMeeting(db(), manager, id, input),
    () => joinMeeting(db(), partner, id),
  ])
    await expect(act()).rejects.toEqual(refused('meeting.cancelled'))
})

test('the agenda is read by pages, what is to come and what is over', async () => {
  for (let n = 0; n < meetingsPage + 3; n++) await planMeeting(db(), manager, { ...input, day: '2020-05-04' })
  const ids: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof pageMeetings>> = await pageMeetings(db(), partner, { past: true, after })
    ids.push(...page.meetings.map(({ id }) => id))
    expect(page.meetings.every(({ startsAt, mine }) => startsAt.startsWith('2020-05-04') && !mine)).toBe(true)
    after = page.next
  } while (after !== null)
  expect(new Set(ids).size).toBe(meetingsPage + 3)
  expect(ids).toHaveLength(meetingsPage + 3)
  const coming = await pageMeetings(db(), reader, { past: false, after: null })
  expect(coming.meetings.length).toBeGreaterThan(3)
  expect(coming.meetings.every(({ startsAt, mine }) => startsAt > new Date().toISOString() && mine)).toBe(true)
  await expect(joinMeeting(db(), partner, ids[0]!)).rejects.toEqual(refused('meeting.over'))
  await expect(leaveMeeting(db(), partner, ids[0]!)).rejects.toEqual(refused('meeting.over'))
})

test('a person leaves every list, and nobody is kept for longer than three years', async () => {
  const id = await planMeeting(db(), manager, input)
  await joinMeeting(db(), partner, id)
  const subject = { kind: 'person', id: partner.id }
  expect(await exportAttendance(db().kysely, subject)).toMatchObject({ attendance: [{ title: input.title }] })
  expect(
    await db()
      .kysely.transaction()
      .execute((trx) => eraseAttendance(trx, subject)),
  ).toEqual({
    files: [],
    tables: ['survey.attendance'],
  })
  expect(await exportAttendance(db().kysely, subject)).toEqual({})
  await addAttendee(db(), manager, id, { name: 'Ana', organisation: '', present: false })
  const age = async (days: number) => {
    await sql`update survey.meeting set starts_at = now() - ${days} * interval '1 day', ends_at = null where id = ${id}`.execute(
      db().kysely,
    )
    await forgetAttendanceJob.work({ app: running.app, id: '', progress: async () => {} }, {})
    return (await getMeeting(db(), manager, id)).people!.length
  }
  expect(await age(attendanceDays - 1)).toBe(1)
  expect(await age(attendanceDays + 1)).toBe(0)
})
