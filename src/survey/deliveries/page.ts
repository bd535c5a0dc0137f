import { sql, type Actor, type App, type Database } from '#platform'
import type { Lang } from '#platform/model'
import { getGuide } from '../guide/guides.ts'
import { listDeliveryBodies, openDelivery, type Delivery } from './access.ts'
import { cellKinds, decisions, type Decision } from './model.ts'
import { countRows, findRefusal, findWork, listDeliveries, pageRows, type ShownRow, type ShownUnit } from './queries.ts'
import { lettersOf } from './reading.ts'
import { isBlank } from './values.ts'

/** What the page of deliveries shows. */
export async function deliveriesPage(
  app: App,
  actor: Actor,
  { refusal, before }: { refusal: string | null; before: string | null },
) {
  const [bodies, list, refused] = await Promise.all([
    listDeliveryBodies(app.db, actor),
    listDeliveries(app.db, actor, before),
    findRefusal(app.db, actor, refusal),
  ])
  return { bodies, ...list, refused }
}

export type DeliveriesPageData = Awaited<ReturnType<typeof deliveriesPage>>

/** A choice of meaning: an item of the guide in the reader's language. */
export interface ItemChoice {
  id: string
  label: string
}

function itemChoices(guide: number, lang: Lang): { section: string; items: ItemChoice[] }[] {
  const { sections, items } = getGuide(guide)
  return sections
    .map(({ id, label }) => ({
      section: label[lang],
      items: items
        .filter(({ section, kind }) => section === id && cellKinds.has(kind))
        .map((item) => ({ id: item.id, label: item.label[lang] })),
    }))
    .filter((one) => one.items.length > 0)
}

/** Up to three cells of each column that say something. */
async function sampleOf(db: Database, { id, columns }: Delivery): Promise<string[][]> {
  const found = await sql<{ cells: string[] }>`select cells from survey.delivery_row
    where delivery = ${id}::uuid order by line limit 40`.execute(db.kysely)
  return columns.map((_, i) => {
    const cells = found.rows.map((row) => (row.cells[i] ?? '').trim()).filter((cell) => !isBlank(cell))
    return [...new Set(cells)].slice(0, 3).map((cell) => cell.slice(0, 60))
  })
}

/** What a row says, by what its columns are: its name, its place, and the rest under the headers. */
function linesOf({ columns }: Delivery, { cells }: Pick<ShownRow, 'cells'>) {
  const of = (...meanings: string[]) =>
    columns.flatMap(({ meaning }, i) => (meanings.includes(meaning) && !isBlank(cells[i] ?? '') ? [cells[i]!] : []))
  return {
    name: of('name').join(', '),
    place: of('address', 'postcode', 'commune').join(' '),
    siretWritten: of('siret', 'siren')[0] ?? '',
    said: columns.flatMap(({ header }, i) =>
      isBlank(cells[i] ?? '') ? [] : [{ header: header || lettersOf(i), cell: cells[i]! }],
    ),
  }
}

const shownAs = (asked: string | null, { state }: Delivery, counts: Record<Decision, number>): Decision | null => {
  if (asked === 'all') return null
  const wanted = decisions.find((one) => one === asked)
  return wanted ?? (state === 'read' && counts.doubtful > 0 ? 'doubtful' : null)
}

/**
 * What the page of a delivery shows: its report, its columns and a page of its rows.
 * @throws {UserError} 401, 403, 404
 */
export async function deliveryPage(
  app: App,
  actor: Actor,
  id: string,
  { lang, show, after }: { lang: Lang; show: string | null; after: number },
) {
  const { delivery, manages } = await openDelivery(app.db, actor, id)
  const [counts, work, sample, bodies, body] = await Promise.all([
    countRows(app.db, id),
    findWork(app, delivery),
    sampleOf(app.db, delivery),
    listDeliveryBodies(app.db, actor),
    sql<{ name: string }>`select name from accounts.public_body where id = ${delivery.body}`.execute(app.db.kysely),
  ])
  const decision = shownAs(show, delivery, counts)
  const { rows, units, next } = await pageRows(app.db, id, decision, after)
  const { title, fileName, state, createdAt, acceptedAt, undoneAt, columns, guide } = delivery
  const person = actor === null || actor === 'operator' ? null : actor.id
  return {
    delivery: { id, title, fileName, state, createdAt, acceptedAt, undoneAt, body: body.rows[0]?.name ?? '' },
    work,
    counts,
    columns: columns.map((column, i) => ({ ...column, letters: lettersOf(i), sample: sample[i]! })),
    items: itemChoices(guide, lang),
    rows: rows.map((row) => ({
      ...row,
      ...linesOf(delivery, row),
      problems: row.problems.map(({ column, message }) => ({
        header: column === null ? '' : (columns[column]?.header ?? ''),
        message,
      })),
    })),
    units: units as Record<string, ShownUnit>,
    decision,
    next,
    /** Whether the reader may change and accept it, and undo it. */
    acts: bodies.some((one) => one.id === delivery.body),
    undoes: manages || person === delivery.author || person === delivery.acceptedBy,
  }
}

export type DeliveryPageData = Awaited<ReturnType<typeof deliveryPage>>
