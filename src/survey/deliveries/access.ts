import { getStanding, listMyBodies, requireMember } from '#accounts'
import { requirePermission, sql, type Actor, type Database, type Executor } from '#platform'
import { isId } from '#platform/model'
import { decideAny } from '../contributions/rights.ts'
import { latestGuide } from '../guide/guides.ts'
import { mayNotDeliver, notNow, unknownDelivery } from './errors.ts'
import type { Column, DeliveryState } from './model.ts'

export interface Delivery {
  id: string
  body: string
  author: string
  title: string
  fileName: string
  state: DeliveryState
  /** Version of the guide that its columns speak of. */
  guide: number
  columns: Column[]
  problem: string | null
  job: string | null
  acceptedBy: string | null
  /** ISO 8601, UTC. */
  createdAt: string
  acceptedAt: string | null
  undoneAt: string | null
}

const iso = (column: string) => sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

export const deliveryColumns = sql`d.id, d.body, d.author, d.title, d.file_name as "fileName", d.state, d.guide, d.columns, d.problem,
  d.job, d.accepted_by as "acceptedBy", ${iso('d.created_at')} as "createdAt", ${iso('d.accepted_at')} as "acceptedAt",
  ${iso('d.undone_at')} as "undoneAt"`

/** @throws {UserError} 404 */
export async function getDelivery(db: Executor, id: string, lock = false): Promise<Delivery> {
  if (!isId(id)) throw unknownDelivery()
  const found = await sql<Delivery>`select ${deliveryColumns} from survey.delivery d
    where d.id = ${id}::uuid ${lock ? sql`for update` : sql``}`.execute(db)
  if (!found.rows[0]) throw unknownDelivery()
  return found.rows[0]
}

/** Whether somebody may contribute something somewhere in the name of a body, now. */
async function mayContribute(db: Database | Executor, actor: Actor, body: string): Promise<boolean> {
  if (actor === null || actor === 'operator') return false
  const about = { subject: { kind: 'delivery', id: body }, place: null, body, author: actor.id }
  const now = new Date().toISOString()
  return 'grant' in decideAny(await getStanding(db, actor), 'contribute', about, latestGuide().items, now)
}

/** The bodies in whose name somebody may deliver a file now. */
export async function listDeliveryBodies(db: Database, actor: Actor): Promise<{ id: string; name: string }[]> {
  const mine = new Map((await listMyBodies(db, actor)).map(({ id, name }) => [id, name]))
  const out: { id: string; name: string }[] = []
  for (const [id, name] of mine) if (await mayContribute(db, actor, id)) out.push({ id, name })
  return out
}

/** @throws {UserError} 401, 403 when no convention lets the actor add practices in the name of the body */
export async function requireDeliver(db: Database, actor: Actor, body: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (!(await mayContribute(db, actor, body))) throw mayNotDeliver()
}

/**
 * A delivery, for the people of its body.
 * @throws {UserError} 401, 403, 404
 */
export async function openDelivery(
  db: Database,
  actor: Actor,
  id: string,
): Promise<{ delivery: Delivery; manages: boolean }> {
  requirePermission('signed-in', actor)
  const delivery = await getDelivery(db.kysely, id)
  return { delivery, ...(await requireMember(db, actor, delivery.body)) }
}

/**
 * Passes a delivery from one state to another, once: whoever comes second is told.
 * @throws {UserError} 404, 409 when it is in none of the states `from`
 */
export async function passTo(
  trx: Executor,
  id: string,
  from: readonly DeliveryState[],
  state: DeliveryState,
): Promise<Delivery> {
  const delivery = await getDelivery(trx, id, true)
  if (!from.includes(delivery.state)) throw notNow()
  await sql`update survey.delivery set state = ${state} where id = ${id}::uuid`.execute(trx)
  return { ...delivery, state }
}
