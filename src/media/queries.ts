import { audit, requireRight } from '#accounts'
import type { Disclosure } from '#accounts/model'
import { findDisclosure } from '#consent'
import { sql, transaction, type Actor, type App, type Database, type Executor, type Subject } from '#platform'
import { addressOf, type Derived, type Facts, type FileSummary, type Kind, type ShownFile } from './model.ts'
import { queueOf } from './process/queue.ts'
import {
  getBlob,
  getFile,
  isFileId,
  listDeposits,
  listDerived,
  protect,
  rightsColumns,
  type FileRecord,
} from './records.ts'

interface PublicRow extends Omit<ShownFile, 'derived'> {
  bytes: number
  subject: Subject
  blob: string
  rendition: string | null
  createdAt: string
}

const publicColumns = sql`f.id::text as id, f.kind, f.name, f.bytes, f.facts, f.blob, f.rendition, ${rightsColumns},
  '{}'::text[] as authorisations, json_build_object('kind', f.subject_kind, 'id', f.subject_id) as subject,
  to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt"`

const frame = 'frame.png'

/** What is served of a deposit: never its master, nor the frame of its posters. */
export function servedOf(
  kind: Kind,
  derived: (Derived & { folder: string })[],
  { blob, rendition }: { blob: string | null; rendition: string | null },
): (Derived & { folder: string })[] {
  return derived.filter(({ folder, name }) =>
    name !== frame && folder === rendition ? true : folder === blob && (kind === 'film' || kind === 'sound'),
  )
}

/** A document or a model is served as it came, under a name of ours. */
export const wholeName: Partial<Record<Kind, { name: string; type: string }>> = {
  document: { name: 'document.pdf', type: 'application/pdf' },
  model: { name: 'model.glb', type: 'model/gltf-binary' },
}

async function withDerived<T extends PublicRow>(db: Executor, rows: T[]): Promise<(T & { derived: Derived[] })[]> {
  const all = await listDerived(
    db,
    rows.flatMap(({ blob, rendition }) => [blob, rendition]),
  )
  return rows.map((row) => {
    const whole = wholeName[row.kind]
    const derived = whole
      ? [{ ...whole, bytes: row.bytes, width: null, height: null }]
      : servedOf(row.kind, all, row).map(({ folder: _, ...one }) => one)
    return { ...row, derived }
  })
}

export interface PublicFile extends ShownFile {
  subject: Subject
  createdAt: string
}

const shown = ({ blob: _, rendition: __, bytes: ___, ...row }: PublicRow & { derived: Derived[] }): PublicFile => row

/** A file that everybody may see, or null. */
export async function findMedia(db: Database | Executor, id: string): Promise<PublicFile | null> {
  if (!isFileId(id)) return null
  const executor = 'kysely' in db ? db.kysely : db
  const found = await sql<PublicRow>`select ${publicColumns} from media.public_file f where f.id = ${id}`.execute(
    executor,
  )
  const [file] = await withDerived(executor, found.rows)
  return file ? shown(file) : null
}

export interface PublicPage {
  files: PublicFile[]
  numberMatched: number
  /** Id after which the next page begins, or null. */
  next: string | null
}

/** Files that everybody may see, of a subject or of all, the latest first. */
export async function pageOfMedia(
  db: Executor,
  { subject, kind, limit, after }: { subject: Subject | null; kind: Kind | null; limit: number; after: string | null },
): Promise<PublicPage> {
  const where = sql`(${subject?.kind ?? null}::text is null
      or (f.subject_kind = ${subject?.kind ?? null} and f.subject_id = ${subject?.id ?? null}))
    and (${kind}::text is null or f.kind = ${kind})`
  const [counted, found] = [
    await sql<{ count: number }>`select count(*)::int as count from media.public_file f where ${where}`.execute(db),
    await sql<PublicRow>`select ${publicColumns} from media.public_file f where ${where}
      and (${after}::uuid is null or f.id < ${after}::uuid) order by f.id desc limit ${limit + 1}`.execute(db),
  ]
  const rows = found.rows.slice(0, limit)
  const files = (await withDerived(db, rows)).map(shown)
  return {
    files,
    numberMatched: counted.rows[0]!.count,
    next: found.rows.length > limit ? rows.at(-1)!.id : null,
  }
}

