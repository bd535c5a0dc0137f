import { fold } from '#platform/model'
import type { MetierRecord } from '../crafts/nomenclature.ts'

interface Phrase {
  /** Stems of the words that count. */
  words: string[]
  weight: number
}
/** Crafts with the phrases that find them. */
export type MetierIndex = { metier: MetierRecord; phrases: Phrase[] }[]

const emptyWords = new Set('a an and au aux d de des du en et for l la le les of ou sur the un une'.split(' '))

/** Feminine endings and what the masculine has in their place, longest first; on folded words. */
const feminines: [RegExp, string][] = [
  [/trices?$/, 'teur'],
  [/euses?$/, 'eur'],
  [/ieres?$/, 'ier'],
  [/eres?$/, 'er'],
  [/ennes?$/, 'en'],
  [/onnes?$/, 'on'],
]

/** What « boulangère », « boulangers » and « boulanger » have in common. */
export function stemOf(word: string): string {
  if (word.length < 4) return word
  for (const [ending, masculine] of feminines)
    if (word.length > 5 && ending.test(word)) return word.replace(ending, masculine)
  return word.replace(/[sx]$/, '').replace(/e$/, '')
}

const wordsOf = (text: string): string[] =>
  fold(text)
    .split(' ')
    .filter((word) => word !== '' && !emptyWords.has(word))
    .map(stemOf)

/** Prepares crafts for the search: labels first, then the words that people use, then families and definitions. */
export function createMetierIndex(metiers: MetierRecord[]): MetierIndex {
  return metiers.map((metier) => {
    const phrase = (weight: number) => (text: string) => ({ words: wordsOf(text), weight })
    const phrases = [
      ...[metier.label.fr, metier.label.en].map(phrase(1)),
      ...[metier.plural.fr, metier.slug, ...metier.synonyms.fr, ...metier.synonyms.en].map(phrase(0.95)),
      ...[metier.familyLabel.fr, metier.familyLabel.en].map(phrase(0.6)),
      ...[metier.definition.fr, metier.definition.en].map(phrase(0.5)),
    ]
    return { metier, phrases }
  })
}

/**
 * Number of typing errors between two words: a letter added, dropped, replaced, or swapped with the next one (optimal
 * string alignment, Boytsov 2011); `most + 1` as soon as there are more than `most`.
 */
export function errorsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let [before, previous] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      current.push(least)
    }
    if (Math.min(...current) > most) return most + 1
    ;[before, previous] = [previous, current]
  }
  return Math.min(previous[b.length]!, most + 1)
}

/** How many errors a word of a length may hold: none in a short one, where each makes another word. */
const allowedErrors = (length: number) => (length < 4 ? 0 : length < 7 ? 1 : 2)

function likeness(asked: string, word: string): number {
  if (asked === word) return 1
  if (asked.length >= 3 && word.startsWith(asked)) return 0.8 + (0.1 * asked.length) / word.length
  const most = allowedErrors(Math.min(asked.length, word.length))
  const errors = most === 0 ? 1 : errorsBetween(asked, word, most)
  return errors > most ? 0 : 0.8 - 0.15 * errors
}

/** From 0 to 1: every word asked must be in the phrase; a phrase that says only that is the best. */
function phraseScore(asked: string[], phrase: Phrase): number {
  let sum = 0
  for (const one of asked) {
    const best = phrase.words.reduce((most, word) => Math.max(most, likeness(one, word)), 0)
    if (best === 0) return 0
    sum += best
  }
  const share = Math.min(1, asked.length / phrase.words.length)
  return phrase.weight * (sum / asked.length) * (0.9 + 0.1 * share)
}

/** The best phrase; else, for less, words found in several phrases (« ébéniste restaurateur »). */
function score(asked: string[], phrases: Phrase[]): number {
  const whole = phrases.reduce((most, one) => Math.max(most, phraseScore(asked, one)), 0)
  if (whole > 0 || asked.length === 1) return whole
  const parts = asked.map((word) => phrases.reduce((most, one) => Math.max(most, phraseScore([word], one)), 0))
  return parts.includes(0) ? 0 : (0.8 * parts.reduce((sum, part) => sum + part, 0)) / parts.length
}

/** Crafts that a text may mean, the likeliest first, in spite of accents, inflections and typing errors. */
export function searchMetierIndex(index: MetierIndex, text: string, limit: number): MetierRecord[] {
  const asked = wordsOf(text).slice(0, 8)
  if (asked.length === 0) return []
  const found = index
    .map(({ metier, phrases }) => ({ metier, score: score(asked, phrases) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
  const least = (found[0]?.score ?? 0) * 0.7
  return found
    .filter((one) => one.score >= least)
    .slice(0, limit)
    .map((one) => one.metier)
}
