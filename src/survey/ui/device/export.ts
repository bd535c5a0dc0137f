import { iso, timeOf } from './clock.ts'
import { DeviceError } from './errors.ts'
import { journalVersion, type AnyEntry, type JournalStore, type KeptFile, type NewRow, type Row } from './journal.ts'
import { skewSetting } from './sending.ts'

/*
 * The file is lines of JSON: a header, then one line an entry, then one line a photo or a sound in base64. Lines stand
 * alone: of a file cut short, what is whole is taken up.
 */
const format = 'artisanumerique-enquete'
const formatVersion = 1

interface Header {
  format: string
  version: number
  person: string
  device: string
  /** The device's clock when the file was made, and what the server's had more, in ms, where it is known. */
  now: string
  skew: number | null
}
type EntryLine = Pick<Row, 'entry' | 'device' | 'shift' | 'version'> & Partial<Pick<Row, 'state' | 'message'>>
interface FileLine {
  file: Omit<KeptFile, 'blob' | 'person' | 'state' | 'message'>
  base64: string
}

const line = (value: unknown) => JSON.stringify(value) + '\n'
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}

const fromBase64 = (text: string, type: string) =>
  new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], { type })

/** Name under which a journal is kept: `enquete-2026-11-25.jsonl`. */
export const exportName = (now: number): string => `enquete-${iso(now).slice(0, 10)}.jsonl`

/** The whole journal of a person as a file, with the photos and sounds that are only here. */
export async function exportJournal(
  store: JournalStore,
  { person, device, now }: { person: string; device: string; now: () => number },
): Promise<Blob> {
  const skew = number(await store.getSetting(skewSetting))
  const clock = iso(timeOf(await store.clock(), now()))
  const header: Header = { format, version: formatVersion, person, device, now: clock, skew }
  const parts: (string | Blob)[] = [line(header)]
  for (const row of await store.list(person)) {
    const { entry, device: from, shift, version, state, message } = row
    parts.push(line({ entry, device: from, shift, version, state, message } satisfies EntryLine))
  }
  for (const { blob, person: _, state, message: __, ...file } of await store.listFiles(person))
    // A blob of its own each: the browser may put it on the disk, where one text of all would fill the memory.
    if (state !== 'sent') parts.push(new Blob([line({ file, base64: await toBase64(blob) } satisfies FileLine)]))
  return new Blob(parts, { type: 'application/jsonl' })
}

/** The lines of a file, one after the other. */
async function* linesOf(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) break
    const lines = (rest + value).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  yield rest
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const isEntry = (value: unknown): value is AnyEntry =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'contribution', 'at', 'type'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string') &&
  !Number.isNaN(Date.parse((value as AnyEntry).at))

function headerOf(text: string, person: string): Header {
  const header = parse(text) as Partial<Header> | null
  if (header?.format !== format || typeof header.device !== 'string' || typeof header.now !== 'string')
    throw new DeviceError('damaged')
  if ((number(header.version) ?? Infinity) > formatVersion) throw new DeviceError('newer')
  if (header.person !== person) throw new DeviceError('other-person')
  return header as Header
}

/**
 * Milliseconds from the clock that made a file to this device's: by what the server has told both; else, what was written
 * before now cannot be later than now.
 */
function shiftOf(header: Header, skew: number | null, now: number): number {
  const known = header.skew !== null && skew !== null ? header.skew - skew : 0
  return Math.min(known, now - Date.parse(header.now))
}

export interface ImportReport {
  /** New entries; the others were there. */
  entries: number
  files: number
  /** Numbers of the lines that could not be read. */
  damaged: number[]
}

interface Importing {
  store: JournalStore
  person: string
  header: Header
  shift: number
}

/** All go to the server once more, whatever their state was: it knows them by their id. */
const rowOf = ({ person, header, shift }: Importing, given: Partial<EntryLine>): NewRow => ({
  version: number(given.version) ?? journalVersion,
  person,
  device: typeof given.device === 'string' ? given.device : header.device,
  shift: (number(given.shift) ?? 0) + shift,
  entry: given.entry!,
  state: 'waiting',
  code: null,
  message: null,
})

/** @returns whether the line holds a file */
async function importFile({ store, person }: Importing, { file, base64 }: Partial<FileLine>): Promise<boolean> {
  if (typeof file?.id !== 'string' || typeof base64 !== 'string') return false
  let blob: Blob
  try {
    blob = fromBase64(base64, file.type)
  } catch {
    return false
  }
  await store.append((clock) => ({
    rows: [],
    files: [{ ...file, person, blob, state: 'waiting', message: null }],
    clock,
  }))
  return true
}

/**
 * Takes a file up again, on the device that made it or on another of the same person; what is there already is left as
 * it is, and what the server has is not doubled.
 * @throws {DeviceError} `damaged`, `newer`, `other-person`, or `full`
 */
export async function importJournal(
  store: JournalStore,
  { person, now }: { person: string; now: () => number },
  file: Blob,
): Promise<ImportReport> {
  const lines = linesOf(file)
  const header = headerOf(((await lines.next()).value as string | undefined) ?? '', person)
  const here = timeOf(await store.clock(), now())
  const shift = shiftOf(header, number(await store.getSetting(skewSetting)), here)
  const importing: Importing = { store, person, header, shift }
  const report: ImportReport = { entries: 0, files: 0, damaged: [] }
  const rows: NewRow[] = []
  const keepRows = async () => {
    const batch = rows.splice(0)
    if (batch.length > 0) report.entries += await store.append((clock) => ({ rows: batch, files: [], clock }))
  }
  for (let at = 2; ; at++) {
    const { value, done } = await lines.next()
    if (done) break
    if (value === '') continue
    const one = parse(value)
    if (one && isEntry(one.entry)) rows.push(rowOf(importing, one))
    else if (one?.file) {
      await keepRows()
      if (await importFile(importing, one)) report.files++
      else report.damaged.push(at)
    } else report.damaged.push(at)
  }
  await keepRows()
  return report
}

/** Whole days since a moment of the device's clock; 0 where nothing waits. */
export const daysSince = (at: string | null, now: number): number =>
  at === null ? 0 : Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000))
