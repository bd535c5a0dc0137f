import type { ProtectedRecord } from '#accounts'
import type { Disclosure } from '#accounts/model'
import { findDisclosure } from '#consent'
import { notFound, sql, type Database, type Executor, type Subject } from '#platform'
import type { RefusalCode } from './errors.ts'
import type { Derived, Facts, Kind, Rights, State, Zone } from './model.ts'

/** A deposit as the database keeps it. */
export interface FileRecord extends Rights {
  id: string
  name: string
  bytes: number
  kind: Kind | null
  state: State
  refusal: RefusalCode | null
  job: string | null
  depositor: string
  body: string | null
  subject: Subject
  commune: string | null
  metier: string | null
  /** SHA-256 of the bytes that everything is made from. */
  blob: string | null
  /** Folder of the pictures that carry its rights. */
  rendition: string | null
  /** Zones to blur at the next preparation. */
  zones: Zone[] | null
  /** Whom it is meant for; the holder's consent decides of the rest. */
  asked: Disclosure
  createdAt: string
}

type Row = Omit<FileRecord, 'subject'> & { subject_kind: string; subject_id: string }

export const rightsColumns = sql`f.author, f.credit, f.licence, f.caption_fr as "captionFr", f.caption_en as "captionEn",
  f.alt_fr as "altFr", f.alt_en as "altEn"`

const columns = sql`f.id::text as id, f.name, f.bytes, f.kind, f.state, f.refusal, f.job::text as job, f.depositor, f.body,
  f.subject_kind, f.subject_id, f.commune, f.metier, f.blob, f.rendition, f.zones, f.asked, f.authorisations,
  to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt", ${rightsColumns}`

const toRecord = ({ subject_kind: kind, subject_id: id, ...row }: Row): FileRecord => ({
  ...row,
  subject: { kind, id },
})

export const isFileId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

export async function findFile(db: Executor, id: string): Promise<FileRecord | null> {
  if (!isFileId(id)) return null
  const found = await sql<Row>`select ${columns} from media.file f where f.id = ${id}`.execute(db)
  return found.rows[0] ? toRecord(found.rows[0]) : null
}

/** @throws {UserError} 404 */
export async function getFile(db: Executor, id: string): Promise<FileRecord> {
  const file = await findFile(db, id)
  if (!file) throw notFound('Ce fichier')
  return file
}

/** Deposits of a person, the latest first; those before a given one. */
export async function listDeposits(db: Executor, person: string, before: string | null, limit: number) {
  const found = await sql<Row>`select ${columns} from media.file f where f.depositor = ${person}
      and (${before}::uuid is null or f.id < ${before}::uuid) order by f.id desc limit ${limit}`.execute(db)
  return found.rows.map(toRecord)
}

/** Deposits in some states, the oldest first. */
export async function listInStates(db: Executor, wanted: State[]): Promise<FileRecord[]> {
  const found = await sql<Row>`select ${columns} from media.file f
    where f.state = any(${wanted}::text[]) and f.state <> 'ready' order by f.created_at`.execute(db)
  return found.rows.map(toRecord)
}

/** Bytes that a person has deposited or is depositing, what was refused left out. */
export async function bytesOf(db: Executor, person: string): Promise<number> {
  const found = await sql<{ bytes: number }>`select coalesce(sum(bytes), 0)::float8 as bytes from media.file
    where depositor = ${person} and state <> 'refused'`.execute(db)
  return found.rows[0]!.bytes
}

export interface BlobRecord {
  hash: string
  kind: Kind
  format: string
  bytes: number
  facts: Facts
  isEncoded: boolean
}

export async function getBlob(db: Executor, hash: string): Promise<BlobRecord> {
  const found = await sql<BlobRecord>`select hash, kind, format, bytes, facts, encoded_at is not null as "isEncoded"
    from media.blob where hash = ${hash}`.execute(db)
  if (!found.rows[0]) throw new Error(`No blob ${hash}`)
  return found.rows[0]
}

/** What was made from a deposit: of its bytes, and with its rights. */
export async function listDerived(db: Executor, folders: (string | null)[]): Promise<(Derived & { folder: string })[]> {
  const found = await sql<
    Derived & { folder: string }
  >`select folder, name, type, bytes, width, height from media.derived
    where folder = any(${folders.filter((one) => one !== null)}::text[]) order by folder, name`.execute(db)
  return found.rows
}

/** What the decision on rights needs to know of a deposit. */
export const protectedRecord = (file: FileRecord, disclosure: Disclosure): ProtectedRecord => ({
  item: 'media',
  pillar: 'register',
  subject: file.subject,
  commune: file.commune,
  metier: file.metier,
  disclosure,
  body: file.body,
  author: file.depositor,
})

/** The same with the disclosure in force; what is not ready is its depositor's alone. */
export async function protect(db: Database | Executor, file: FileRecord): Promise<ProtectedRecord> {
  const disclosure = await findDisclosure(db, 'media', file.id)
  return protectedRecord(file, file.state === 'ready' || disclosure !== 'public' ? disclosure : 'secret')
}
