import { expect, test } from 'vitest'
import { daysSince, exportJournal, exportName, importJournal } from './export.ts'
import { createMemoryStore } from './memory.ts'
import { noteServerTime } from './sending.ts'
import { createServer, makeDevice, person, siret, visit, yes } from './testing/device.ts'

const hour = 3_600_000
const noon = Date.UTC(2026, 10, 25, 12)
const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => n % 256)

/** A phone with a visit, an answer and a photo; its clock may be wrong. */
async function makePhone(ahead = 0) {
  const clock = { now: noon + ahead }
  const store = createMemoryStore()
  await noteServerTime(store, clock.now, noon)
  const server = createServer()
  const device = makeDevice({ store, clock, send: server.send })
  const id = await device.open(visit)
  await device.answer(id, yes)
  const photo = { blob: new Blob([bytes], { type: 'image/jpeg' }), name: 'tour à bois.jpg', subject: siret }
  await device.answerByFile(id, 'gesture-photo', photo)
  const keep = () => exportJournal(store, { person, device: 'phone-1', now: () => clock.now })
  const takeUp = (file: Blob) => importJournal(store, { person, now: () => clock.now }, file)
  return { clock, store, server, device, id, keep, takeUp }
}

test('an erased phone takes its file up again, photo included, and sends it as the device that wrote it', async () => {
  const phone = await makePhone()
  const file = await phone.keep()
  const before = await phone.store.list(person)
  phone.store.evict()
  expect(await phone.takeUp(file)).toEqual({ entries: 3, files: 1, damaged: [] })
  expect((await phone.store.list(person)).map(({ entry }) => entry)).toEqual(before.map(({ entry }) => entry))
  const [photo] = await phone.store.listFiles(person)
  expect(photo).toMatchObject({ name: 'tour à bois.jpg', type: 'image/jpeg', subject: siret, state: 'waiting' })
  expect(new Uint8Array(await photo!.blob.arrayBuffer())).toEqual(bytes)
  await phone.device.sync()
  expect(phone.server.requests[0]).toMatchObject({ device: 'phone-1' })
})

test('taken up twice, or where it is already, it doubles nothing', async () => {
  const phone = await makePhone()
  await phone.device.sync()
  const file = await phone.keep()
  expect(await phone.takeUp(file)).toMatchObject({ entries: 0 })
  expect(await phone.device.count()).toMatchObject({ sent: 3, waiting: 0 })
  expect(await phone.store.listFiles(person)).toHaveLength(1)
})

test.each([-5 * hour, 0, 30 * hour])('a file of a clock that is %i ms off is dated as the server’s', async (ahead) => {
  const phone = await makePhone(ahead)
  const file = await phone.keep()
  const other = await makePhone(7 * hour)
  other.clock.now += hour
  await other.takeUp(file)
  await other.device.sync()
  const request = other.server.requests.find(({ entries }) =>
    entries.some(({ contribution }) => contribution === phone.id),
  )!
  // The server takes the skew off: an hour ago, up to the seconds that a header tells.
  const saidAt = Date.parse(request.entries[0]!.at) + (noon + hour) - Date.parse(request.now)
  expect(Math.abs(saidAt - noon)).toBeLessThanOrEqual(2000)
})

test('two files of one phone, made before and after its clock was set, keep the order in which it wrote', async () => {
  const phone = await makePhone(5 * hour)
  const first = await phone.keep()
  phone.clock.now -= 2 * hour
  const last = await phone.device.answer(phone.id, { ...yes, value: { kind: 'answer', answer: 'no' } })
  const second = await phone.keep()
  const other = await makePhone()
  await other.takeUp(first)
  other.clock.now += hour
  await other.takeUp(second)
  expect((await other.device.getContribution(phone.id)).answers.get('wood-nearby')!.entry.id).toBe(last)
})

test('of a file that is cut short what is whole is taken up, and the rest is told', async () => {
  const phone = await makePhone()
  const text = await (await phone.keep()).text()
  phone.store.evict()
  const cut = new Blob([text.slice(0, -5000)])
  expect(await phone.takeUp(cut)).toEqual({ entries: 3, files: 0, damaged: [5] })
})

test.each([
  ['a picture', '\u0089PNG', 'damaged'],
  ['nothing', '', 'damaged'],
  ['another list', '{"format":"autre"}', 'damaged'],
  ['a file of a newer program', '{"format":"artisanumerique-enquete","version":2,"device":"d","now":"2026"}', 'newer'],
  [
    'somebody else’s',
    '{"format":"artisanumerique-enquete","version":1,"device":"d","now":"2026","person":"p"}',
    'other-person',
  ],
])('%s is no file to take up', async (_, text, code) => {
  const phone = await makePhone()
  await expect(phone.takeUp(new Blob([text]))).rejects.toMatchObject({ code })
  expect(await phone.store.list(person)).toHaveLength(3)
})

test('files bear their day, and days are counted whole', () => {
  expect(exportName(noon)).toBe('enquete-2026-11-25.jsonl')
  expect(daysSince('2026-11-22T12:00:01.000Z', noon)).toBe(2)
  expect(daysSince('2026-11-26T00:00:00.000Z', noon)).toBe(0)
  expect(daysSince(null, noon)).toBe(0)
})
