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
import { placeOf, requireDeposit } from './deposit/access.ts'
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
  /** At most: what a deposit may come to take is counted before it comes. */
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
  await transaction(db, async (trx) => {
    // One after the other, or deposits opened at once would each find the same room.
    await sql`select pg_advisory_xact_lock(hashtext('media.quota'), hashtext(${depositor}))`.execute(trx)
    if ((await bytesOf(trx, depositor)) + bytes > quota) throw refused('quota')
    await sql`insert into media.file (id, name, bytes, state, depositor, body, subject_kind, subject_id, commune, metier)
      values (${id}, ${cleanName(name)}, ${bytes}, 'uploading', ${depositor}, ${deposit.body}, ${subject.kind},
        ${subject.id}, ${deposit.commune}, ${deposit.metier})`.execute(trx)
  })
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

/** Says to consent whom a file shows, and whom it is meant for. */
async function declare(trx: Executor, actor: Actor, file: FileRecord, asked: Disclosure): Promise<void> {
  const { id, body, commune, metier, subject: holder, depositor: author } = file
  const about = { item: 'media', pillar: 'register' as const, commune, metier, author }
  await declareRecord(trx, actor, { kind: 'media', id, asked, body, holder, ...about })
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
    await declare(trx, actor, file, asked)
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
 * Says that a file shows something else, which the actor may write about: an enterprise, a know-how, a gesture.
 * @throws {UserError} 401, 403, 404
 */
export async function attach(
  trx: Executor,
  actor: Actor,
  { media, subject }: { media: string; subject: Subject },
): Promise<void> {
  const file = await getFile(trx, media)
  const former = await protect(trx, file)
  await requireRight(trx, actor, 'contribute', former)
  const place = await placeOf(trx, subject)
  await requireRight(trx, actor, 'contribute', { ...former, subject, ...place })
  await sql`update media.file set subject_kind = ${subject.kind}, subject_id = ${subject.id}, commune = ${place.commune},
    metier = ${place.metier}, version = nextval('media.version') where id = ${media}`.execute(trx)
  // Whom it shows now must agree: the former agreement was another's.
  if (subject.kind === 'enterprise' || subject.kind === 'person')
    await declare(trx, actor, { ...file, subject, ...place }, file.asked)
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
