import { describe, expect, test } from 'vitest'
import { DeviceError } from './errors.ts'
import { createMemoryStore, type Fault } from './memory.ts'
import type { Send } from './sending.ts'
import { answered, createServer, makeDevice, person, problem, siret, visit, yes } from './testing/device.ts'

describe('what is written', () => {
  test('an answer is in the journal once it resolves, with a moment later than the one before', async () => {
    const clock = { now: Date.UTC(2026, 10, 25) }
    const device = makeDevice({ clock })
    const id = await device.open(visit)
    clock.now -= 3_600_000
    const answer = await device.answer(id, yes)
    const rows = await device.store.listContribution(person, id)
    expect(rows.map(({ entry }) => entry.type)).toEqual(['open', 'answer'])
    expect(rows[1]!.entry).toMatchObject({ id: answer, contribution: id, item: 'wood-nearby' })
    expect(rows[1]!.entry.at > rows[0]!.entry.at).toBe(true)
    expect(rows[1]!.entry.id > rows[0]!.entry.id).toBe(true)
  })

  test('a full device refuses the answer and its photo, and keeps neither', async () => {
    const full: Fault = (name, when) => {
      if (name === 'append' && when === 'before' && writes++ > 0) throw new DeviceError('full')
    }
    let writes = 0
    const device = makeDevice({ store: createMemoryStore(full) })
    const id = await device.open(visit)
    const photo = { blob: new Blob(['x'], { type: 'image/jpeg' }), name: 'atelier.jpg', subject: siret }
    await expect(device.answerByFile(id, 'gesture-photo', photo)).rejects.toMatchObject({ code: 'full' })
    expect(await device.store.listContribution(person, id)).toHaveLength(1)
    expect(await device.store.listFiles(person)).toEqual([])
  })

  test('a photo and its answer name each other', async () => {
    const device = makeDevice()
    const id = await device.open(visit)
    const photo = { blob: new Blob(['x'], { type: 'image/jpeg' }), name: 'atelier.jpg', subject: siret }
    await device.answerByFile(id, 'gesture-photo', photo, 'le tour')
    const [file] = await device.store.listFiles(person)
    const answer = (await device.getContribution(id)).answers.get('gesture-photo')!
    expect(answer.entry.value).toEqual({ kind: 'file', file: file!.id })
    expect(file).toMatchObject({ contribution: id, subject: siret, type: 'image/jpeg', state: 'waiting' })
  })

  test('somebody whom the register does not know comes before the visit that names him', async () => {
    const device = makeDevice()
    const details = { name: 'Atelier Roux', commune: '82121', address: null, metier: null, body: null }
    const id = await device.openProspect(details, { guide: 1, mode: 'full', body: null })
    const { open, prospect } = await device.getContribution(id)
    expect(open!.target).toEqual({ prospect: prospect!.id })
    expect(prospect!.at < open!.at).toBe(true)
  })

  test('taking one answer back shows the one before; clearing the item shows none', async () => {
    const device = makeDevice()
    const id = await device.open(visit)
    const first = await device.answer(id, yes)
    const second = await device.answer(id, { ...yes, value: { kind: 'answer', answer: 'no' } })
    const shown = async () => (await device.getContribution(id)).answers.get('wood-nearby')?.entry.id
    expect(await shown()).toBe(second)
    await device.retract(id, second)
    expect(await shown()).toBe(first)
    await device.clear(id, 'wood-nearby')
    expect(await shown()).toBeUndefined()
  })
})

