import { audit, requireRight } from '#accounts'
import type { Disclosure } from '#accounts/model'
import { declareRecord, eraseSubject } from '#consent'
import {
  badInput,
  emit,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Executor,
  type Subject,
  type User,
} from '#platform'
import { requireDeposit } from './deposit/access.ts'
import { notReady, refused } from './errors.ts'
import {
  announcedKind,
  cleanName,
  isZone,
  largest,
  licences,
  mostZones,
  quota,
  type Rights,
  type Zone,
} from './model.ts'
import { toPrepare } from './process/queue.ts'
import { bytesOf, getFile, protect, type FileRecord } from './records.ts'

interface Announced {
  id: string
  name: string
  /** 0 when it is not known yet. */
  bytes: number
  subject: Subject
}

/**
 * Opens a deposit, before any of its bytes.
 * @throws {UserError} 401, 403 without the right, 413 too large or over the quota, 415 of a kind that is not taken
 */
export async function openDeposit(db: Database, actor: Actor, { id, name, bytes, subject }: Announced): Promise<void> {
  requirePermission('signed-in', actor)
  const deposit = await requireDeposit(db, actor, subject, id)
  const depositor = (actor as User).id
  const kind = announcedKind(name)
  if (!kind) throw refused('type')
  if (bytes > largest[kind]) throw refused('size')
  if ((await bytesOf(db.kysely, depositor)) + bytes > quota) throw refused('quota')
  await sql`insert into media.file (id, name, bytes, state, depositor, body, subject_kind, subject_id, commune, metier)
    values (${id}, ${cleanName(name)}, ${bytes}, 'uploading', ${depositor}, ${deposit.body}, ${subject.kind}, ${subject.id},
      ${deposit.commune}, ${deposit.metier})`.execute(db.kysely)
}

const mostText = { author: 200, credit: 200, captionFr: 2000, captionEn: 2000, altFr: 1000, altEn: 1000 } as const

function checkRights(rights: Rights) {
  const long = (Object.keys(mostText) as (keyof typeof mostText)[]).filter(
    (name) => rights[name].length > mostText[name],
  )
  if (long.length > 0 || rights.authorisations.length > 50 || rights.authorisations.some((one) => one.length > 100))
    throw badInput(
      'Un des textes est trop long. Raccourcissez-le.',
      long.map((field) => ({ field, message: `${mostText[field]} signes au plus` })),
    )
  if (!licences.includes(rights.licence))
    throw badInput('Choisissez une licence de la liste.', [{ field: 'licence', message: licences.join(', ') }])
}

async function traceChange(trx: Executor, actor: Actor, file: FileRecord): Promise<void> {
  const grant = await requireRight(trx, actor, 'contribute', await protect(trx, file))
  await audit(trx, { actor, grant, action: 'contribute', subject: file.subject, item: `media.${file.id}` })
}

/**
 * Writes the rights of a file, inside its copies too, and whom it is meant for; the holder's consent decides of the rest.
 * @throws {UserError} 400, 401, 403, 404
 */
export async function setRights(
  db: Database,
  actor: Actor,
  { id, rights, asked }: { id: string; rights: Rights; asked: Disclosure },
): Promise<void> {
  requirePermission('signed-in', actor)
  checkRights(rights)
  await transaction(db, async (trx) => {
    const file = await getFile(trx, id)
    await traceChange(trx, actor, file)
    await sql`update media.file set author = ${rights.author}, credit = ${rights.credit}, licence = ${rights.licence},
        authorisations = ${rights.authorisations}::text[], caption_fr = ${rights.captionFr}, caption_en = ${rights.captionEn},
        alt_fr = ${rights.altFr}, alt_en = ${rights.altEn}, asked = ${asked}, version = nextval('media.version')
      where id = ${id}`.execute(trx)
    const { body, commune, metier, depositor } = file
    await declareRecord(trx, actor, {
      kind: 'media',
      id,
      asked,
      body,
      holder: file.subject,
      author: depositor,
      item: 'media',
      pillar: 'register',
      commune,
      metier,
    })
    await emit(trx, toPrepare, { id })
  })
}

/**
 * Asks that zones of a picture be blurred, for good. From now on nobody sees it until it is done.
 * @throws {UserError} 400 when a zone does not lie in the picture, 401, 403, 404, 409 when it is no picture or not ready
 */
export async function blurPicture(
  db: Database,
  actor: Actor,
  { id, zones }: { id: string; zones: Zone[] },
): Promise<void> {
  requirePermission('signed-in', actor)
  if (zones.length === 0 || zones.length > mostZones || !zones.every(isZone))
    throw badInput('Donnez quatre nombres : le rectangle doit tenir dans l’image.', [
      { field: 'zone', message: 'un rectangle dans l’image' },
    ])
  await transaction(db, async (trx) => {
    const file = await getFile(trx, id)
    await traceChange(trx, actor, file)
    if (file.kind !== 'picture' || file.state !== 'ready') throw notReady()
    await sql`update media.file set state = 'queued', zones = ${JSON.stringify(zones)}::jsonb,
      version = nextval('media.version') where id = ${id}`.execute(trx)
    await emit(trx, toPrepare, { id })
  })
}

/**
 * Says that a file shows something else: an enterprise, a know-how, a gesture.
 * @throws {UserError} 401, 403, 404
 */
export async function attach(
  trx: Executor,
  actor: Actor,
  { media, subject }: { media: string; subject: Subject },
): Promise<void> {
  const file = await getFile(trx, media)
  await requireRight(trx, actor, 'contribute', await protect(trx, file))
  await sql`update media.file set subject_kind = ${subject.kind}, subject_id = ${subject.id},
    version = nextval('media.version') where id = ${media}`.execute(trx)
}

/**
 * Destroys a file with all its copies, now.
 * @throws {UserError} 401, 403, 404
 */
export async function removeFile(app: App, actor: Actor, id: string): Promise<void> {
  const file = await getFile(app.db.kysely, id)
  await requireRight(app.db, actor, 'contribute', await protect(app.db, file))
  await eraseSubject(app, 'operator', { kind: 'media', id }, 'request')
}
