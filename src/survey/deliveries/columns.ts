import { isSiret } from '#accounts/model'
import { fold } from '#platform/model'
import { cellKinds, repeated, type Column, type DeliveryItem, type Meaning, type PlainMeaning } from './model.ts'
import { isBlank, readCell, readDay } from './values.ts'
import { likeness, nameWords } from './words.ts'

/** Words of headers, folded; the first that is whole in a header counts. */
const headers: readonly [PlainMeaning, RegExp][] = [
  ['siret', /\bsirets?\b/],
  ['siren', /\bsirens?\b/],
  [
    'personal',
    /\b(tel|telephone|telephones|portable|mobile|fax|phone|gsm|e? ?mail|mails|mel|courriel|prenom|prenoms|first name|last name|dirigeant|dirigeante|gerant|gerante|contact|contacts|interlocuteur|responsable|civilite|naissance|birth|nom du chef|chef d entreprise|nom de famille|signataire)\b/,
  ],
  ['postcode', /\b(code postal|cp|codepostal|postcode|post code|zip|zip code)\b/],
  ['commune', /\b(commune|communes|ville|villes|localite|city|town|insee|municipality|code commune)\b/],
  ['address', /\b(adresse|adresses|address|voie|rue|numero|street|complement|lieu dit)\b/],
  [
    'name',
    /\b(nom|noms|raison sociale|denomination|enseigne|entreprise|societe|etablissement|name|company|business|structure|artisan|exploitant)\b/,
  ],
  ['date', /\b(date|jour|le|visite le|date de visite|day)\b/],
  ['craft', /\b(metier|metiers|activite|activites|ape|naf|aprm|profession|craft|trade|secteur)\b/],
  ['comment', /\b(commentaire|commentaires|remarque|remarques|observation|observations|note|notes|comment|comments)\b/],
]

/** What most cells of a column look like. */
type Shape = 'siret' | 'siren' | 'email' | 'phone' | 'postcode' | 'date' | null
const digitsOf = (text: string) => text.replace(/[\s\u00a0\u202f.]/g, '')

const shapes: readonly [Exclude<Shape, null>, (text: string) => boolean][] = [
  ['siret', (text) => /^\d{13,14}$/.test(digitsOf(text)) && (isSiret(digitsOf(text)) || digitsOf(text).length === 14)],
  ['email', (text) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(text)],
  ['phone', (text) => /^(\+33|0033|0)[1-9]\d{8}$/.test(text.replace(/[\s\u00a0().-]/g, ''))],
  ['siren', (text) => /^\d{9}$/.test(digitsOf(text))],
  ['postcode', (text) => /^(\d{5}|\d{4})$/.test(text)],
  ['date', (text) => /[-/.]/.test(text) && readDay(text) !== null],
]

function shapeOf(cells: readonly string[]): Shape {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => !isBlank(cell))
  if (filled.length === 0) return null
  return shapes.find(([, looks]) => filled.filter(looks).length >= 0.7 * filled.length)?.[0] ?? null
}

interface Guess {
  meaning: Meaning
  confidence: number
}

const byShape: Readonly<Record<Exclude<Shape, null>, Guess>> = {
  siret: { meaning: 'siret', confidence: 0.95 },
  siren: { meaning: 'siren', confidence: 0.8 },
  email: { meaning: 'personal', confidence: 1 },
  phone: { meaning: 'personal', confidence: 0.95 },
  postcode: { meaning: 'postcode', confidence: 0.6 },
  date: { meaning: 'date', confidence: 0.6 },
}

/** How surely a header names an item of the guide: by its id, one of its words, or nearly. */
function guessItem(header: string, cells: readonly string[], items: readonly DeliveryItem[]): Guess | null {
  const folded = fold(header)
  if (folded === '') return null
  const asId = header
    .trim()
    .toLowerCase()
    .replace(/^item:/, '')
    .replaceAll('_', '-')
  let best: Guess | null = null
  for (const item of items) {
    const confidence = item.id === asId ? 1 : likeHeader(folded, item)
    if (confidence > (best?.confidence ?? 0.6)) best = { meaning: `item:${item.id}`, confidence }
  }
  if (!best) return null
  return { ...best, confidence: best.confidence * fitOf(items, best.meaning, cells) }
}

