import { isSiret } from '#accounts/model'
import type { CellValue } from '../deliveries/values.ts'
import type { Guide, GuideItem } from '../model.ts'
import { cut } from '../tables/cells.ts'
import type { Table } from '../tables/read.ts'
import { derivedId } from '../deliveries/ids.ts'
import { Columns, type Meta, type Role } from './columns.ts'
import type { CollectedFile, CollectedVisit } from './model.ts'
import { readCollected, readGeoParts, readTicked } from './values.ts'

/** Where items go when several versions of the guide have them: the latest says what they are. */
export const itemsOfAll = (guides: readonly Guide[]): GuideItem[] => [
  ...new Map(guides.flatMap(({ items }) => items.map((item) => [item.id, item]))).values(),
]

interface Known {
  items: readonly GuideItem[]
  /** Published versions, the latest last. */
  versions: readonly number[]
}

/** Before, a moment is a clock that nobody set. */
const earliest = Date.UTC(1990)

/** A moment of a server as ISO 8601 UTC; without a zone it is in UTC. */
export function momentOfCell(text: string | undefined): string | null {
  const plain = text?.trim().replace(' ', 'T') ?? ''
  if (!/^\d{4}-\d\d-\d\d/.test(plain)) return null
  const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/.test(plain.slice(10))
  const withHour = plain.length > 10 ? plain : `${plain}T10:00:00`
  const date = new Date(zoned ? withHour.replace(/([+-]\d\d)$/, '$1:00') : `${withHour}Z`)
  return date.getTime() >= earliest ? date.toISOString() : null
}

class RowReader {
  readonly #headers: readonly string[]
  readonly #roles: readonly Role[]
  readonly #cells: readonly string[]

  constructor(headers: readonly string[], roles: readonly Role[], cells: readonly string[]) {
    this.#headers = headers
    this.#roles = roles
    this.#cells = cells
  }

