import { createIndexedDbStore } from './indexeddb.ts'
import { lastPerson, openDevice } from './open.ts'
import { syncTag } from './schedule.ts'
import { keepFilesOf } from './shell.ts'

/** What of a service worker's scope is used here; the page's own types do not know it. */
interface Extendable {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Extendable {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
export interface WorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
  addEventListener(type: 'sync', listener: (event: Extendable & { tag: string }) => void): void
  addEventListener(type: 'message', listener: (event: Extendable & { data: unknown }) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<{ postMessage(message: unknown): void }[]> }
  readonly location: { origin: string }
}

/** What the page tells the worker: to take over now. */
export interface ToWorker {
  type: 'take-over'
}
/** What the worker tells the page: it has sent what waited. */
export interface FromWorker {
  type: 'sent'
}

/** What the build made. */
export interface Built {
  /** Files whose names change with what they hold, and those that are as they are; from the root, without its `/`. */
  immutable: readonly { path: string }[]
  assets: readonly { path: string }[]
}

export const page = '/enquete'
const cacheName = 'enquete'
/** Milliseconds for the network to bring the page where an older one is kept: a network that says yes and brings nothing is common. */
const patience = 4000

const rooted = (path: string) => (path.startsWith('/') ? path : `/${path}`)
const openCache = () => caches.open(cacheName)
const kept = async (path: string) => (await openCache()).match(path, { ignoreSearch: path === page, ignoreVary: true })

const isPage = (response: Response) =>
  response.ok && !response.redirected && (response.headers.get('content-type') ?? '').startsWith('text/html')

/** Keeps a page once all that it needs is kept too: what is kept always works. */
async function keepPage(response: Response): Promise<void> {
  const cache = await openCache()
  const files = {
    match: (path: string) => cache.match(path, { ignoreVary: true }),
    put: (path: string, one: Response) => cache.put(path, one),
  }
  await keepFilesOf(await response.clone().text(), page, files, (path) => fetch(path))
  await cache.put(page, response)
}

/** @throws {Error} when the page cannot be had, as nobody is signed in: the worker that is there stays */
async function install({ assets }: Built): Promise<void> {
  const response = await fetch(page, { credentials: 'same-origin', cache: 'no-store' })
  if (!isPage(response)) throw new Error(`${page}: ${response.status}`)
  await keepPage(response)
  const cache = await openCache()
  // Icons and the like: nothing stops without them.
  await Promise.allSettled(assets.map(({ path }) => cache.add(rooted(path))))
}

/** Removes what only an older version of the pages needed. */
async function clean({ immutable, assets }: Built): Promise<void> {
  const wanted = new Set([page, ...[...immutable, ...assets].map(({ path }) => rooted(path))])
  const cache = await openCache()
  for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request)
}

function within(ms: number, work: Promise<Response>): Promise<Response | null> {
  return Promise.race([work, new Promise<null>((resolve) => setTimeout(() => resolve(null), ms))])
}

/** The page from the network; from what is kept where it does not come, or the server is down. */
async function servePage(event: Fetching): Promise<Response> {
  const coming = fetch(event.request)
  // It may fail after what is kept was served.
  coming.catch(() => {})
  const old = await kept(page)
  let response: Response | null
  try {
    response = old ? await within(patience, coming) : await coming
  } catch (error) {
    if (old) return old
    throw error
  }
  if (!response || (response.status >= 500 && old)) return old!
  // Led to where one signs in, the browser follows; the page that is kept stays, for when there is no network.
  if (isPage(response)) event.waitUntil(keepPage(response.clone()).catch(() => {}))
  return response
}

/** A file whose name changes with what it holds: what is kept is right for ever. */
async function serveFile(request: Request): Promise<Response> {
  return (await kept(new URL(request.url).pathname)) ?? fetch(request)
}

/**
 * Sends what waits, the page being closed or not.
 * @throws {Error} when something is left: the browser calls again
 */
async function sendInBackground({ clients }: WorkerScope): Promise<void> {
  const store = createIndexedDbStore()
  try {
    const person = await lastPerson(store)
    if (person === null) return
    const report = await (await openDevice({ person, mark: null, store })).sendAll()
    const told: FromWorker = { type: 'sent' }
    // oxlint-disable-next-line require-post-message-target-origin -- a worker's pages have no other origin
    for (const client of await clients.matchAll()) client.postMessage(told)
    const again = ['offline', 'busy', 'unreadable'].includes(report?.problem ?? '')
    if (again || (report && !report.problem && report.files.left > 0)) throw new Error('Not all is sent')
  } finally {
    store.close()
  }
}

/**
 * The survey's worker: the page and its files without network, and what waits sent in the background. It answers for
 * nothing else; what the API says is never kept. A newer worker waits until the page tells it to take over.
 */
export function startWorker(scope: WorkerScope, built: Built): void {
  const files = new Set([...built.immutable, ...built.assets].map(({ path }) => rooted(path)))
  scope.addEventListener('install', (event) => event.waitUntil(install(built)))
  scope.addEventListener('activate', (event) => event.waitUntil(clean(built).then(() => scope.clients.claim())))
  scope.addEventListener('fetch', (event) => {
    const { request } = event
    const { origin, pathname } = new URL(request.url)
    if (request.method !== 'GET' || origin !== scope.location.origin) return
    if (request.mode === 'navigate') {
      if (pathname === page) event.respondWith(servePage(event))
    } else if (files.has(pathname) || pathname.startsWith('/_app/immutable/')) event.respondWith(serveFile(request))
  })
  scope.addEventListener('sync', (event) => {
    if (event.tag === syncTag) event.waitUntil(sendInBackground(scope))
  })
  scope.addEventListener('message', (event) => {
    const { type } = event.data as ToWorker
    if (type === 'take-over') event.waitUntil(scope.skipWaiting())
  })
}