/** Files of a subject that everybody may see, the latest first; a hundred at most. */
export async function listMediaOf(db: Database | Executor, subject: Subject): Promise<PublicFile[]> {
  const executor = 'kysely' in db ? db.kysely : db
  return (await pageOfMedia(executor, { subject, kind: null, limit: 100, after: null })).files
}

export const depositsPage = 30

/** One's own deposits, the latest first; the id before which the next page ends. */
export async function listMine(
  db: Database,
  person: string,
  before: string | null,
): Promise<{ files: FileSummary[]; next: string | null }> {
  const found = await listDeposits(db.kysely, person, before, depositsPage + 1)
  const page = found.slice(0, depositsPage)
  const derived = await listDerived(
    db.kysely,
    page.map(({ rendition }) => rendition),
  )
  const thumbnailOf = ({ id, rendition, state }: FileRecord) => {
    const small = derived.find(({ folder, name }) => folder === rendition && /-\d+\.webp$/.test(name))
    return small && state === 'ready' ? addressOf(id, small.name) : null
  }
  const files = page.map((file) => {
    const { id, name, kind, state, bytes, createdAt, captionFr, captionEn } = file
    return { id, name, kind, state, bytes, createdAt, captionFr, captionEn, thumbnail: thumbnailOf(file) }
  })
  return { files, next: found.length > depositsPage ? page.at(-1)!.id : null }
}

/** A deposit as its page shows it. */
export interface OwnFile {
  file: FileRecord
  facts: Facts
  derived: Derived[]
  disclosure: Disclosure
  /** Whom it is meant for, consent apart. */
  asked: Disclosure
  progress: string | null
}

/**
 * A deposit for whoever may read it; a reading of what is not public is kept in the audit.
 * @throws {UserError} 401, 403, 404
 */
export async function readFileOf(app: App, actor: Actor, id: string): Promise<OwnFile> {
  const { db } = app
  const file = await getFile(db.kysely, id)
  const grant = await requireRight(db, actor, 'read', await protect(db, file))
  if (grant.by !== 'public')
    await transaction(db, (trx) =>
      audit(trx, { actor, grant, action: 'read', subject: file.subject, item: `media.${id}` }),
    )
  const facts = file.blob ? (await getBlob(db.kysely, file.blob)).facts : {}
  const all = await listDerived(db.kysely, [file.blob, file.rendition])
  const whole = file.kind ? wholeName[file.kind] : undefined
  const derived = whole
    ? [{ ...whole, bytes: file.bytes, width: null, height: null }]
    : file.kind && file.state === 'ready'
      ? servedOf(file.kind, all, file)
      : []
  const job = file.state === 'queued' && file.job ? await app.jobs.state(queueOf(file.kind), file.job) : null
  const disclosure = await findDisclosure(db, 'media', id)
  return { file, facts, derived, disclosure, asked: file.asked, progress: job?.progress?.text ?? null }
}

/** What one is asked to agree to; for the page of agreements. */
export async function describeFile(db: Executor, { kind, id }: Subject) {
  if (kind !== 'media' || !isFileId(id)) return null
  const file = await getFile(db, id).catch(() => null)
  if (!file) return null
  return { title: file.captionFr || file.name, text: file.altFr || undefined, href: `/espace/medias/${id}` }
}

/** What is held of a subject, for whoever asks for his data. */
export async function exportMedia(db: Executor, subject: Subject): Promise<Record<string, unknown>> {
  const found =
    await sql`select f.id::text as id, f.name, f.kind, f.state, f.bytes, ${rightsColumns}, f.created_at as "createdAt"
    from media.file f where (f.subject_kind = ${subject.kind} and f.subject_id = ${subject.id})
      or (${subject.kind} = 'person' and f.depositor = ${subject.id}) order by f.id`.execute(db)
  return found.rows.length > 0 ? { media: found.rows } : {}
}
