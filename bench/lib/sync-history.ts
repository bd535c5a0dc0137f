// One history of the benchmark `sync`, from its seed to its quiet end.
import { answer, open, resend, see, sync, syncInTrouble, use } from './sync-acts.ts'
import { changeServer, eraseOne, jump, keepFile, takeUp, takeUpFile, writeUnknown } from './sync-mishaps.ts'
import type { Program } from './sync-program.ts'
import { createRandom } from './sync-random.ts'
import { bodies, Phone, sirets, World, type Person } from './sync-world.ts'

const minute = 60_000
const hour = 60 * minute

async function step(world: World): Promise<void> {
  const { random, phones } = world
  const phone = random.pick(phones)
  await world.pass(random.between(2000, random.chance(0.1) ? hour : 3 * minute))
  const dice = random.next()
  if (random.chance(0.03))
    phone.trouble = { at: random.between(0, 3), kind: random.pick(['dies before', 'dies after', 'full'] as const) }
  if (dice < 0.1) await open(world, phone)
  else if (dice < 0.6) await answer(world, phone)
  else if (dice < 0.75) await sync(world, phone)
  else if (dice < 0.87) await syncInTrouble(world, phone)
  else if (dice < 0.885) await eraseOne(world, phone)
  else if (dice < 0.895) await keepFile(world, phone)
  else if (dice < 0.9) await takeUp(world, phone)
  else if (dice < 0.915) await jump(world, phone)
  else if (dice < 0.92) await writeUnknown(world, phone)
  else if (dice < 0.93) await resend(world, phone)
  else if (dice < 0.94) {
    world.note('program of the device changed')
    phone.start()
  } else if (dice < 0.95) await use(world, phone, () => phone.engine.forgetBefore(phone.now() - hour))
  else if (dice < 0.96) await see(world, phone)
  else changeServer(world)
}

function makePhones(world: World): void {
  const { random } = world
  const people: Person[] = [
    { id: 'person-1', body: bodies[0] },
    { id: 'person-2', body: random.pick([bodies[0], bodies[1], bodies[1], null]) },
    { id: 'person-3', body: random.pick([bodies[0], bodies[1], null]) },
  ]
  const askew = random.chance(0.5)
  if (askew) world.note('clock askew')
  const count = random.between(2, 5)
  for (let n = 0; n < count; n++) {
    const skew = askew
      ? random.between(-1, 1) * random.between(10 * minute, random.chance(0.2) ? 9000 * hour : 26 * hour)
      : 0
    world.phones.push(new Phone(world, n < 2 ? people[n]! : random.pick(people), skew))
  }
}

/** Everything works again: files are taken up, prospects linked, enterprises back, and all send until nothing changes. */
async function heal(world: World): Promise<void> {
  const { random, phones, server } = world
  world.weather = null
  server.trouble = null
  for (const phone of phones) phone.trouble = null
  await world.pass(minute)
  server.latestGuide += 2
  for (const siret of sirets) server.register.add(siret)
  if (random.chance(0.7)) server.ended.clear()
  for (const journal of world.journals) {
    const phone = phones.find(({ person }) => person.id === journal.person)!
    await takeUpFile(world, phone, journal)
  }
  for (const phone of phones) await resend(world, phone)
  for (let round = 0; round < 6; round++) {
    for (const phone of phones) await sync(world, phone, true)
    for (const [id, linked] of server.prospects) if (linked === null) server.link(id, random.pick(sirets))
    server.release()
    await world.pass(minute)
  }
  for (const phone of phones) await see(world, phone)
}

/** Plays one history, from its seed, to its quiet end. */
export async function play(program: Program, seed: number): Promise<World> {
  const world = new World(program, createRandom(seed))
  makePhones(world)
  const steps = world.random.between(12, 40)
  for (const phone of world.phones) await phone.load()
  for (let n = 0; n < steps; n++) await step(world)
  await heal(world)
  return world
}