describe('what is sent', () => {
  test('entries go in order, at most 200 at once, each once', async () => {
    const server = createServer()
    const device = makeDevice({ send: server.send })
    const id = await device.open(visit)
    for (let n = 0; n < 450; n++) await device.answer(id, yes)
    const report = await device.sync()
    expect(server.requests.map(({ entries }) => entries.length)).toEqual([200, 200, 51])
    const rows = await device.store.list(person)
    expect(server.ids()).toEqual(rows.map(({ entry }) => entry.id))
    expect(report).toMatchObject({ problem: null, sent: 451 })
    await device.sync()
    expect(server.requests).toHaveLength(3)
  })

  test('a second call joins the first, and what was written in between goes too', async () => {
    const server = createServer()
    const device = makeDevice({ send: server.send })
    const id = await device.open(visit)
    const first = device.sync()
    await device.answer(id, yes)
    expect((await Promise.all([first, device.sync()])).map(({ sent }) => sent)).toEqual([2, 2])
    expect(server.ids()).toHaveLength(2)
  })

  test('after a lost answer the same ids go again, and what is known is sent', async () => {
    const seen = new Set<string>()
    let cut = true
    const send: Send = async ({ entries }) => {
      const results = entries.map(({ id }) => ({ id, outcome: seen.has(id) ? ('known' as const) : ('taken' as const) }))
      for (const { id } of entries) seen.add(id)
      if (cut) throw new TypeError('Failed to fetch')
      return answered(results)
    }
    const device = makeDevice({ send })
    await device.open(visit)
    expect((await device.sync()).problem).toBe('offline')
    expect((await device.count()).waiting).toBe(1)
    cut = false
    expect(await device.sync()).toMatchObject({ problem: null, sent: 1 })
    expect((await device.count()).sent).toBe(1)
    expect(seen.size).toBe(1)
  })

  test.each(['offline', 'signed-out', 'other-person', 'outdated', 'busy', 'unreadable'] as const)(
    'a problem (%s) leaves all waiting',
    async (one) => {
      const device = makeDevice({ send: async () => problem(one, 'une phrase') })
      await device.open(visit)
      expect(await device.sync()).toMatchObject({ problem: one, message: 'une phrase', sent: 0 })
      expect((await device.count()).waiting).toBe(1)
    },
  )

  test.each([
    ['another protocol', { protocol: 2, results: [] }, 'outdated'],
    ['no answer of ours', { ok: true }, 'unreadable'],
    ['no list', { protocol: 1, results: 'ok' }, 'unreadable'],
  ])('an answer with %s leaves all waiting', async (_, answer, expected) => {
    const device = makeDevice({ send: async () => ({ kind: 'answer', answer }) })
    await device.open(visit)
    expect((await device.sync()).problem).toBe(expected)
    expect((await device.count()).waiting).toBe(1)
  })

  test('a result of another entry, or in words of a newer server, changes nothing', async () => {
    const send: Send = async ({ entries: [entry] }) =>
      answered([
        { id: 'another', outcome: 'taken' },
        { id: entry!.id, outcome: 'postponed' as 'later' },
      ])
    const device = makeDevice({ send })
    await device.open(visit)
    expect(await device.sync()).toMatchObject({ sent: 0, later: 1 })
    expect((await device.count()).waiting).toBe(1)
  })

  test('one wrong entry holds nobody up, and waits with the server’s sentence', async () => {
    let wrong = ''
    const send: Send = async ({ entries }) =>
      entries.some(({ id }) => id === wrong)
        ? { kind: 'wrong', message: 'illisible' }
        : answered(entries.map(({ id }) => ({ id, outcome: 'taken' })))
    const device = makeDevice({ send })
    const id = await device.open(visit)
    for (let n = 0; n < 20; n++) wrong = n === 7 ? await device.answer(id, yes) : (await device.answer(id, yes), wrong)
    expect(await device.sync()).toMatchObject({ problem: null, sent: 20, later: 1 })
    const [left] = await device.store.listByState(person, ['waiting'], 0, 10)
    expect(left).toMatchObject({ entry: { id: wrong }, code: 'malformed', message: 'illisible' })
  })

  test('where all entries are wrong, it is the page that is', async () => {
    let requests = 0
    const send: Send = async () => (requests++, { kind: 'wrong', message: 'illisible' })
    const device = makeDevice({ send })
    const id = await device.open(visit)
    for (let n = 0; n < 40; n++) await device.answer(id, yes)
    expect((await device.sync()).problem).toBe('outdated')
    expect(requests).toBeLessThan(12)
    expect((await device.count()).waiting).toBe(41)
  })

  test('what is refused stays with its sentence, what hangs on it too, and goes again when asked', async () => {
    let right = false
    const send: Send = async ({ entries }) =>
      answered(
        entries.map(({ id, type }) =>
          right
            ? { id, outcome: 'taken' }
            : type === 'open'
              ? { id, outcome: 'refused', code: 'ended', message: 'La convention a pris fin.' }
              : { id, outcome: 'later', code: 'survey.not_open' },
        ),
      )
    const device = makeDevice({ send })
    const id = await device.open(visit)
    await device.sync()
    await device.answer(id, yes)
    await device.sync()
    expect(await device.getContribution(id)).toMatchObject({
      counts: { waiting: 0, refused: 2 },
      refusals: ['La convention a pris fin.'],
    })
    right = true
    await device.resend(id)
    expect(await device.sync()).toMatchObject({ sent: 2 })
  })

  test('what is held is asked about again, and then counts', async () => {
    let held = true
    const send: Send = async ({ entries }) =>
      answered(entries.map(({ id }) => ({ id, outcome: held ? 'held' : 'known' })))
    const device = makeDevice({ send })
    await device.open(visit)
    await device.sync()
    expect(await device.count()).toMatchObject({ waiting: 0, held: 1 })
    held = false
    await device.sync()
    expect((await device.count()).held).toBe(1)
    await device.sync('held')
    expect(await device.count()).toMatchObject({ held: 0, sent: 1 })
  })

  test('what the server has is never called refused by an answer that comes late', async () => {
    const device = makeDevice()
    const id = await device.open(visit)
    const [row] = await device.store.list(person)
    await device.sync()
    await device.store.mark([{ id: row!.entry.id, outcome: 'refused', message: 'trop tard' }])
    await device.store.mark([{ id: row!.entry.id, outcome: 'later' }])
    expect((await device.getContribution(id)).counts).toMatchObject({ sent: 1, refused: 0, waiting: 0 })
  })

  test('nobody sends what somebody else wrote', async () => {
    const store = createMemoryStore()
    await makeDevice({ store }).open(visit)
    const server = createServer()
    const { createDevice } = await import('./engine.ts')
    const { newId } = await import('./ids.ts')
    const other = createDevice({
      store,
      person: 'person-2',
      device: 'phone-1',
      send: server.send,
      now: Date.now,
      newId,
    })
    expect(await other.sync()).toMatchObject({ problem: null, sent: 0 })
    expect(server.requests).toEqual([])
    expect(await other.listContributions()).toEqual([])
  })
})

