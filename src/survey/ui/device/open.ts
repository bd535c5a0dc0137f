import { DeviceError } from './errors.ts'
import { createDevice, type Device } from './engine.ts'
import { erasedBefore, markOf, type MarkPlace } from './eviction.ts'
import { sendFiles, type FilesReport, type UploadFile } from './files.ts'
import { createSend } from './http.ts'
import { newId } from './ids.ts'
import { createIndexedDbStore } from './indexeddb.ts'
import type { JournalStore } from './journal.ts'
import { exclusively } from './lock.ts'
import { createMemoryStore } from './memory.ts'
import type { Send, SyncReport } from './sending.ts'
import { createUpload } from './upload.ts'

const deviceSetting = 'device'
const personSetting = 'person'

/** The account that last used this device: for the service worker, which has no page to ask. */
export async function lastPerson(store: JournalStore): Promise<string | null> {
  const person = await store.getSetting(personSetting)
  return typeof person === 'string' ? person : null
}

/** The id of this device, made once; a journal that was erased has another one. */
async function deviceId(store: JournalStore): Promise<string> {
  if (typeof (await store.getSetting(deviceSetting)) !== 'string') await store.putSetting(deviceSetting, newId())
  return (await store.getSetting(deviceSetting)) as string
}

/** The browser's journal, or one that the page alone keeps where the browser keeps nothing. */
async function openStore(given: JournalStore): Promise<JournalStore> {
  try {
    await given.getSetting(deviceSetting)
    return given
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== 'unavailable') throw error
    return createMemoryStore()
  }
}

export interface AllReport extends SyncReport {
  files: FilesReport
}

export interface OpenedDevice {
  device: Device
  /** False in a private window: what is not sent is lost with the page. `deviceMessages.errors.unavailable` says so. */
  lasting: boolean
  /** Number of entries that the browser erased unsent; null where none is missing. `deviceMessages.erased` says so. */
  erased: number | null
  /** Sends entries, then files, then what waited for them; null where another tab, or the worker, is at it. */
  sendAll(): Promise<AllReport | null>
  /** Notes apart from the journal what waits, so that its loss would be seen. Call it after what changes that. */
  noteMark(): Promise<void>
}

export interface Opening {
  /** Account that is signed in. */
  person: string
  /** Where the mark is: `pageMark` in a page; null in a worker. */
  mark: MarkPlace | null
  store?: JournalStore
  send?: Send
  upload?: UploadFile
  now?: () => number
}

/**
 * Opens the survey of one person on this device.
 * @throws {DeviceError} `newer`, `blocked` or `full`
 */
export async function openDevice(opening: Opening): Promise<OpenedDevice> {
  const { person, mark, now = Date.now } = opening
  const { send = createSend(), upload = createUpload() } = opening
  const store = await openStore(opening.store ?? createIndexedDbStore())
  const id = await deviceId(store)
  if ((await lastPerson(store)) !== person) await store.putSetting(personSetting, person)
  const device = createDevice({ store, person, device: id, send, now, newId })
  const erased = store.lasting ? erasedBefore(mark?.read() ?? null, id) : null

  const filesWaiting = async () => (await store.listFiles(person)).filter(({ state }) => state === 'waiting').length
  const noteMark = async () => {
    if (store.lasting) mark?.write(markOf(id, await store.count(person), await filesWaiting()))
  }
  /** On a full device, what the server took cannot even be noted: photos that are sent make room first. */
  const firstPass = (): Promise<SyncReport | null> =>
    device.sync('held').catch((error: unknown) => {
      if (error instanceof DeviceError && error.code === 'full') return null
      throw error
    })
  async function work(): Promise<AllReport> {
    const first = await firstPass()
    if (first?.problem) return { ...first, files: { sent: 0, refused: 0, left: await filesWaiting() } }
    const files = await sendFiles(store, person, upload)
    if (first && (files.sent === 0 || first.later === 0)) return { ...first, files }
    const last = await device.sync()
    return { ...last, sent: last.sent + (first?.sent ?? 0), files }
  }
  return {
    device,
    lasting: store.lasting,
    erased,
    noteMark,
    async sendAll() {
      const report = await exclusively(store, now, work)
      if (report) await noteMark()
      return report
    },
  }
}
