// What people do in a history of the benchmark `sync`, and what the network and the server make of it.
import type { Value } from '../../src/statements/model.ts'
import { DeviceError } from '../../src/survey/ui/device/errors.ts'
import type { FaultName } from './sync-faults.ts'
import type { Random } from './sync-random.ts'
import { DeviceDied, sirets, type Phone, type World } from './sync-world.ts'

const visit = { mode: 'full' as const }
export const items = ['wood-nearby', 'gesture-origin'] as const

/** Something of a device that may die or be full in the middle; what its author is told is noted. */
export async function use(world: World, phone: Phone, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    await world.noteWritten(phone, true)
    return true
  } catch (error) {
    if (!(error instanceof DeviceDied) && !(error instanceof DeviceError)) throw error
    const kept = await world.noteWritten(phone, false)
    if (error instanceof DeviceDied) phone.start()
    else if (kept > 0) world.wrong.push('a full device kept what it said that it had not')
    return false
  }
}

function valueOf({ pick }: Random, item: string): Value {
  return item === 'wood-nearby'
    ? { kind: 'answer', answer: pick(['yes', 'no', 'partly'] as const) }
    : { kind: 'choice', choice: pick(['family', 'school', 'workshop'] as const) }
}

export async function open(world: World, phone: Phone): Promise<void> {
  const { random, server } = world
  const { body } = phone.person
  const later = random.chance(0.05)
  if (later) world.note('new guide before the server')
  const guide = later ? server.latestGuide + 1 : server.latestGuide
  await use(world, phone, async () => {
    const unknown = body !== null && random.chance(0.15)
    const siret = unknown ? null : random.pick(sirets)
    const id = unknown
      ? await phone.engine.openProspect(
          { name: 'Atelier', commune: '82121', address: null, metier: null, body },
          { ...visit, guide, body },
        )
      : await phone.engine.open({ ...visit, guide, body, target: { siret: siret! } })
    world.toldVisits.add(id)
    phone.visits.push({ id, siret })
  })
}

export async function answer(world: World, phone: Phone): Promise<void> {
  const { random } = world
  if (phone.visits.length === 0) return open(world, phone)
  const { id } = random.pick(phone.visits)
  await use(world, phone, async () => {
    const item = random.pick(items)
    const dice = random.next()
    if (dice < 0.1) {
      const file = { blob: new Blob(['photo']), name: 'photo.jpg', subject: 'moi' }
      await phone.engine.answerByFile(id, 'gesture-photo', file)
    } else if (dice < 0.2) await phone.engine.clear(id, item)
    else if (dice < 0.3)
      await phone.engine.consent(id, {
        given: random.chance(0.5),
        audience: 'public',
        uses: ['atlas'],
        textVersion: '1',
        textLang: 'fr',
      })
    else {
      const entry = await phone.engine.answer(id, { item, value: valueOf(random, item), comment: null })
      world.toldAnswers.add(entry)
    }
  })
}

/** Sends, under whatever the network and the server do at that moment. */
export async function sync(world: World, phone: Phone, quiet = false): Promise<void> {
  const { random } = world
  const together = !quiet && random.chance(0.05)
  await use(world, phone, async () => {
    if (together) {
      world.note('two tabs that send at once')
      const both = await Promise.allSettled([phone.engine.sync(), phone.start().sync()])
      for (const one of both) if (one.status === 'rejected') throw one.reason
    } else await phone.engine.sync(quiet || random.chance(0.2) ? 'held' : undefined)
    await world.program.sendFiles(phone.store, phone.person.id, world.upload)
  })
  world.weather = null
  if (random.chance(0.3)) await world.noteMarks(phone)
}

const troublesOfServer = ['dies before', 'dies after', 'fails'] as const
const namesOfTrouble = {
  'dies before': 'server killed before a commit',
  'dies after': 'server killed after a commit',
  fails: 'transaction that fails',
} as const
const weathers: FaultName[] = [
  'request lost',
  'answer lost',
  'answer late, request later still',
  'request sent twice at once',
  'page of a wireless network',
  'gateway without server',
  'signed out',
  'server of another protocol',
]

export async function syncInTrouble(world: World, phone: Phone): Promise<void> {
  const { random, server } = world
  if (random.chance(0.5)) world.weather = random.pick(weathers)
  if (random.chance(0.3)) server.trouble = { at: random.between(0, 4), kind: random.pick(troublesOfServer) }
  const { trouble } = server
  await sync(world, phone)
  if (trouble && !server.trouble) world.note(namesOfTrouble[trouble.kind])
  server.trouble = null
}

export async function resend(world: World, phone: Phone): Promise<void> {
  for (const { id } of await phone.engine.listContributions()) await use(world, phone, () => phone.engine.resend(id))
}

export async function see(world: World, phone: Phone): Promise<void> {
  for (const siret of sirets) await use(world, phone, () => phone.engine.keepSeen(siret, world.server.answersOf(siret)))
}
