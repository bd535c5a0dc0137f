// The code under test as one thing, so that a copy with a mistake in it can stand in its place.
import * as agreement from '../../src/statements/agree.ts'
import { parseSync } from '../../src/survey/contributions/entry.ts'
import * as taking from '../../src/survey/contributions/take.ts'
import * as engine from '../../src/survey/ui/device/engine.ts'
import * as exporting from '../../src/survey/ui/device/export.ts'
import * as files from '../../src/survey/ui/device/files.ts'
import * as http from '../../src/survey/ui/device/http.ts'
import * as memory from '../../src/survey/ui/device/memory.ts'
import * as sending from '../../src/survey/ui/device/sending.ts'

export interface Program {
  agree: typeof agreement.agree
  parseSync: typeof parseSync
  takeEntries: typeof taking.takeEntries
  createDevice: typeof engine.createDevice
  exportJournal: typeof exporting.exportJournal
  importJournal: typeof exporting.importJournal
  sendFiles: typeof files.sendFiles
  replyOf: typeof http.replyOf
  createMemoryStore: typeof memory.createMemoryStore
  noteServerTime: typeof sending.noteServerTime
}

/** The product's own. */
export const program: Program = {
  ...agreement,
  ...taking,
  ...engine,
  ...exporting,
  ...files,
  ...http,
  ...memory,
  ...sending,
  parseSync,
}
