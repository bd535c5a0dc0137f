const zone = 'Europe/Paris'

/** The day of a moment in France: « 1er mars 2026 ». */
export const dayOf = (at: string, locale = 'fr-FR'): string =>
  new Date(at)
    .toLocaleDateString(locale, { dateStyle: 'long', timeZone: zone })
    .replace(/^1 (?=\p{L}+ \d{4}$)/u, locale === 'fr-FR' ? '1er ' : '1 ')

/** The last day before an end, which is not included: an end at midnight is said by the day before. */
export const lastDayOf = (at: string, locale?: string): string =>
  dayOf(new Date(Date.parse(at) - 1).toISOString(), locale)

/** Minutes that Paris is ahead of UTC at a moment. */
function offsetOf(at: number): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!.value
  const [, hours = '0', minutes = '0'] = /([+-]\d{2}):(\d{2})/.exec(name) ?? []
  return Number(hours) * 60 + Number(minutes)
}

/**
 * The moment at which a day (`2026-03-03`) begins in France, in ISO 8601; `plus` days later.
 * @returns null when the text is no day
 */
export function startOfDay(day: string, plus = 0): string | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  if (!year) return null
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(date))
  if (new Date(midnight).toISOString().slice(0, 10) !== day) return null
  const wanted = midnight + plus * 86_400_000
  return new Date(wanted - offsetOf(wanted - 3_600_000) * 60_000).toISOString()
}

/** The day of a moment in France as a form writes it: `2026-03-03`. */
export const isoDayOf = (at: string): string => new Date(at).toLocaleDateString('sv-SE', { timeZone: zone })

/** The last day before an end as a form writes it. */
export const isoLastDayOf = (at: string): string => isoDayOf(new Date(Date.parse(at) - 1).toISOString())
