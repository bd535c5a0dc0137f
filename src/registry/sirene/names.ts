import { fold } from '#platform/model'
import { isWithheld } from './cells.ts'

/** The names of a sole trader, folded, in every form in which a sign may carry them. */
export interface Holder {
  /** Hide a sign where they are a word of it. */
  words: ReadonlySet<string>
  /** Of four letters or more: hide a sign wherever they are in it. */
  fragments: readonly string[]
  /** Hide a sign that spells them: « J. D. ». */
  initials: ReadonlySet<string>
}

/** Words too common to be taken for a name when the name has others, or for initials. */
const particles = new Set(
  'a al au aux ben d da de del della des di do dos du e el en et l la le les ma mon on ou sa se st un une van von y'.split(
    ' ',
  ),
)

/** Stand-ins that publishers of samples put in place of names, which must not be shown as names. */
const isMask = (text: string): boolean => /\b(?:PRE)?NOM[ -]?\d+\b|X{5,}|^X{3,}$/i.test(text)

const isKnown = (name: string): boolean => name !== '' && !isWithheld(name) && !/^x{3,}$/i.test(name)

/** The words by which a name is recognised: all but particles, and the whole name in one word. */
function wordsOf(name: string): string[] {
  const words = fold(name).split(' ').filter(Boolean)
  const own = words.filter((word) => !particles.has(word))
  return [...(own.length > 0 ? own : words), words.join('')]
}

const allWords = (names: readonly string[]): string[] => [
  ...new Set(names.filter(isKnown).flatMap(wordsOf).filter(Boolean)),
]

/** Given and family names joined in one word, whole or with an initial: jeandupont, dupontjean, jdupont, dupontj. */
function joinedForms(family: readonly string[], given: readonly string[]): string[] {
  return family.flatMap((f) => given.flatMap((g) => [g + f, f + g, g[0]! + f, f + g[0]!]))
}

/** Initials of given names then family name, and the reverse: jd, jpd, dj. */
function initialsOf(family: readonly string[], given: readonly string[]): string[] {
  const firsts = given.map((name) => name[0]!)
  const runs = firsts.map((_, count) => firsts.slice(0, count + 1).join(''))
  return family.flatMap((f) => [f[0]! + firsts[0]!, ...runs.map((run) => run + f[0]!)])
}

/** The holder of a sole trade; null when the family name or the given name is not known. */
export function holderOf(familyNames: readonly string[], givenNames: readonly string[]): Holder | null {
  const family = allWords(familyNames)
  const given = allWords(givenNames)
  if (family.length === 0 || given.length === 0) return null
  const forms = new Set([...family, ...given, ...joinedForms(family, given)])
  const firstNames = new Set(givenNames.filter(isKnown).flatMap((name) => fold(name).split(' ')))
  const initials = initialsOf(family, [...firstNames].filter(Boolean))
  const asWords = initials.filter((word) => !particles.has(word))
  return {
    words: new Set([...forms, ...asWords].filter((form) => form.length >= 2)),
    fragments: [...forms].filter((form) => form.length >= 4),
    initials: new Set(initials),
  }
}

/** Letters written one by one make one word: « J. D. Coiffure » has the word `jd`. */
function joinLetters(words: readonly string[]): string[] {
  const runs = words.map((word) => (word.length === 1 ? word : ' ')).join('')
  return runs.split(' ').filter((run) => run.length >= 2)
}

/** Whether a sign carries its holder's name, as a word, joined to others, hyphenated, spelt out or by its initials. */
export function carriesName(sign: string, holder: Holder): boolean {
  const words = fold(sign).split(' ').filter(Boolean)
  if (words.length === 0) return true
  if (words.some((word) => holder.words.has(word))) return true
  if (joinLetters(words).some((run) => holder.words.has(run) || holder.initials.has(run))) return true
  const joined = words.join('')
  return holder.fragments.some((fragment) => joined.includes(fragment))
}

const isShown = (name: string): boolean => name !== '' && !isWithheld(name) && !isMask(name)

/** The first name that a legal person may be shown under. */
export const publicName = (names: readonly string[]): string | null => names.find(isShown) ?? null

/** The first sign of a sole trader that does not carry the holder's name; null when the holder is not known. */
export function publicSign(signs: readonly string[], holder: Holder | null): string | null {
  return holder ? (signs.find((sign) => isShown(sign) && !carriesName(sign, holder)) ?? null) : null
}
