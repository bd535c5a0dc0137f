import type { JournalStore, KeptFile } from './journal.ts'

/** What became of sending one file: `sent` also where the server had it already. `refused` says why. `stopped`: not now. */
export type Uploaded = { outcome: 'sent' } | { outcome: 'refused'; message: string } | { outcome: 'stopped' }

/** Sends one file under its own id, resuming where an earlier attempt ended. */
export type UploadFile = (file: KeptFile) => Promise<Uploaded>

export interface FilesReport {
  sent: number
  refused: number
  /** Still on the device alone. */
  left: number
}

/**
 * Sends the photos and sounds that wait, one after the other, the oldest first; each stays on the device until the server
 * has all of it. Stops at the first that cannot be sent now.
 */
export async function sendFiles(store: JournalStore, person: string, upload: UploadFile): Promise<FilesReport> {
  const waiting = (await store.listFiles(person))
    .filter(({ state }) => state === 'waiting')
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  const report: FilesReport = { sent: 0, refused: 0, left: waiting.length }
  for (const file of waiting) {
    const result = await upload(file)
    if (result.outcome === 'stopped') return report
    await store.markFile(file.id, result.outcome, result.outcome === 'refused' ? result.message : null)
    report[result.outcome]++
    report.left--
  }
  return report
}

/** The bytes themselves: what a camera hands over may be a file that goes away. */
export const ownBytes = async (blob: Blob): Promise<Blob> => new Blob([await blob.arrayBuffer()], { type: blob.type })