test('entries of a newer program are kept, shown as such, and sent as they are', async () => {
  const server = createServer()
  const device = makeDevice({ send: server.send })
  const id = await device.open(visit)
  const entry = { id: 'x', contribution: id, at: '2026-11-25T10:00:00.000Z', type: 'measure', length: { metres: 3 } }
  const row = { version: 7, person, device: 'phone-1', shift: 0, entry, code: null, message: null }
  await device.store.append((clock) => ({ rows: [{ ...row, state: 'waiting' }], files: [], clock }))
  expect((await device.getContribution(id)).unknown).toBe(1)
  await device.sync()
  expect(server.requests[0]!.entries[1]).toEqual(entry)
})

test('only what the server has whole is forgotten', async () => {
  const clock = { now: Date.UTC(2026, 10, 25) }
  const server = createServer()
  const device = makeDevice({ clock, send: server.send })
  const sent = await device.open(visit)
  await device.sync()
  const waiting = await device.open(visit)
  clock.now += 90 * 86_400_000
  const recent = await device.open(visit)
  await device.forgetBefore(clock.now - 60 * 86_400_000)
  expect((await device.listContributions()).map(({ id }) => id).sort()).toEqual([waiting, recent].sort())
  expect((await device.getContribution(sent)).open).toBeNull()
})
