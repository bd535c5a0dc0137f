/** A code of commune as declared: five characters, Corsica and overseas included. */
export const isCommuneCode = (text: string): boolean => /^(?:\d\d|2[AB])\d{3}$/.test(text) && !isForeign(text)

/** Insee's codes of foreign countries, 99 and three digits, sometimes given as a commune. */
export const isForeign = (text: string): boolean => /^99\d{3}$/.test(text)

export const isPostcode = (text: string): boolean => /^\d{5}$/.test(text)

const departementOfCommune = (commune: string): string =>
  /^9[78]/.test(commune) ? commune.slice(0, 3) : commune.slice(0, 2)

/** Corsican postcodes still start with 20; overseas ones with the three digits of the department, but for two islands. */
function departementOfPostcode(postcode: string): string {
  if (/^20[01]/.test(postcode)) return '2A'
  if (/^20[2-9]/.test(postcode)) return '2B'
  if (postcode === '97133') return '977'
  if (postcode === '97150') return '978'
  return departementOfCommune(postcode)
}

/** The département of a place, by its commune, else by its postcode; null when neither tells. */
export function departementOf(commune: string, postcode: string): string | null {
  if (isCommuneCode(commune)) return departementOfCommune(commune)
  return isPostcode(postcode) ? departementOfPostcode(postcode) : null
}
