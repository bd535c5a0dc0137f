import { getContext, setContext } from 'svelte'
import { localized, type Lang } from '#platform/model'

const key = Symbol('lang')

/** Gives the page's language to every component below. */
export const setLang = (lang: () => Lang) => setContext(key, lang)

/** The language of the page that a component is in. */
export const getLang = (): Lang => (getContext(key) as (() => Lang) | undefined)?.() ?? 'fr'

/** Makes addresses of the site in the page's language. */
export const getHref = () => {
  const lang = getLang()
  return (path: string) => localized(lang, path)
}

/** Numbers, shares and dates as the language writes them. */
export const getFormat = () => {
  const locale = getLang() === 'fr' ? 'fr-FR' : 'en-GB'
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Paris' })
  return {
    number: (value: number) => number.format(value),
    /** With one decimal, always, so that a column of figures lines up. */
    decimal: (value: number) => decimal.format(value),
    share: (value: number) => share.format(value),
    date: (value: string) => date.format(new Date(value)),
    /** Day and hour, as the clocks of France tell it. */
    moment: (value: string) => moment.format(new Date(value)),
  }
}
