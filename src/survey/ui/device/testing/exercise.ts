import type { Entry } from '../../../model.ts'
import type { JournalStore, KeptFile, NewRow } from '../journal.ts'

const person = 'person-1'
const row = (id: string, contribution: string, more: Partial<NewRow> = {}): NewRow => {
  const at = `2026-11-25T10:00:00.${id.padStart(3, '0')}Z`
  const entry = { id, contribution, at, type: 'retract', entry: 'x' } satisfies Entry
  return { version: 1, person, device: 'd', shift: 0, entry, state: 'waiting', code: null, message: null, ...more }
}
const file = (id: string, contribution: string): KeptFile => ({
  id,
  person,
  contribution,
  subject: 'moi',
  name: `${id}.jpg`,
  type: 'image/jpeg',
  blob: new Blob(['photo']),
  at: '2026-11-25T10:00:00.000Z',
  state: 'waiting',
  message: null,
})

const brief = (rows: readonly NewRow[]) => rows.map(({ entry, state, message }) => [entry.id, state, message])
const briefFiles = (files: readonly KeptFile[]) => files.map(({ id, state, blob }) => [id, state, blob.size]).sort()

/** Uses all of a journal and tells what it saw: two stores that keep the same promises tell the same. */
export async function exercise(store: JournalStore): Promise<unknown[]> {
  const seen: unknown[] = []
  const see = async (what: Promise<unknown>) => seen.push(await what)
  const add = (rows: NewRow[], files: KeptFile[] = []) =>
    store.append(({ last, ahead }) => ({ rows, files, clock: { last: last + 5, ahead } }))
  await see(add([row('1', 'a'), row('2', 'a'), row('3', 'b')], [file('f', 'a')]))
  await see(add([row('2', 'a', { state: 'refused' }), row('4', 'b', { person: 'person-2' })], [file('f', 'b')]))
  await see(
    store
      .append(() => {
        throw new Error('nothing of this')
      })
      .catch(String),
  )
  await see(store.clock())
  await see(store.list(person).then(brief))
  await see(store.listContribution(person, 'a').then(brief))
  await see(store.listByState(person, ['waiting'], 1, 10).then((rows) => rows.map(({ seq }) => seq)))
  await store.mark([
    { id: '1', outcome: 'taken' },
    { id: '2', outcome: 'refused', code: 'ended', message: 'non' },
    { id: '3', outcome: 'held' },
    { id: 'nobody', outcome: 'taken' },
  ])
  await store.mark([{ id: '1', outcome: 'refused', message: 'trop tard' }])
  await see(store.list(person).then(brief))
  await see(store.count(person))
  await see(store.count('person-2'))
  await see(store.listByState(person, ['held', 'sent'], 0, 1).then(brief))
  await store.resend(['1', '2'])
  await see(store.list(person).then(brief))
  await store.mark([{ id: '2', outcome: 'known' }])
  await store.forget(person, ['a', 'b'])
  await see(store.list(person).then(brief))
  await store.markFile('f', 'sent', null)
  await see(store.listFiles(person).then(briefFiles))
  await see(store.getFile('nobody'))
  await store.forget(person, ['a', 'b'])
  await see(store.list(person).then(brief))
  await see(store.listFiles(person).then(briefFiles))
  await see(store.getSetting('nothing'))
  await store.putSetting('start', { guides: [1] })
  await see(store.getSetting('start'))
  await see(store.lease('l', 'one', 10, 20))
  await see(store.lease('l', 'two', 15, 30))
  await see(store.lease('l', 'two', 20, 30))
  await store.putSeen({ siret: 's', person, at: 'now', answers: [] })
  await see(store.getSeen(person, 's'))
  await see(store.getSeen('person-2', 's'))
  return seen
}
