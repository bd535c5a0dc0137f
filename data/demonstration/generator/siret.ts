/** Digit that makes the Luhn sum of a number a multiple of 10. */
function luhnKey(digits: string): number {
  const sum = [...digits].toReversed().reduce((total, character, i) => {
    const value = Number(character) * (i % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return (10 - (sum % 10)) % 10
}

const withKey = (digits: string) => `${digits}${luhnKey(digits)}`

/** Largest rank of a SIREN. */
export const lastRank = 999

/**
 * A SIREN that passes the checksum and is nobody's: it starts with 00000. Insee gave a few that start with 000; the
 * lowest seen in public registers are 000 199 968 (trade and companies) and 000 325 175 (Sirene).
 * @param rank from 1 to `lastRank`
 */
export function sirenOf(rank: number): string {
  if (rank < 1 || rank > lastRank) throw new Error(`No SIREN has the rank ${rank}`)
  return withKey(String(rank).padStart(8, '0'))
}

/** @param establishment its number in the enterprise, from 1 */
export const siretOf = (siren: string, establishment: number): string =>
  withKey(siren + String(establishment).padStart(4, '0'))
