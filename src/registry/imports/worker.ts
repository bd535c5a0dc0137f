import { createNomenclature, type MetierRecord, type Nomenclature } from '../crafts/nomenclature.ts'
import { ReadError } from '../sirene/errors.ts'
import { readSirene } from '../sirene/read.ts'
import type { EstablishmentRecord, ReadEvent, RowIssue, SourceFile } from '../sirene/model.ts'
import { reportLine } from './report.ts'
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
  /** `report`: the lines of the report on these rows, `issues` of them. */
  | { kind: 'chunk'; chunk: StagedChunk; report: string; issues: number; ratio: number }
  | { kind: 'done'; totals: Totals }
  | { kind: 'failed'; code: string; message: string }

type Batch = Extract<ReadEvent, { kind: 'batch' }>

/** What is sent first; anything sent later says that the last chunk was taken. */
const data = Promise.withResolvers<ImportWorkerData>()
let go = Promise.withResolvers<void>()
process.on('message', (message: ImportWorkerData | 'taken') => {
  if (message === 'taken') go.resolve()
  else data.resolve(message)
})
// It lives and dies with the import: a signal to the whole group is for the program to answer.
const leave = () => process.exit()
process.on('disconnect', leave)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const post = (message: ImportMessage) => process.send!(message, undefined, undefined, (error) => error && leave())
let sequence = 0
let unknownCommunes = 0

/** Waits until the last chunk was taken, so that nothing piles up in memory. */
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

async function send(
  { establishments, enterprises, positions, issues }: Batch,
  { places }: ImportWorkerData,
  nomenclature: Nomenclature,
  ratio: number,
) {
  const unknown = establishments.filter(({ communeCode }) => communeCode !== null && !places.communes.has(communeCode))
  unknownCommunes += unknown.length
  const told = [...issues, ...unknown.map(unknownCommune)]
  const rows = establishments.map((record) => establishmentRow(record, sequence++, nomenclature, places))
  const chunk = toChunk({ establishments: rows, enterprises, positions })
  const report = told.map(reportLine).join('')
  post({ kind: 'chunk', chunk, report, issues: told.length, ratio })
  await taken()
}

async function run() {
  const given = await data.promise
  const { files, departement, metiers } = given
  const nomenclature = createNomenclature(metiers)
  let ratio = 0
  for await (const event of readSirene(files, { departement: departement ?? undefined })) {
    if (event.kind === 'recognised')
      post({ kind: 'recognised', file: event.file, label: event.formatLabel, notes: notesOf(event) })
    else if (event.kind === 'progress') ratio = event.bytesTotal > 0 ? event.bytesRead / event.bytesTotal : 0
    else if (event.kind === 'batch') await send(event, given, nomenclature, ratio)
    else {
      const totals = { ...event.totals, warnings: event.totals.warnings + unknownCommunes }
      post({ kind: 'done', totals })
    }
  }
}

run().catch((error: unknown) => {
  const code = error instanceof ReadError ? error.code : 'unexpected'
  post({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) })
})
