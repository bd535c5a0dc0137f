/** Validity of an enterprise's code, in days. */
export const codeDays = 60

/** Letters and digits that are not taken for one another, read aloud or written by hand. */
export const codeAlphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
export const codeLength = 12

/** A code in groups of four, as it is printed: `ABCD-EFGH-JKMN`. */
export const groupCode = (code: string): string => code.match(/.{1,4}/g)?.join('-') ?? ''

/** A code as it was typed, without spaces, dashes or case; null when it cannot be one. */
export function readCode(text: string): string | null {
  const code = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return code.length === codeLength && [...code].every((one) => codeAlphabet.includes(one)) ? code : null
}

const sumOf = (digits: string, weigh: (digit: number, place: number) => number) =>
  [...digits].reduce((sum, digit, place) => sum + weigh(Number(digit), place), 0)

/**
 * Whether a text is a SIRET by its checksum (Luhn; La Poste's establishments have their own, a sum that 5 divides:
 * Insee, « Numéro SIRET »).
 */
export function isSiret(text: string): boolean {
  if (!/^\d{14}$/.test(text)) return false
  const luhn = sumOf(text, (digit, place) => (place % 2 === 1 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit))
  return luhn % 10 === 0 || (text.startsWith('356000000') && sumOf(text, (digit) => digit) % 5 === 0)
}

/** A SIRET as it is read: `732 829 320 00074`. */
export const groupSiret = (siret: string): string => siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1 $2 $3 $4')
