import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Server } from '@tus/server'
import { badInput, newId, notFound, requireSameOrigin, toUserError, type App, type User } from '#platform'
import { isId } from '#platform/model'
import { openDeposit } from '../commands.ts'
import { findFile } from '../records.ts'
import { readSubject } from './access.ts'
import { finishUpload } from './intake.ts'
import { openUploads } from './uploads.ts'
import { alreadyHere } from '../errors.ts'
import { removeUnfinished } from './unfinished.ts'
import { largest } from '../model.ts'

/** Who sends: tus hands its own requests to its hooks. */
const senders = new AsyncLocalStorage<User>()

const sender = () => {
  const user = senders.getStore()
  if (!user) throw new Error('An upload without a sender')
  return user
}

/** What tus answers of an error: the sentence that the page shows. */
const asTus = (error: unknown) => {
  const { status, message } = toUserError(error)
  return { status_code: status, body: message }
}

async function orTus<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // oxlint-disable-next-line no-throw-literal -- tus reads its own kind of errors
    throw asTus(error)
  }
}

/**
 * An upload that was cut may be sent again from the start under its id.
 * @throws {UserError} 409 `media.known` when all of it has come, or the id is another's
 */
async function makeRoom(app: App, user: User, id: string): Promise<void> {
  const file = await findFile(app.db.kysely, id)
  if (!file) return
  if (file.depositor !== user.id || file.state !== 'uploading') throw alreadyHere()
  await removeUnfinished(app, id)
}

/** The folder of uploads behind the tus protocol (resumable uploads 1.0). */
function createTus(app: App): Server {
  return new Server({
    path: '/depot',
    datastore: openUploads(app),
    relativeLocation: true,
    // What is whole is being taken in: its page erases it.
    disableTerminationForFinishedUploads: true,
    maxSize: Math.max(...Object.values(largest)),
    // The browser's own origin alone: `requireSameOrigin` has checked it.
    allowedOrigins: () => false,
    // Whoever keeps a file until there is a line has named it already: it is sent once, whatever is cut.
    namingFunction: (_, metadata) => (isId(metadata?.id ?? '') ? metadata!.id! : newId()),
    onIncomingRequest: async (request, id) => {
      if (request.method === 'POST') return
      await orTus(async () => {
        const file = await findFile(app.db.kysely, id)
        if (file?.depositor !== sender().id) throw notFound('Cet envoi')
      })
    },
    onUploadCreate: (_, { id, size, metadata }) =>
      orTus(async () => {
        const user = sender()
        const subject = readSubject(metadata?.subject ?? '', user)
        // A length that is told later would count for nothing until then.
        if (size === undefined) throw badInput('Annoncez la taille du fichier avant de l’envoyer.')
        await makeRoom(app, user, id)
        await openDeposit(app.db, user, { id, name: metadata?.filename ?? '', bytes: size, subject })
        // Neither the name nor the subject goes back with each HEAD.
        return { metadata: {} }
      }),
    onUploadFinish: async (_, { id, size }) => {
      await finishUpload(app, id, size ?? 0)
      return {}
    },
  })
}

async function hand(app: App, tus: Server, request: FastifyRequest, reply: FastifyReply) {
  // A browser sends no `Origin` where nothing changes.
  if (request.method !== 'HEAD') requireSameOrigin(request)
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.setHeader('cache-control', 'no-store')
  await senders.run(request.user as User, () => tus.handle(request.raw, reply.raw))
}

/** Resumable uploads under `/depot`, in a scope whose bodies flow to the disk, of any size. */
export async function registerTus(server: FastifyInstance, app: App): Promise<void> {
  const tus = createTus(app)
  tus.on('POST_TERMINATE', (_, __, id) => {
    removeUnfinished(app, id).catch((error: unknown) => app.log.error({ err: error, media: id }, 'an upload stays'))
  })
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const options = { config: { permission: 'signed-in' as const }, bodyLimit: Number.MAX_SAFE_INTEGER }
    scope.post('/depot', options, (request, reply) => hand(app, tus, request, reply))
    scope.route({
      method: ['PATCH', 'HEAD', 'DELETE'],
      url: '/depot/:id',
      ...options,
      handler: (request, reply) => hand(app, tus, request, reply),
    })
  })
}
