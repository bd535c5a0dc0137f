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
