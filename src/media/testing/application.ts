import { startFauxqs } from 'fauxqs'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { createServer, newId, sql, type App, type User } from '#platform'
import { createTestApp } from '../../platform/testing/application.ts'
import { settleIntake } from '../deposit/intake.ts'
import { findFile, type FileRecord } from '../records.ts'

export const storages = ['folder', 'bucket'] as const
export type StorageKind = (typeof storages)[number]

export const jeanne: User = {
  id: newId(),
  name: 'Jeanne',
  email: 'jeanne@example.org',
  kind: 'person',
  administrator: false,
}
export const paul: User = { id: newId(), name: 'Paul', email: 'paul@example.org', kind: 'person', administrator: false }
/** The enterprise that Jeanne holds. */
export const siret = '73282932000074'

const origin = 'http://localhost:80'

/** Recognises a person by the cookie `session=<id>`, as if he had signed in. */
const signedIn = (app: App): App => ({
  ...app,
  once: app.once.bind(app),
  capabilities: app.capabilities.map((one) =>
    one.authenticate
      ? {
          ...one,
          authenticate: async (_, headers) =>
            [jeanne, paul].find(({ id }) => headers.cookie === `session=${id}`) ?? null,
        }
      : one,
  ),
})

async function openBucket() {
  const server = await startFauxqs({ port: 0, logger: false, init: undefined })
  server.createBucket('artisans')
  return { url: `s3://test:test@127.0.0.1:${server.port}/artisans?tls=off`, stop: () => server.stop() }
}

export interface MediaApp {
  app: App
  http: FastifyInstance
  /** Sends a whole file by the form; answers the id of its deposit. */
  deposit(name: string, content: Buffer, user?: User, subject?: string): Promise<string>
  /** Waits until every deposit was looked at and prepared; answers one. */
  prepared(id: string): Promise<FileRecord>
  get(url: string, user?: User | null, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** Keys of the storage. */
  keys(): Promise<string[]>
  close(): Promise<void>
}

export const cookieOf = (user: User | null): Record<string, string> => (user ? { cookie: `session=${user.id}` } : {})

/** Waits until nothing is queued nor being prepared. */
export async function settle(app: App): Promise<void> {
  for (;;) {
    await settleIntake(app)
    await app.events.settle()
    const waiting =
      await sql`select 1 from pgboss.job where name like 'media.%' and state in ('created', 'active', 'retry')
      limit 1`.execute(app.db.kysely)
    if (waiting.rows.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A form with one file, as a browser sends it. */
export function formOf(name: string, content: Buffer, subject: string) {
  const boundary = 'limite-des-parties'
  const field = `--${boundary}\r\ncontent-disposition: form-data; name="subject"\r\n\r\n${subject}\r\n`
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return {
    headers: { origin, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(field + head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** The product with its queue running, in the process of the test. */
export async function createMediaApp(storage: StorageKind = 'folder', ffmpegPath = 'ffmpeg'): Promise<MediaApp> {
  const bucket = storage === 'bucket' ? await openBucket() : null
  const own = await createTestApp({ storageUrl: bucket?.url ?? null, ffmpegPath })
  const app = signedIn(own.app)
  await sql`insert into accounts.enterprise_holder (person, siret) values (${jeanne.id}, ${siret})`.execute(
    app.db.kysely,
  )
  const http = await createServer({ app, pages: 'none' })
  await app.events.start(app)
  await app.jobs.start(app)
  return {
    app,
    http,
    async deposit(name, content, user = jeanne, subject = siret) {
      const { headers, payload } = formOf(name, content, subject)
      const answer = await http.inject({
        method: 'POST',
        url: '/espace/medias/envoi',
        headers: { ...headers, ...cookieOf(user) },
        payload,
      })
      const location = String(answer.headers.location ?? answer.body)
      const id = /^\/espace\/medias\/([0-9a-f-]{36})$/.exec(location)?.[1]
      if (!id) throw new Error(`${answer.statusCode} ${location}`)
      return id
    },
    async prepared(id) {
      await settle(app)
      return (await findFile(app.db.kysely, id))!
    },
    get: async (url, user = null, headers = {}) => http.inject({ url, headers: { ...headers, ...cookieOf(user) } }),
    async keys() {
      const keys: string[] = []
      for await (const { key } of app.storage.list('media/')) keys.push(key)
      return keys
    },
    async close() {
      await app.jobs.stop()
      await http.close()
      await app.events.stop()
      await own.close()
      await bucket?.stop()
    },
  }
}