  /** The first cell that says something among the columns of that kind. */
  meta(...names: Meta[]): string | undefined {
    for (const name of names) {
      const at = this.#roles.findIndex(
        (role, index) => role.kind === 'meta' && role.meta === name && this.#cells[index]?.trim(),
      )
      if (at >= 0) return this.#cells[at]!.trim()
    }
    return undefined
  }

  #columnsOf(item: GuideItem): number[] {
    return this.#roles.flatMap((role, at) => ('item' in role && role.item === item ? [at] : []))
  }

  #valueOf(item: GuideItem, columns: readonly number[]): { read: CellValue; column: string } {
    const whole = columns.find((at) => this.#roles[at]!.kind === 'item' && this.#cells[at]?.trim())
    if (whole !== undefined) return { read: readCollected(item, this.#cells[whole]!), column: this.#headers[whole]! }
    const parts = columns.map((at) => ({ role: this.#roles[at]!, cell: this.#cells[at] ?? '' }))
    const geo = parts.flatMap(({ role, cell }) => (role.kind === 'geo' ? [[role.part, cell] as const] : []))
    const ticks = parts.flatMap(({ role, cell }) => (role.kind === 'option' ? [[role.option, cell] as const] : []))
    const read = geo.length > 0 ? readGeoParts(Object.fromEntries(geo)) : readTicked(item, ticks)
    return { read, column: this.#headers[columns[0]!]! }
  }

  /** Each item that some column of the row answers. */
  *answers(items: readonly GuideItem[]): Generator<{ item: GuideItem; read: CellValue; column: string }> {
    for (const item of items) {
      const columns = this.#columnsOf(item)
      if (columns.length > 0) yield { item, ...this.#valueOf(item, columns) }
    }
  }
}

/** A craft by its name in the form; what was typed instead names none. */
const metierOf = (text: string | undefined) => (text !== undefined && /^[a-z0-9-]{1,80}$/.test(text) ? text : null)

const uuidOf = (text: string | undefined) => text?.replace(/^uuid:/, '')

/** A review that was made on the server and said no. */
const isRejected = (text: string | undefined) =>
  /^(rejected|not approved|validation_status_not_approved)$/i.test(text ?? '')

function refusalOf({ at, siret, name, commune, guide }: CollectedVisit, row: RowReader, known: Known): string | null {
  if (isRejected(row.meta('review'))) return 'Cette réponse a été écartée dans ODK ou KoboToolbox.'
  if (at === null) return 'Aucune colonne ne dit quand la visite a eu lieu (end, start ou SubmissionDate).'
  if (!known.versions.includes(guide))
    return `La version « ${cut(row.meta('version') ?? '', 40)} » du guide n’existe pas.`
  if (siret !== null)
    return isSiret(siret) ? null : `« ${cut(siret, 40)} » n’est pas un SIRET : vérifiez ses 14 chiffres.`
  return name && commune ? null : 'Ni SIRET, ni nom et commune : on ne sait pas de quelle entreprise il s’agit.'
}

/** Digits of a SIRET; a spreadsheet that took it for a number dropped its zeros. */
const siretOf = (text: string | undefined): string | null => {
  const digits = text?.replace(/[\s.]/g, '') ?? ''
  if (digits === '') return null
  return /^\d{9,13}$/.test(digits) ? digits.padStart(14, '0') : digits
}

function visitOf(row: RowReader, cells: readonly string[], known: Known, at: Pick<CollectedVisit, 'sheet' | 'row'>) {
  const visit: CollectedVisit = {
    ...at,
    instance: uuidOf(row.meta('root', 'key', 'instance')) ?? derivedId(...cells),
    at: momentOfCell(row.meta('end', 'submitted', 'start')),
    guide: Number(row.meta('version') ?? known.versions.at(-1)),
    siret: siretOf(row.meta('siret')),
    name: cut(row.meta('name') ?? '', 200),
    commune: row.meta('commune') ?? '',
    metier: metierOf(row.meta('metier')),
    answers: [],
    problems: [],
    refusal: null,
  }
  let files = 0
  for (const { item, read, column } of row.answers(known.items)) {
    if (read === null) continue
    if (item.kind === 'file') files++
    else if ('value' in read) visit.answers.push({ item: item.id, value: read.value, column })
    else visit.problems.push({ ...at, column, reason: read.problem })
  }
  visit.refusal = refusalOf(visit, row, known)
  return { visit, files }
}

/** Characters of a header: no question of the guide is longer. */
const longestHeader = 500

/** Whether a table holds visits: its columns tell an enterprise, and answers. */
const holdsVisits = (roles: readonly Role[]) =>
  roles.some((role) => 'item' in role) &&
  roles.some((role) => role.kind === 'meta' && (role.meta === 'siret' || role.meta === 'name'))

/** Reads the answers that ODK Central or KoboToolbox exported, one visit a row. */
export function readCollectedFile(tables: readonly Table[], guides: readonly Guide[]): CollectedFile {
  const known: Known = { items: itemsOfAll(guides), versions: guides.map(({ version }) => version) }
  const columns = new Columns(known.items)
  const file: CollectedFile = { visits: [], unknown: [], files: 0, others: [] }
  for (const { name, rows } of tables) {
    const headers = (rows[0] ?? []).map((header) => cut(header, longestHeader))
    const roles = headers.map((header) => columns.roleOf(header))
    if (!holdsVisits(roles)) {
      if (rows.length > 0) file.others.push(name)
      continue
    }
    file.unknown.push(...headers.filter((_, at) => roles[at]!.kind === 'unknown'))
    rows.slice(1).forEach((cells, index) => {
      if (cells.every((cell) => cell.trim() === '')) return
      const { visit, files } = visitOf(new RowReader(headers, roles, cells), cells, known, {
        sheet: name,
        row: index + 2,
      })
      file.visits.push(visit)
      file.files += files
    })
  }
  return file
}
