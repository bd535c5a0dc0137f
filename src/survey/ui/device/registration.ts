import { dev } from '$app/env'
import type { FromWorker, ToWorker } from './worker.ts'

export interface WorkerEvents {
  /** A newer version of the page waits; `apply` loads it. For when nothing is being typed. */
  onUpdate(apply: () => void): void
  /** The worker has sent what waited. */
  onSent(): void
}

const scope = '/enquete'
const hour = 3_600_000
// oxlint-disable-next-line require-post-message-target-origin -- a worker has no other origin
const tell = (worker: ServiceWorker, message: ToWorker) => worker.postMessage(message)

function watchUpdates(registration: ServiceWorkerRegistration, onUpdate: WorkerEvents['onUpdate']): void {
  const container = navigator.serviceWorker
  let applied = false
  container.addEventListener('controllerchange', () => {
    if (applied) location.reload()
  })
  const offer = (worker: ServiceWorker) =>
    onUpdate(() => {
      applied = true
      tell(worker, { type: 'take-over' })
    })
  if (registration.waiting && container.controller) offer(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && container.controller) offer(worker)
    })
  })
}

/** A page that stays open for days asks for a newer version when it is looked at. */
function askNowAndThen(registration: ServiceWorkerRegistration): void {
  let asked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - asked < hour) return
    asked = Date.now()
    registration.update().catch(() => {})
  })
}

/**
 * Registers the worker that lets the page work without network.
 * @returns false where the browser has none, as on plain http: the page then needs the network to open
 */
export async function registerWorker({ onUpdate, onSent }: WorkerEvents): Promise<boolean> {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker
  if (!container) return false
  container.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'sent') onSent()
  })
  try {
    const options = { scope, type: dev ? 'module' : 'classic', updateViaCache: 'none' } as const
    const registration = await container.register('/service-worker.js', options)
    watchUpdates(registration, onUpdate)
    askNowAndThen(registration)
    return true
  } catch {
    return false
  }
}