function likeHeader(header: string, { label, question }: DeliveryItem): number {
  const texts = [label.fr, label.en, question.fr, question.en]
  if (texts.some((text) => fold(text) === header)) return 0.99
  const words = nameWords(header)
  if (words.length < 2) return 0
  return 0.95 * Math.max(...texts.map((text) => likeness(words, nameWords(text), () => 1).similarity))
}

/** Cells that are no answer to the item make it less likely. */
function fitOf(items: readonly DeliveryItem[], meaning: Meaning, cells: readonly string[]): number {
  const item = items.find(({ id }) => meaning === `item:${id}`)!
  const filled = cells.filter((cell) => !isBlank(cell))
  if (filled.length === 0) return 1
  const right = filled.filter((cell) => 'value' in (readCell(item, cell) ?? {})).length
  return 0.5 + (0.5 * right) / filled.length
}

function guessHeader(header: string, shape: Shape): Guess | null {
  const folded = fold(header)
  const [meaning] = headers.find(([, words]) => words.test(folded)) ?? []
  if (!meaning) return null
  const sure = byShape[shape as Exclude<Shape, null>]?.meaning === meaning
  // A number where a name is expected is another column: « n° client ».
  if (shape === 'siret' && meaning === 'name') return byShape.siret
  if (meaning === 'siret' && shape === 'siren') return { meaning: 'siren', confidence: 0.9 }
  return { meaning, confidence: sure ? 1 : 0.85 }
}

function guessColumn(header: string, cells: readonly string[], items: readonly DeliveryItem[]): Guess {
  const shape = shapeOf(cells)
  // Addresses and numbers of people are never kept, whatever the header says.
  if (shape === 'email' || shape === 'phone') return byShape[shape]
  const item = guessItem(header, cells, items)
  const named = guessHeader(header, shape)
  if (item && item.confidence >= (named?.confidence ?? 0)) return item
  return named ?? item ?? (shape ? byShape[shape] : { meaning: 'ignored', confidence: 0.5 })
}

/** « Nom » beside « Prénom » is the name of somebody. */
function withholdPeople(guesses: Guess[], header: readonly string[]): Guess[] {
  const folded = header.map(fold)
  if (!folded.some((one) => /\bprenoms?\b|\bfirst name\b/.test(one))) return guesses
  return guesses.map((guess, i) =>
    guess.meaning === 'name' && /^(nom|noms|nom usage|last name|nom de naissance|nom d usage)$/.test(folded[i]!)
      ? { meaning: 'personal', confidence: 0.9 }
      : guess,
  )
}

/** Of columns that only one can be, the surest keeps its meaning. */
function withoutDoubles(guesses: readonly Guess[]): Guess[] {
  return guesses.map((guess, i) => {
    if (repeated.has(guess.meaning)) return guess
    const rival = guesses.some(
      ({ meaning, confidence }, j) =>
        j !== i &&
        meaning === guess.meaning &&
        (confidence > guess.confidence || (confidence === guess.confidence && j < i)),
    )
    return rival ? { meaning: 'ignored', confidence: 0.5 } : guess
  })
}

/** Rows that a guess looks at. */
const sample = 200

/**
 * Guesses what each column of a file is, from its header and its cells. Columns with personal data (telephone, e-mail, name
 * of a person) are `personal`: they are not kept.
 * @param rows without the header, each as wide as it
 * @param items of the guide, those that a file can answer
 */
export function guessColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  items: readonly DeliveryItem[],
): Column[] {
  const answerable = items.filter(({ kind }) => cellKinds.has(kind))
  const seen = rows.slice(0, sample)
  const guesses = header.map((title, i) =>
    guessColumn(
      title,
      seen.map((row) => row[i] ?? ''),
      answerable,
    ),
  )
  return withoutDoubles(withholdPeople(guesses, header)).map(({ meaning, confidence }, i) => ({
    header: header[i]!,
    meaning,
    confidence: Math.round(confidence * 100) / 100,
  }))
}
