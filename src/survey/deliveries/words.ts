import { fold } from '#platform/model'

/**
 * Jaro's similarity of two strings, 0 to 1, with Winkler's bonus of 0.1 a letter for a common beginning of four letters
 * at most (W. E. Winkler, « String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model of Record
 * Linkage », 1990).
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const { matches, transpositions } = commonLetters(a, b)
  if (matches === 0) return 0
  const jaro = (matches / a.length + matches / b.length + (matches - transpositions) / matches) / 3
  let prefix = 0
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

/** Letters found in both within half the longer length, and how many of them come in another order. */
function commonLetters(a: string, b: string) {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken: boolean[] = []
  let found = ''
  for (let i = 0; i < a.length; i++) {
    const end = Math.min(b.length, i + reach + 1)
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (taken[j] || a[i] !== b[j]) continue
      taken[j] = true
      found += a[i]
      break
    }
  }
  const other = [...b].filter((_, j) => taken[j])
  const moved = other.filter((letter, i) => letter !== found[i]).length
  return { matches: found.length, transpositions: Math.floor(moved / 2) }
}

const setOf = (words: string) => new Set(words.split(' '))

const legalForms = setOf(
  'sarl sas sasu eurl eirl sa sci snc scs scop scic scea earl gaec ei selarl ets ste societe soc etablissement etablissements entreprise cie',
)
const articles = setOf('a au aux d de des du en et l la le les sur the and')

const partsOf = (text: string) => fold(text).split(' ').filter(Boolean)

/** Letters written one by one make one word: « S.A.R.L. » → `sarl`. */
function joinLetters(words: readonly string[]): string[] {
  const out: string[] = []
  let run = ''
  for (const word of [...words, '']) {
    if (/^[a-z]$/.test(word)) {
      run += word
      continue
    }
    if (run) out.push(run)
    run = ''
    if (word) out.push(word)
  }
  return out
}

/** The words that tell one enterprise from another: without legal form or articles, unless nothing else is left. */
export function nameWords(name: string): string[] {
  const words = joinLetters(partsOf(name))
  const own = words.filter((word) => !legalForms.has(word) && !articles.has(word))
  return own.length > 0 ? own : words
}

const shortened: Readonly<Record<string, string>> = {
  r: 'rue',
  av: 'avenue',
  ave: 'avenue',
  bd: 'boulevard',
  bld: 'boulevard',
  blvd: 'boulevard',
  boul: 'boulevard',
  rte: 'route',
  ch: 'chemin',
  che: 'chemin',
  chem: 'chemin',
  pl: 'place',
  imp: 'impasse',
  all: 'allee',
  crs: 'cours',
  sq: 'square',
  fg: 'faubourg',
  fbg: 'faubourg',
  qu: 'quai',
  pass: 'passage',
  ham: 'hameau',
  lot: 'lotissement',
  res: 'residence',
  qua: 'quartier',
  st: 'saint',
  ste: 'sainte',
  dr: 'docteur',
  gal: 'general',
  mal: 'marechal',
  pdt: 'president',
  pr: 'professeur',
  cdt: 'commandant',
  col: 'colonel',
}
const streetKinds = setOf(
  'rue avenue boulevard route chemin place impasse allee cours square faubourg quai passage hameau lotissement residence quartier lieu dit za zi zac zone artisanale industrielle bis ter bp cs',
)

export interface Street {
  /** Number in the street; null where there is none. */
  number: string | null
  /** Words of the street's own name, in full. */
  words: string[]
}

/** The number and the name of a street in an address: « 12 bis, av. du Gal Leclerc » → 12, general leclerc. */
export function streetOf(address: string): Street {
  const words = partsOf(address)
    .map((word) => shortened[word] ?? word)
    .filter((word) => !articles.has(word))
  const number = words.find((word) => /^\d{1,4}$/.test(word)) ?? null
  const own = words.filter((word) => !streetKinds.has(word) && !/^\d+$/.test(word))
  return { number, words: own.length > 0 ? own : words.filter((word) => !/^\d+$/.test(word)) }
}

