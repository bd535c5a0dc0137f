import type { Mode } from '../../model.ts'

/** What the phone shows; each has its address after the `#`, so that Back and a reload find it again. */
export type Screen =
  | { name: 'home' }
  | { name: 'find'; mode: Mode }
  | { name: 'create'; mode: Mode }
  /** Before a visit, when there is something to say first: who asked this enterprise lately. */
  | { name: 'before'; mode: Mode; siret: string }
  | { name: 'visit'; visit: string }
  | { name: 'section'; visit: string; section: string }
  | { name: 'question'; visit: string; item: string }
  | { name: 'consent'; visit: string }
  | { name: 'others'; visit: string }
  | { name: 'group'; visits: string[]; item: string | null }

const modeWords: Record<Mode, string> = { full: 'complete', short: 'deux-minutes', group: 'a-plusieurs' }
const modeOf = (word: string | undefined): Mode =>
  (Object.keys(modeWords) as Mode[]).find((mode) => modeWords[mode] === word) ?? 'full'

/** The address of a screen, from its `#`. */
export function hashOf(screen: Screen): string {
  switch (screen.name) {
    case 'home':
      return '#/'
    case 'find':
      return `#/chercher/${modeWords[screen.mode]}`
    case 'create':
      return `#/creer/${modeWords[screen.mode]}`
    case 'before':
      return `#/entreprise/${screen.siret}/${modeWords[screen.mode]}`
    case 'visit':
      return `#/visite/${screen.visit}`
    case 'section':
      return `#/visite/${screen.visit}/partie/${screen.section}`
    case 'question':
      return `#/visite/${screen.visit}/question/${screen.item}`
    case 'consent':
      return `#/visite/${screen.visit}/accord`
    case 'others':
      return `#/visite/${screen.visit}/autres`
    case 'group':
      return `#/groupe/${screen.visits.join('+')}${screen.item ? `/${screen.item}` : ''}`
  }
}

function visitScreen(visit: string, part: string | undefined, id: string | undefined): Screen {
  if (part === 'partie' && id) return { name: 'section', visit, section: id }
  if (part === 'question' && id) return { name: 'question', visit, item: id }
  if (part === 'accord') return { name: 'consent', visit }
  if (part === 'autres') return { name: 'others', visit }
  return { name: 'visit', visit }
}

/** The screen of an address; home when nothing is known of it. */
export function screenOf(hash: string): Screen {
  const [first, second, third, fourth] = hash.replace(/^#\/?/, '').split('/')
  if (first === 'chercher') return { name: 'find', mode: modeOf(second) }
  if (first === 'creer') return { name: 'create', mode: modeOf(second) }
  if (first === 'entreprise' && second) return { name: 'before', siret: second, mode: modeOf(third) }
  if (first === 'visite' && second) return visitScreen(second, third, fourth)
  if (first === 'groupe' && second) return { name: 'group', visits: second.split('+'), item: third ?? null }
  return { name: 'home' }
}
