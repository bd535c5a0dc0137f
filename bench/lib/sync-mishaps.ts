// What happens to storage, clocks, programs and rights in a history of the benchmark `sync`.
import { use } from './sync-acts.ts'
import { bodies, sirets, type KeptJournal, type Phone, type World } from './sync-world.ts'

const minute = 60_000
const hour = 60 * minute

/** Keeps the journal as a file, as the page offers. */
export async function keepFile(world: World, phone: Phone): Promise<void> {
  const { person, id, now, store } = phone
  const ids = (await phone.rows()).map(({ entry }) => entry.id)
  const files = (await store.listFiles(person.id)).filter(({ state }) => state !== 'sent').map((file) => file.id)
  const blob = await world.program.exportJournal(store, { person: person.id, device: id, now })
  world.journals.push({ person: person.id, device: id, blob, ids: new Set(ids), files: new Set(files) })
}

/** The browser erases the journal: what was nowhere else is gone, and nobody could have kept it. */
async function erase(world: World, phone: Phone): Promise<void> {
  const { server, journals } = world
  const elsewhere = new Set<string>()
  for (const other of world.phones)
    if (other !== phone) {
      for (const { entry } of await other.rows()) elsewhere.add(entry.id)
      for (const { id, state } of await other.store.listFiles(other.person.id)) if (state !== 'sent') elsewhere.add(id)
    }
  for (const { entry } of await phone.rows()) {
    const kept = journals.some(({ ids }) => ids.has(entry.id))
    if (!server.find(entry.id) && !kept && !elsewhere.has(entry.id)) world.truths.get(entry.id)!.erased = true
  }
  for (const { id } of await phone.store.listFiles(phone.person.id)) {
    const kept = journals.some(({ files }) => files.has(id))
    const told = world.toldFiles.get(id)
    if (told && !server.files.has(id) && !kept && !elsewhere.has(id)) told.erased = true
  }
  await phone.erase()
  phone.visits = []
}

export async function takeUp(world: World, phone: Phone): Promise<void> {
  const own = world.journals.filter(({ person }) => person === phone.person.id)
  if (own.length === 0) return
  const journal = world.random.pick(own)
  await takeUpFile(world, phone, journal)
}

/** @returns whether it went to its end */
export async function takeUpFile(world: World, phone: Phone, journal: KeptJournal): Promise<boolean> {
  if (journal.device !== phone.id) world.note('file taken up on another device')
  // A clock that jumped dates what comes by a file wrongly too.
  if (world.jumped.has(phone.id)) for (const id of journal.ids) world.jumped.add(world.truths.get(id)!.device)
  const { person, now, store } = phone
  const done = await use(world, phone, () =>
    world.program.importJournal(store, { person: person.id, now }, journal.blob),
  )
  const known = new Set(phone.visits.map(({ id }) => id))
  for (const { id, open: opened } of await phone.engine.listContributions())
    if (opened && !known.has(id)) phone.visits.push({ id, siret: null })
  return done
}

export async function eraseOne(world: World, phone: Phone): Promise<void> {
  if (world.random.chance(0.75)) {
    await keepFile(world, phone)
    world.note('storage erased, a file kept')
  } else world.note('storage erased')
  await erase(world, phone)
  if (world.random.chance(0.5)) await takeUp(world, phone)
}

export async function jump(world: World, phone: Phone): Promise<void> {
  const { random } = world
  phone.ahead += random.pick([-1, 1]) * random.between(minute, random.chance(0.3) ? 72 * hour : hour)
  for (const { device } of await phone.rows()) world.jumped.add(device)
  world.jumped.add(phone.id)
  world.note('clock that jumps')
}

/** A newer program wrote something on this device that the present one does not know. */
export async function writeUnknown(world: World, phone: Phone): Promise<void> {
  const contribution = phone.visits[0]?.id
  if (!contribution) return
  world.note('entry of a type that nobody knows')
  await use(world, phone, () =>
    phone.store.append((clock) => {
      const last = clock.last + 1
      const id = `${phone.id.slice(0, 24)}${String(world.truths.size).padStart(12, '0')}`
      const entry = { id, contribution, at: new Date(last).toISOString(), type: 'measure', length: 3 }
      const fate = { state: 'waiting' as const, code: null, message: null }
      const row = { version: 2, person: phone.person.id, device: phone.id, shift: 0, entry, ...fate }
      return { rows: [row], files: [], clock: { ...clock, last } }
    }),
  )
}

export function changeServer(world: World): void {
  const { random, server } = world
  const body = random.pick(bodies)
  const siret = random.pick(sirets)
  switch (random.between(0, 5)) {
    case 0:
    case 1:
      if (server.ended.delete(body)) world.note('right that comes back')
      else {
        server.ended.add(body)
        world.note('right that ends')
      }
      break
    case 2:
      if (!server.register.delete(siret)) server.register.add(siret)
      else world.note('enterprise deleted, then back')
      server.release()
      break
    case 3:
      server.latestGuide++
      break
    default:
      for (const [id, linked] of server.prospects)
        if (linked === null) {
          world.note('prospect linked late')
          server.link(id, siret)
          break
        }
  }
}
