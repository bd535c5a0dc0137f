const day = 86_400_000

/** The beginning of a text, which ends with no half of a character: a database keeps none. */
export const cut = (text: string, longest: number): string => text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')

/** ISO 8601 of a date of a sheet, which knows no zone: a day, a moment of a day, or an hour alone. */
function dateText(date: Date): string {
  // Hours are fractions of a day, and rarely whole seconds.
  const seconds = new Date(Math.round(date.getTime() / 1000) * 1000)
  const text = seconds.toISOString().slice(0, 19)
  if (seconds.getUTCFullYear() < 1900) return text.slice(11)
  return seconds.getTime() % day === 0 ? text.slice(0, 10) : text
}

/** A number without exponent, at the 15 figures that a spreadsheet keeps. */
function numberText(value: number): string {
  const kept = Number(value.toPrecision(15))
  if (Number.isInteger(kept)) return BigInt(kept).toString()
  const text = String(kept)
  return text.includes('e')
    ? kept
        .toFixed(20)
        .replace(/\.?0+$/, '')
        .replace(/^-0$/, '0')
    : text
}

/** Text of a cell: dates in ISO 8601, numbers plain, booleans `yes` and `no`. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : dateText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value) : ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}
