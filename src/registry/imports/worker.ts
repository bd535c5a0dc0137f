import { parentPort, workerData } from 'node:worker_threads'
import { createNomenclature, type MetierRecord } from '../crafts/nomenclature.ts'
import { ReadError } from '../sirene/errors.ts'
import { readSirene } from '../sirene/read.ts'
import type { EstablishmentRecord, RowIssue, SourceFile } from '../sirene/model.ts'
import { establishmentRow, toChunk, type Places, type StagedChunk } from './staging.ts'

export interface ImportWorkerData {
  files: SourceFile[]
  departement: string | null
  metiers: MetierRecord[]
  places: Places
}

export interface Totals {
  rows: number
  accepted: number
  refused: number
  outOfScope: number
  warnings: number
}

export type ImportMessage =
  | { kind: 'recognised'; file: string; label: string; notes: string[] }
  | { kind: 'chunk'; chunk: StagedChunk; issues: RowIssue[]; totals: Totals; ratio: number }
  | { kind: 'done'; totals: Totals }
  | { kind: 'failed'; code: string; message: string }

const port = parentPort!
const { files, departement, metiers, places } = workerData as ImportWorkerData
const post = (message: ImportMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
let go = Promise.withResolvers<void>()
port.on('message', () => go.resolve())

/** Waits until the database has taken the last chunk, so that nothing piles up in memory. */
async function taken() {
  await go.promise
  go = Promise.withResolvers()
}

const list = (names: string[]) => names.join(', ')

/** What the user should know of a file's columns. */
function notesOf({ unknownColumns, absentColumns }: { unknownColumns: string[]; absentColumns: string[] }): string[] {
  const notes: string[] = []
  if (unknownColumns.length > 0) notes.push(`colonnes inconnues, ignorées : ${list(unknownColumns)}`)
  if (absentColumns.length > 0) notes.push(`colonnes absentes, laissées vides : ${list(absentColumns)}`)
  return notes
}

const unknownCommune = ({ file, line, communeCode }: EstablishmentRecord): RowIssue => ({
  file,
  line,
  column: 'codeCommuneEtablissement',
  maskedValue: communeCode,
  reason: 'commune.unknown',
  message: `La commune « ${communeCode} » n’est pas dans le Code officiel géographique : le lieu reste inconnu. Corrigez le code Insee.`,
  severity: 'warning',
})

async function run() {
  const nomenclature = createNomenclature(metiers)
  const totals: Totals = { rows: 0, accepted: 0, refused: 0, outOfScope: 0, warnings: 0 }
  let unknownCommunes = 0
  let seq = 0
  let ratio = 0
  for await (const event of readSirene(files, { departement: departement ?? undefined })) {
    if (event.kind === 'recognised') {
      post({ kind: 'recognised', file: event.file, label: event.formatLabel, notes: notesOf(event) })
    } else if (event.kind === 'progress') {
      ratio = event.bytesTotal > 0 ? event.bytesRead / event.bytesTotal : 0
    } else if (event.kind === 'batch') {
      const issues = [...event.issues]
      const rows = event.establishments.map((record) => {
        if (record.communeCode !== null && !places.communes.has(record.communeCode)) {
          unknownCommunes++
          issues.push(unknownCommune(record))
          record.communeCode = null
        }
        return establishmentRow(record, seq++, nomenclature, places)
      })
      const chunk = toChunk({ establishments: rows, enterprises: event.enterprises, positions: event.positions })
      post(
        { kind: 'chunk', chunk, issues, totals: { ...totals }, ratio },
        Object.values(chunk).map((bytes) => bytes.buffer as ArrayBuffer),
      )
      await taken()
    } else if (event.kind === 'done') Object.assign(totals, event.totals)
  }
  totals.warnings += unknownCommunes
  post({ kind: 'done', totals })
}

run().catch((error: unknown) => {
  const code = error instanceof ReadError ? error.code : 'unexpected'
  post({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) })
})