/** A commune's name as it is compared: in full, without CEDEX or arrondissement. */
export const communeWords = (name: string): string =>
  partsOf(name.replace(/\bs\/\s*/gi, 'sur '))
    .map((word) => (word === 'st' ? 'saint' : word === 'ste' ? 'sainte' : word))
    .join(' ')
    .replace(/ cedex.*$/, '')
    .replace(/ \d{1,2}(er|e|eme)?( arrondissement)?$/, '')

/** How much each word tells, from how rare it is among names: log of its inverse frequency (K. Spärck Jones, 1972). */
export type Rarity = (word: string) => number

/** Words of trades, common in France even where a small file has them once. */
const common = setOf(
  'artisan artisanal artisanale artisans atelier auto automobile ateliers bar bati batiment beaute biere bieres boucherie boulangerie boulanger brasserie brasseries brasseur brasseurs brewery brewing chez charcuterie charpente coiffure compagnie construction couverture cuisine design electricite fils fleurs france freres garage garagiste habitat institut maconnerie maison menuiserie micro microbrasserie multiservices optique patisserie peinture pizza pizzeria plomberie pressing renovation restaurant salon service services taxi travaux',
)

/** Whether a word is one of a trade, which many names have. */
export const isCommon = (word: string): boolean => common.has(word)

/** @param names every name that will be compared, those of the file and those of the register */
export function rarityOf(names: readonly string[]): Rarity {
  const counts = new Map<string, number>()
  for (const name of names) for (const word of new Set(nameWords(name))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return (word) => Math.log(1 + Math.max(names.length, 1) / (counts.get(word) ?? 1)) * (common.has(word) ? 0.4 : 1)
}

/** Two words are the same but for a typing error, or one is the abbreviation of the other. */
function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 3 && long.startsWith(short)) return 0.92
  if (/\d/.test(a) || /\d/.test(b)) return 0
  const similarity = jaroWinkler(a, b)
  // Below, other words: « lac » and « parc ».
  return short.length > 3 && similarity >= 0.86 ? similarity : 0
}

/** The share of the words of `a`, by what they tell, that `b` has too (soft TF-IDF: Cohen, Ravikumar, Fienberg, 2003). */
function coverage(a: readonly string[], b: readonly string[], rarity: Rarity): number {
  let [found, total] = [0, 0]
  for (const word of a) {
    const weight = rarity(word)
    total += weight
    found += weight * Math.max(0, ...b.map((other) => wordSimilarity(word, other)))
  }
  return total === 0 ? 0 : found / total
}

/** Common pairs of letters, twice over all pairs (Dice): bears spaces in the wrong place. */
function pairSimilarity(a: string, b: string): number {
  const pairs = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))
  const [left, right] = [pairs(a), pairs(b)]
  const rest = [...right]
  let common = 0
  for (const pair of left) {
    const at = rest.indexOf(pair)
    if (at < 0) continue
    rest.splice(at, 1)
    common++
  }
  return left.length + right.length === 0 ? 0 : (2 * common) / (left.length + right.length)
}

export interface NameLikeness {
  /** 0 to 1. */
  similarity: number
  /** One name is whole inside the other, which says more. */
  inside: boolean
}

/** How alike two lists of words are, rare words counting more. */
export function likeness(a: readonly string[], b: readonly string[], rarity: Rarity): NameLikeness {
  if (a.length === 0 || b.length === 0) return { similarity: 0, inside: false }
  const [left, right] = [a.join(''), b.join('')]
  if (left === right) return { similarity: 1, inside: false }
  const [one, other] = [coverage(a, b, rarity), coverage(b, a, rarity)]
  // A space too many makes other words of the same letters.
  const pairs = a.length === b.length ? 0 : pairSimilarity(left, right)
  return { similarity: Math.max((one + other) / 2, pairs >= 0.9 ? pairs : 0), inside: Math.max(one, other) >= 0.97 }
}
