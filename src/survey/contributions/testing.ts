import { randomUUID } from 'node:crypto'
import type { Action } from '#accounts/model'
import { loadDemonstration, newId, sql, type App, type Executor, type User } from '#platform'
import { listAgreed } from '#statements'
import type { Value } from '#statements/model'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { latestGuide } from '../guide/guides.ts'
import { protocol, type Entry, type OpenEntry, type SyncRequest, type Target } from '../model.ts'
import { takeForPerson } from './commands.ts'

export const person = (name = 'Ada', administrator = false): User => ({
  id: newId(),
  name,
  email: null,
  kind: 'person',
  administrator,
})

export interface Clause {
  action?: Action
  pillars?: readonly string[] | null
  items?: readonly string[] | null
  territory?: string | null
}

/** A body whose signed convention, in force for a year, has these clauses; by default it contributes to everything everywhere. */
export async function createBody(db: Executor, name: string, clauses: readonly Clause[] = [{}]) {
  const [id, convention] = [newId(), newId()]
  await sql`insert into accounts.body (id, kind, name) values (${id}, 'chamber', ${name})`.execute(db)
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at)
    values (${convention}, ${id}, 'Essai', now() - interval '1 day', now() + interval '1 year')`.execute(db)
  for (const { action = 'contribute', pillars = null, items = null, territory = null } of clauses)
    await sql`insert into accounts.clause (id, convention, action, pillars, items, territory, purpose)
      values (${newId()}, ${convention}, ${action}, ${pillars && [...pillars]}::text[], ${items && [...items]}::text[],
        ${territory}, 'survey')`.execute(db)
  await sql`update accounts.convention set signed_at = now() - interval '1 hour', file = 'conventions/x'
    where id = ${convention}`.execute(db)
  return { id, convention }
}

/** Makes somebody act for a body. */
export async function join(db: Executor, body: string, { id }: Pick<User, 'id'>, role = 'surveyor'): Promise<void> {
  await sql`insert into accounts.membership (id, body, person, role, starts_at, created_by)
    values (${newId()}, ${body}, ${id}, ${role}, now() - interval '1 day', 'test')`.execute(db)
}

/** Questions answered by yes or no, that everybody may read once the artisan agrees. */
export const plainItems = latestGuide().items.filter(({ kind, ceiling }) => kind === 'answer' && ceiling === undefined)

export const yes: Value = { kind: 'answer', answer: 'yes' }
export const no: Value = { kind: 'answer', answer: 'no' }

/** What a device writes, on a clock that a test moves; each entry a second after the one before. */
export class Journal {
  readonly device: string = randomUUID()
  clock: number

  constructor(clock = Date.now() - 3_600_000) {
    this.clock = clock
  }

  #base(contribution: string) {
    this.clock += 1000
    return { id: randomUUID(), contribution, at: new Date(this.clock).toISOString() }
  }

  open(target: Target, body: string | null, changes: Partial<OpenEntry> = {}): OpenEntry {
    const { version: guide } = latestGuide()
    return { ...this.#base(randomUUID()), type: 'open', target, guide, mode: 'full', body, ...changes }
  }

  prospect(commune: string, body: string | null, name = 'Atelier du Pont'): Entry {
    return { ...this.#base(randomUUID()), type: 'prospect', name, commune, address: null, metier: null, body }
  }

  answer({ contribution }: Entry, item = plainItems[0]!.id, value: Value = yes, comment: string | null = null): Entry {
    return { ...this.#base(contribution), type: 'answer', item, value, comment }
  }

  retract({ contribution, id }: Entry): Entry {
    return { ...this.#base(contribution), type: 'retract', entry: id }
  }

  consent({ contribution }: Entry, given = true): Entry {
    const scope = { audience: 'public' as const, uses: ['atlas' as const, 'publication' as const] }
    return { ...this.#base(contribution), type: 'consent', given, ...scope, textVersion: 'know-how-1', textLang: 'fr' }
  }

  request(...entries: Entry[]): SyncRequest {
    return { protocol, device: this.device, now: new Date(this.clock).toISOString(), entries }
  }
}

/** An application with the demonstration's register, and a surveyor of a body who may contribute to everything everywhere. */
export class Scene {
  readonly #own: TestApp
  /** Open units of crafts that nobody has visited. */
  readonly units: { siret: string; commune: string }[]
  readonly body: string
  readonly surveyor = person('Ada')
  siret = ''
  journal = new Journal()

  constructor(own: TestApp, units: Scene['units'], body: string) {
    this.#own = own
    this.units = units
    this.body = body
  }

  get app(): App {
    return this.#own.app
  }

  /** Another enterprise, which an artisan holds, and a device that has written nothing yet. */
  async next() {
    const { siret, commune } = this.units.pop()!
    const artisan = person('Artisan')
    Object.assign(this, { siret, journal: new Journal() })
    await sql`insert into accounts.enterprise_holder (person, siret) values (${artisan.id}, ${siret})`.execute(
      this.app.db.kysely,
    )
    const { body, surveyor, journal } = this
    return { siret, commune, artisan, body, surveyor, journal }
  }

  send(actor: User, ...entries: Entry[]) {
    return takeForPerson(this.app, actor, this.journal.request(...entries), { channel: 'device' })
  }

  async outcomes(actor: User, ...entries: Entry[]) {
    return (await this.send(actor, ...entries)).map(({ outcome }) => outcome)
  }

  /** What everybody reads of the enterprise. */
  async agreed(item = plainItems[0]!.id) {
    const list = await listAgreed(this.app.db.kysely, { kind: 'enterprise', id: this.siret })
    return list.find((one) => one.item === item)
  }

  async count(table: string, condition: ReturnType<typeof sql>): Promise<number> {
    const found = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)} where ${condition}`.execute(this.app.db.kysely)
    return found.rows[0]!.n
  }

  settle() {
    return this.app.events.settle()
  }

  async close() {
    await this.app.events.stop()
    await this.#own.close()
  }
}

export async function createScene(): Promise<Scene> {
  const own = await createTestApp()
  await loadDemonstration(own.app)
  await own.app.events.start(own.app)
  const db = own.app.db.kysely
  const found = await sql<{ siret: string; commune: string }>`
    select siret, commune from registry.public_establishment e where diffusion = 'full' and state = 'open'
      and craft_rule <> 'none' and not exists (select from survey.contribution c where c.siret = e.siret)
    order by siret limit 60`.execute(db)
  const scene = new Scene(own, found.rows, (await createBody(db, 'Chambre de métiers')).id)
  await join(db, scene.body, scene.surveyor)
  return scene
}
