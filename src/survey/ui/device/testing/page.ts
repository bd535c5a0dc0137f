// What the tests call in a page of a browser.
import { createIndexedDbStore } from '../indexeddb.ts'
import { exclusively } from '../lock.ts'
import { createMemoryStore } from '../memory.ts'
import { newId } from '../ids.ts'
import { openDevice } from '../open.ts'
import { registerWorker } from '../registration.ts'
import { createUpload } from '../upload.ts'
import { exercise } from './exercise.ts'

const all = {
  createIndexedDbStore,
  createMemoryStore,
  createUpload,
  exclusively,
  exercise,
  newId,
  openDevice,
  registerWorker,
}
type All = typeof all

declare global {
  /** In pages of tests only. */
  // oxlint-disable-next-line no-var -- a global is declared so
  var device: All
}
globalThis.device = all
