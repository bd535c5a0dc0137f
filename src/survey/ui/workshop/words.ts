import type { Value } from '#statements/model'
import type { GuideItem, Pack } from '../../model.ts'
import type { WorkshopMessages } from './messages.ts'

/** A number as people type it, « 3,5 » or « 3.5 »; null when it is none. */
export function numberOf(text: string): number | null {
  const plain = text.trim().replace(/\s/g, '').replace(',', '.').replace('−', '-')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null
}

/** Degrees as people type them; null when they are none, or too far. */
export function degreesOf(text: string, most: 90 | 180): number | null {
  const degrees = numberOf(text)
  return degrees === null || Math.abs(degrees) > most ? null : Math.round(degrees * 1e6) / 1e6
}

interface Saying {
  t: Pick<WorkshopMessages, 'answers' | 'photo' | 'sound' | 'units'>
  lang: 'fr' | 'en'
  /** The name of an enterprise, where it is known here. */
  nameOf: (siret: string) => string
}

/** A value in a few words, for lists and for what is read aloud. */
export function wordsOf(value: Value, item: GuideItem | undefined, { t, lang, nameOf }: Saying): string {
  const decimal = new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 5 })
  switch (value.kind) {
    case 'answer':
      return t.answers[value.answer]
    case 'number':
      return `${decimal.format(value.number)} ${t.units[value.unit] ?? value.unit}`
    case 'choice':
      return item?.choices?.find(({ id }) => id === value.choice)?.label[lang] ?? value.choice
    case 'text':
      return value.text
    case 'place':
      return `${decimal.format(value.lat)} ; ${decimal.format(value.lon)}`
    case 'period':
      return value.period
    case 'enterprise':
      return nameOf(value.siret)
    case 'person':
      return value.person
    case 'file':
      return item?.media === 'sound' ? t.sound.one : t.photo.one
  }
}

/** What a pack weighs once written, about. Its text is nearly all of it. */
export function sizeOf(pack: Pack, number: (value: number) => string): string {
  const bytes = new Blob([JSON.stringify(pack)]).size
  return bytes < 1e6 ? `${number(Math.max(1, Math.round(bytes / 1e3)))} ko` : `${number(bytes / 1e6)} Mo`
}
