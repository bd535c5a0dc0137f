import { requirePermission, type Actor, type App, type User } from '#platform'
import { listDeliveryBodies } from '../deliveries/access.ts'
import { acceptJobName } from './accept.ts'
import { holdsSomething } from './access.ts'
import { getCollection, listCollections } from './collections.ts'
import { isStuck } from './commands.ts'
import {
  refusals,
  type CollectionPageData,
  type CollectPageData,
  type CollectReport,
  type FormReport,
} from './model.ts'

/**
 * The page where files of answers are dropped.
 * @param refusal why the last sending was refused, as the address tells it
 * @throws {UserError} 401
 */
export async function collectPage(app: App, actor: Actor, refusal: string | null): Promise<CollectPageData> {
  requirePermission('signed-in', actor)
  const user = actor as User
  return {
    bodies: await listDeliveryBodies(app.db, user),
    own: await holdsSomething(app.db, user),
    mine: await listCollections(app.db, user),
    refusal: refusals.find((one) => one === refusal) ?? null,
  }
}

/**
 * One file of answers, for who dropped it.
 * @throws {UserError} 401, 404
 */
export async function collectionPage(app: App, actor: Actor, id: string): Promise<CollectionPageData> {
  requirePermission('signed-in', actor)
  const one = await getCollection(app.db.kysely, actor as User, id)
  const { fileName, state, createdAt, body, problem, job, report } = one
  const waits = state === 'accepting'
  const bodies = await listDeliveryBodies(app.db, actor)
  return {
    id,
    fileName,
    state,
    createdAt,
    body: bodies.find((other) => other.id === body)?.name ?? null,
    problem,
    report: state === 'form' ? null : (report as CollectReport | null),
    form: state === 'form' ? (report as FormReport) : null,
    progress: waits && job ? ((await app.jobs.state(acceptJobName, job))?.progress?.ratio ?? null) : null,
    stuck: waits && (await isStuck(app, job)),
  }
}
