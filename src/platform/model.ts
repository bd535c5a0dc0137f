/** Languages of the pages, the default first. */
export const languages = ['fr', 'en'] as const
export type Lang = (typeof languages)[number]

/** The language of an address: `/en/…` is English, everything else French. */
export const langOf = (pathname: string): Lang => (/^\/en(\/|$)/.test(pathname) ? 'en' : 'fr')

/** An address of the site in a language, from its French form. */
export const localized = (lang: Lang, path: string): string =>
  lang === 'fr' ? path : path === '/' ? '/en' : `/en${path}`

/** The French form of an address. */
export const delocalized = (pathname: string): string => pathname.replace(/^\/en(?=\/|$)/, '') || '/'

/**
 * Text without accents, case or punctuation, for searches: « L’Étameur » → `l etameur`.
 * The same on both databases, which have no common collation.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

/** A stable part of an address from a name: « Pâtissier, pâtissière » → `patissier-patissiere`. */
export const slugify = (text: string): string => fold(text).replace(/ /g, '-')

/** Whether a text is a day that exists, as `2026-03-21`. */
export const isDay = (text: string): boolean =>
  /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)

const unbreakable = (text: string): string =>
  text
    .replace(/ (?=[:;?!»%])/g, '\u00a0')
    .replace(/« /g, '«\u00a0')
    .replace(/(\d) (?=\d{3}\b)/g, '$1\u202f')

/**
 * French messages with the unbreakable spaces of French typography (before `: ; ? ! » %`, after `«`, in numbers), so
 * that no line begins with a sign; messages that are functions are set as they answer.
 */
export function typeset<T>(messages: T): T {
  if (typeof messages === 'string') return unbreakable(messages) as T
  if (typeof messages === 'function') {
    const say = messages as unknown as (...args: unknown[]) => unknown
    return ((...args: unknown[]) => typeset(say(...args))) as T
  }
  if (Array.isArray(messages)) return messages.map((one: unknown) => typeset(one)) as T
  if (messages !== null && typeof messages === 'object')
    return Object.fromEntries(Object.entries(messages).map(([key, value]) => [key, typeset(value)])) as T
  return messages
}

/** Whether a text has the shape of an id (a UUID), so that the database can be asked for it. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
