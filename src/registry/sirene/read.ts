import { indexes } from './formats.ts'
import { EnterpriseTaker } from './enterprises.ts'
import { EstablishmentTaker } from './establishments.ts'
import type { FileCounts, ReadEvent, RowCounts, SourceFile } from './model.ts'
import { PositionTaker } from './positions.ts'
import { problems } from './problems.ts'
import { Reading, type Outcome, type Taker } from './reading.ts'
import { recognise, type Recognised, type SourceRow } from './recognise.ts'
import { openSources, type Source } from './source.ts'

export interface ReadOptions {
  /** Keeps the establishments of one département alone. */
  departement?: string
  /** Latest date that a row may hold, YYYY-MM-DD; today in Paris by default. */
  today?: string
}

/** About how many records and issues a batch holds. */
const batchSize = 5000

const kinds = ['establishments', 'enterprises', 'positions']

const todayInParis = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date())

/**
 * Reads register files, whatever their order: all are recognised first, then establishments are read, then the legal
 * units and positions that concern them. Memory is bounded by a batch, plus, for each
 * establishment accepted, about 60 bytes, and its signs when StockUniteLegale follows.
 * @throws {ReadError} when a file cannot be read at all, before any record is given when its format is at fault
 */
export async function* readSirene(files: readonly SourceFile[], options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const { sources, close } = await openSources(files)
  try {
    const recognised: Recognised[] = []
    for (const source of sources) {
      const one = await recognise(source)
      recognised.push(one)
      const { label, unknownColumns, absentColumns } = one.format
      yield { kind: 'recognised', file: source.file, formatLabel: label, unknownColumns, absentColumns }
    }
    const reading = new Reading({
      departement: options.departement?.toUpperCase() ?? null,
      today: options.today ?? todayInParis(),
      unitsFollow: recognised.some(({ format }) => format.kind === 'enterprises'),
    })
    yield* readAll(recognised, reading, sources)
  } finally {
    close()
  }
}

async function* readAll(recognised: Recognised[], reading: Reading, sources: Source[]): AsyncGenerator<ReadEvent> {
  const bytesTotal = sources.reduce((sum, { size }) => sum + size, 0)
  const counts: FileCounts[] = recognised.map(({ source }) => ({ file: source.file, ...noRows() }))
  let bytesRead = 0
  for (const kind of kinds) {
    for (const [place, one] of recognised.entries()) {
      if (one.format.kind !== kind) continue
      const taker = takerOf(one, reading)
      for await (const { rows, bytes, mended } of one.rows()) {
        for (const line of mended) reading.issues.mendLine(one.source.file, line)
        for (const row of rows) count(counts[place]!, takeRow(row, one, taker, reading))
        bytesRead += bytes
        yield { kind: 'progress', bytesRead, bytesTotal }
        if (reading.waiting >= batchSize) yield reading.takeBatch()
      }
    }
  }
  if (reading.waiting > 0) yield reading.takeBatch()
  yield { kind: 'done', totals: { ...sum(counts), warnings: reading.issues.warnings }, files: counts }
}

function takerOf({ source, format, columns }: Recognised, reading: Reading): Taker {
  if (format.kind === 'establishments')
    return new EstablishmentTaker(source.file, indexes.establishments(columns), reading)
  if (format.kind === 'enterprises') return new EnterpriseTaker(source.file, indexes.enterprises(columns), reading)
  return new PositionTaker(source.file, indexes.positions(columns), reading)
}

function takeRow(row: SourceRow, { source, columns }: Recognised, taker: Taker, { issues }: Reading): Outcome {
  if ('fields' in row) return taker.take(row.fields, row.line)
  const detail = row.fault === 'row.fields' ? `${row.found} champs au lieu de ${columns.length}. ` : ''
  issues.refuseRow(source.file, row.line, row.fault, detail + problems[row.fault])
  return 'refused'
}

const noRows = (): RowCounts => ({ rows: 0, accepted: 0, refused: 0, outOfScope: 0 })

function count(counts: RowCounts, outcome: Outcome) {
  counts.rows++
  counts[outcome]++
}

function sum(all: RowCounts[]): RowCounts {
  const totals = noRows()
  for (const { rows, accepted, refused, outOfScope } of all) {
    totals.rows += rows
    totals.accepted += accepted
    totals.refused += refused
    totals.outOfScope += outOfScope
  }
  return totals
}
