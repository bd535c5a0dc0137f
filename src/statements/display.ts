import type { Lang } from '#platform/model'
import { statementsMessages } from './messages.ts'
import type { Label, Side, Value } from './model.ts'

/** One date of EDTF in words: « vers 1950 », « années 1950 »; as it is where there are no usual words. */
function displayDate(date: string, lang: Lang): string {
  const t = statementsMessages[lang]
  if (/^\d{4}~$/.test(date)) return t.about(date.slice(0, 4))
  if (/^\d{4}\?$/.test(date)) return t.perhaps(date.slice(0, 4))
  if (/^\d{3}X$/.test(date)) return t.decade(`${date.slice(0, 3)}0`)
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return date
  return new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(date),
  )
}

function displayPeriod(period: string, lang: Lang): string {
  const t = statementsMessages[lang]
  const [from, to] = period.split('/') as [string, string | undefined]
  if (to === undefined) return displayDate(from, lang)
  if (to === '' || to === '..') return t.since(displayDate(from, lang))
  return from === '' || from === '..'
    ? t.until(displayDate(to, lang))
    : t.fromTo(displayDate(from, lang), displayDate(to, lang))
}

/**
 * A value in the words of a language.
 * @param choices labels of a choice
 */
export function displayValue(value: Value, lang: Lang, choices: ReadonlyMap<string, Label> = new Map()): string {
  const t = statementsMessages[lang]
  const number = new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 6 })
  switch (value.kind) {
    case 'answer':
      return t.answers[value.answer]
    case 'number':
      return `${number.format(value.number)} ${t.units[value.unit] ?? value.unit}`.trim()
    case 'choice':
      return choices.get(value.choice)?.[lang] ?? value.choice
    case 'text':
      return value.text
    case 'place':
      return `${number.format(value.lat)} ; ${number.format(value.lon)} (${t.qualities[value.quality]})`
    case 'period':
      return displayPeriod(value.period, lang)
    case 'enterprise':
      return value.siret
    case 'person':
      return value.person
    case 'file':
      return value.file
  }
}

/** Who is on a side, in words: « la Chambre de métiers, l’artisan et 2 habitants ». */
export function displaySources(
  side: Pick<Side, 'bodies' | 'subject' | 'register' | 'citizens'>,
  names: ReadonlyMap<string, string>,
  lang: Lang,
): string {
  const t = statementsMessages[lang]
  const sources = [
    ...side.bodies.map((id) => names.get(id) ?? t.unknownBody),
    ...(side.subject ? [t.subject] : []),
    ...(side.register ? [t.register] : []),
    ...(side.citizens > 0 ? [t.citizens(side.citizens)] : []),
  ]
  return new Intl.ListFormat(lang, { type: 'conjunction' }).format(sources)
}
