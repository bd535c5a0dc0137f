import type { AllReport, OpenedDevice } from './open.ts'
import type { Problem } from './sending.ts'

/** Tag of the background synchronisation, where the browser has it. */
export const syncTag = 'survey-sync'

const soon = 1500
const first = 15_000
const longest = 10 * 60_000

/** Problems that pass by themselves; the others wait for the person. */
const passing = new Set<Problem | null>(['offline', 'busy', 'unreadable'])

export interface Schedule {
  /** Something was written: it is sent soon. */
  poke(): void
  stop(): void
}

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> }
}

/** Asks the browser to send what waits once there is a network, even when the page is closed by then; not all can. */
async function askBackground(): Promise<void> {
  try {
    const registration: SyncRegistration | undefined = await navigator.serviceWorker?.getRegistration('/enquete')
    await registration?.sync?.register(syncTag)
  } catch {
    // The page sends when it is open.
  }
}

/**
 * Sends what waits from a page: at once, when the network or the page comes back, soon after something was written, and
 * again after a failure, less and less often.
 * @param onReport told of each attempt; null where another tab was at it
 */
export function keepSending(opened: OpenedDevice, onReport: (report: AllReport | null) => void): Schedule {
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = first
  const plan = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void attempt(), ms)
  }
  async function attempt(): Promise<void> {
    clearTimeout(timer)
    let report: AllReport | null = null
    try {
      report = await opened.sendAll()
    } catch {
      // The device itself is in trouble, full perhaps: what it has it keeps.
    }
    const again =
      !report || report.later > 0 || passing.has(report.problem) || (!report.problem && report.files.left > 0)
    if (again) {
      plan(wait)
      wait = Math.min(wait * 2, longest)
    } else wait = first
    onReport(report)
  }
  const back = () => {
    wait = first
    plan(0)
  }
  const shown = () => {
    if (document.visibilityState === 'visible') back()
  }
  addEventListener('online', back)
  document.addEventListener('visibilitychange', shown)
  back()
  return {
    poke() {
      void askBackground()
      plan(soon)
    },
    stop() {
      clearTimeout(timer)
      removeEventListener('online', back)
      document.removeEventListener('visibilitychange', shown)
    },
  }
}
