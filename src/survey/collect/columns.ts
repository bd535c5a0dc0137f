import { fold } from '#platform/model'
import { answers } from '#statements/model'
import type { GuideItem } from '../model.ts'
import { own } from '../guide/xlsform/names.ts'

/** What servers write about a submission. */
export type Meta =
  | 'root'
  | 'key'
  | 'instance'
  | 'start'
  | 'end'
  | 'submitted'
  | 'review'
  | 'version'
  | 'siret'
  | 'name'
  | 'commune'
  | 'metier'

export type GeoPart = 'lat' | 'lon' | 'accuracy'

/** What a column holds. `option`: whether one choice of an item was ticked. `passed`: known, and of no use here. */
export type Role =
  | { kind: 'item'; item: GuideItem }
  | { kind: 'option'; item: GuideItem; option: string }
  | { kind: 'geo'; item: GuideItem; part: GeoPart }
  | { kind: 'meta'; meta: Meta }
  | { kind: 'passed' }
  | { kind: 'unknown' }

/** Columns of ODK Central (`SubmissionDate`, `KEY`…) and of KoboToolbox (`_uuid`…), in lower case, `-` written `/`. */
const serverColumns: Record<string, Meta | 'passed'> = {
  'meta/rootuuid': 'root',
  key: 'key',
  __id: 'key',
  'meta/instanceid': 'instance',
  instanceid: 'instance',
  _uuid: 'instance',
  start: 'start',
  end: 'end',
  submissiondate: 'submitted',
  '__system/submissiondate': 'submitted',
  _submission_time: 'submitted',
  reviewstate: 'review',
  '__system/reviewstate': 'review',
  _validation_status: 'review',
  ...Object.fromEntries(
    'today deviceid username simserial phonenumber subscriberid formhub/uuid submitterid submittername attachmentspresent attachmentsexpected status edits formversion parent_key instancename enterprise'
      .split(' ')
      .map((name) => [name, 'passed' as const]),
  ),
}

const ownColumns: Record<string, Meta | 'passed'> = {
  [own.siret]: 'siret',
  [own.name]: 'name',
  [own.commune]: 'commune',
  [own.metier]: 'metier',
  [own.sector]: 'passed',
  [own.version]: 'version',
}

const geoParts: Record<string, GeoPart | null> = {
  latitude: 'lat',
  longitude: 'lon',
  altitude: null,
  precision: 'accuracy',
  accuracy: 'accuracy',
}

/** Groups of the form, which servers write before `-`; what they write before `/` is always a group. */
const group = /^(?:data-)?(?:enterprise|section_[a-z0-9-]+)-/

/** Names under which a column may be known, the groups before it taken away. */
function namesOf(header: string): string[] {
  const last = header.slice(header.lastIndexOf('/') + 1)
  const within = group.exec(last) ? [...last].flatMap((sign, at) => (sign === '-' ? last.slice(at + 1) : [])) : []
  return [header, last, ...within]
}

const optionsOf = ({ kind, choices = [] }: GuideItem): readonly string[] =>
  kind === 'answer' ? answers : choices.map(({ id }) => id)

/** Tells what columns hold, by their names in the form or by the words of their questions. */
export class Columns {
  readonly #items: ReadonlyMap<string, GuideItem>
  readonly #byWords = new Map<string, GuideItem | null>()

  constructor(items: readonly GuideItem[]) {
    this.#items = new Map(items.map((item) => [item.id, item]))
    for (const item of items) {
      for (const words of [item.question.fr, item.question.en].map(fold)) {
        // Two questions in the same words are told apart by nobody.
        this.#byWords.set(words, this.#byWords.has(words) ? null : item)
      }
    }
  }

  #item(header: string): GuideItem | null {
    const found = namesOf(header).find((name) => this.#items.has(name))
    return found === undefined ? null : this.#items.get(found)!
  }

  #geo(header: string): Role | null {
    const [, name, suffix] = /^(.*)[_-](latitude|longitude|altitude|precision|accuracy)$/i.exec(header) ?? []
    if (name === undefined) return null
    const item = this.#item(name) ?? this.#item(name.slice(name.lastIndexOf('/') + 1).replace(/^_/, ''))
    if (item?.kind !== 'place') return null
    const part = geoParts[suffix!.toLowerCase()] ?? null
    return part === null ? { kind: 'passed' } : { kind: 'geo', item, part }
  }

  #option(header: string): Role | null {
    const at = header.lastIndexOf('/')
    const item = at < 0 ? null : this.#item(header.slice(0, at))
    const option = header.slice(at + 1)
    return item && optionsOf(item).includes(option) ? { kind: 'option', item, option } : null
  }

  /** What the column of a header holds. */
  roleOf(text: string): Role {
    const header = text.trim()
    const server = serverColumns[header.toLowerCase().replace(/^(meta|__system|formhub)-/, '$1/')]
    const ours = namesOf(header)
      .map((name) => (Object.hasOwn(ownColumns, name) ? ownColumns[name] : undefined))
      .find((meta) => meta !== undefined)
    const meta = server ?? ours
    if (meta !== undefined) return meta === 'passed' ? { kind: 'passed' } : { kind: 'meta', meta }
    const item = this.#item(header)
    if (item) return { kind: 'item', item }
    const found = this.#option(header) ?? this.#geo(header)
    if (found) return found
    const byWords = this.#byWords.get(fold(header))
    if (byWords) return { kind: 'item', item: byWords }
    const passed =
      header === '' || header.startsWith('_') || /^(meta|__system)[/-]/i.test(header) || header.endsWith('_URL')
    return passed ? { kind: 'passed' } : { kind: 'unknown' }
  }
}
