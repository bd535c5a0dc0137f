import { fold } from '#platform/model'
import { isSiret } from '#accounts/model'
import type { Answer, Value } from '#statements/model'
import { cut } from '../tables/cells.ts'
import type { DeliveryItem } from './model.ts'
import { jaroWinkler } from './words.ts'

const said: Readonly<Record<Answer, readonly string[]>> = {
  yes: ['oui', 'o', 'yes', 'y', 'vrai', 'true', '1', 'x', 'ok', 'fait', 'toujours', 'souvent'],
  no: ['non', 'n', 'no', 'faux', 'false', '0', 'jamais', 'pas du tout'],
  partly: ['partly', 'en partie', 'partiellement', 'partiel', 'parfois', 'un peu', 'en cours', 'rarement'],
  unknown: ['unknown', 'ne sait pas', 'nsp', 'sans reponse', 'inconnu', 'je ne sais pas', 'don t know', 'na', 'n a'],
}
const answerOf = new Map(
  Object.entries(said).flatMap(([answer, words]) => words.map((word) => [word, answer as Answer] as const)),
)

/** What a cell says of an item: a value, or why it is none; null when it is empty. */
export type CellValue = { value: Value } | { problem: string } | null

const problem = (message: string): CellValue => ({ problem: message })

/** What stands for nothing in files. */
const blank = /^(|-|–|—|\/|\.|#n\/a|null|néant|neant)$/i
export const isBlank = (text: string): boolean => blank.test(text.trim())

function readAnswer(text: string): CellValue {
  if (/^[✓✔☑]$/.test(text)) return { value: { kind: 'answer', answer: 'yes' } }
  const answer = answerOf.get(fold(text))
  if (answer) return { value: { kind: 'answer', answer } }
  return problem(`« ${cut(text, 40)} » : écrivez oui, non, en partie ou ne sait pas.`)
}

/** A number as people type it, its unit or a « % » after it: « 3,5 km », « 1 200 ». */
function readNumber(text: string, unit: string): CellValue {
  const [, digits] = /^([-−]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)\s*[^\d\s]{0,12}$/.exec(text) ?? []
  const number = digits
    ? Number(
        digits
          .replace(/[\s\u00a0\u202f]/g, '')
          .replace(',', '.')
          .replace('−', '-'),
      )
    : Number.NaN
  if (Number.isFinite(number)) return { value: { kind: 'number', number, unit } }
  return problem(`« ${cut(text, 40)} » n’est pas un nombre.`)
}

function readChoice(text: string, { choices = [] }: DeliveryItem): CellValue {
  const folded = fold(text)
  const names = ({ id, label }: (typeof choices)[number]) => [id, label.fr, label.en].map(fold)
  const exact = choices.find((one) => names(one).includes(folded))
  const close = choices.filter((one) => names(one).some((name) => jaroWinkler(name, folded) >= 0.93))
  const found = exact ?? (close.length === 1 ? close[0] : undefined)
  if (found) return { value: { kind: 'choice', choice: found.id } }
  return problem(`« ${cut(text, 40)} » n’est pas dans la liste : ${choices.map(({ label }) => label.fr).join(', ')}.`)
}

function readText(text: string): CellValue {
  const value = text.normalize('NFC').replaceAll('\0', '')
  return value.length > 2000 ? problem('Ce texte dépasse 2 000 caractères.') : { value: { kind: 'text', text: value } }
}

function readEnterprise(text: string): CellValue {
  const siret = text.replace(/\D/g, '')
  return isSiret(siret) ? { value: { kind: 'enterprise', siret } } : problem(`« ${cut(text, 40)} » n’est pas un SIRET.`)
}

/** Characters of a cell that answers by a word or a number. */
const longest = 200

/** Reads a cell as the answer to an item of the guide. */
export function readCell(item: DeliveryItem, cell: string): CellValue {
  const text = cell.trim()
  if (isBlank(text)) return null
  if (item.kind === 'text') return readText(text)
  if (text.length > longest) return problem(`« ${cut(text, 40)}… » est trop long pour cette question.`)
  if (item.kind === 'answer') return readAnswer(text)
  if (item.kind === 'number') return readNumber(text, item.unit ?? '')
  if (item.kind === 'choice') return readChoice(text, item)
  if (item.kind === 'enterprise') return readEnterprise(text)
  return problem('Cette question demande une photo, un lieu ou une personne : elle ne se remplit pas par un fichier.')
}

/** A day as files write it, in ISO 8601: `2026-03-21`, `21/03/2026`, `21.3.26`, or a spreadsheet's number of days. */
export function readDay(cell: string): string | null {
  const text = cell.trim()
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?$/.exec(text)
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)$/.exec(text)
  if (french) {
    const year = Number(french[3])
    return dayOf(year < 100 ? 2000 + year : year, Number(french[2]), Number(french[1]))
  }
  // Days since 30 December 1899, from 1954 to 2064 (ECMA-376, 18.17.4).
  if (!/^[2-5]\d{4}$/.test(text)) return null
  return new Date(Date.UTC(1899, 11, 30) + Number(text) * 86_400_000).toISOString().slice(0, 10)
}

function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.toISOString().slice(0, 10)
}
