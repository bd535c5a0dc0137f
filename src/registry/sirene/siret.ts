/** Luhn's sum of a number written in digits (ISO/IEC 7812-1), which a right SIREN or SIRET makes a multiple of 10. */
function luhnSum(digits: string): number {
  let sum = 0
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum
}

function digitSum(digits: string): number {
  let sum = 0
  for (let i = 0; i < digits.length; i++) sum += digits.charCodeAt(i) - 48
  return sum
}

const passes = (digits: string) => luhnSum(digits) % 10 === 0
/** La Poste has more establishments than Luhn allows: the sum of their digits is a multiple of 5 (Insee). */
const laPoste = '356000000'

const spaces = /[\s\u00a0\u202f]/g

export type SiretProblem =
  'siret.missing' | 'siret.scientific' | 'siret.leading_zeros' | 'siret.length' | 'siret.format' | 'siret.checksum'

/** A SIRET without the spaces that people write in it. */
export const compact = (text: string): string =>
  text.length === 14 || text.length === 9 ? text : text.replace(spaces, '')

/** Whether 14 digits are a SIRET. */
export function isSiret(digits: string): boolean {
  if (!/^\d{14}$/.test(digits) || digits.startsWith('000000000')) return false
  return passes(digits) || (digits.startsWith(laPoste) && digitSum(digits) % 5 === 0)
}

/** Whether 9 digits are a SIREN. */
export const isSiren = (digits: string): boolean => /^\d{9}$/.test(digits) && digits !== '000000000' && passes(digits)

/** Why a compact text is no SIRET; null when it is one. */
export function siretProblem(text: string): SiretProblem | null {
  if (isSiret(text)) return null
  if (text === '') return 'siret.missing'
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text)) return 'siret.scientific'
  if (!/^\d+$/.test(text)) return 'siret.format'
  if (text.length === 14) return 'siret.checksum'
  return text.length >= 10 && text.length < 14 && isSiret(text.padStart(14, '0'))
    ? 'siret.leading_zeros'
    : 'siret.length'
}
