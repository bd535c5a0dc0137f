import { fold } from '#platform/model'
import { seasonDays, type Pack, type PackEnterprise } from '../../model.ts'

/** An enterprise of a pack with the text that is searched, made once. */
export interface Findable {
  enterprise: PackEnterprise
  text: string
  town: string
  craft: string
}

/** The enterprises of packs, each once, ready to be searched. Crafts are named in the page's language. */
export function findableOf(packs: readonly Pack[], lang: 'fr' | 'en'): Findable[] {
  const seen = new Map<string, Findable>()
  for (const pack of packs) {
    const towns = new Map(pack.communes.map(({ code, name }) => [code, name]))
    const crafts = new Map(pack.metiers.map(({ slug, label }) => [slug, label[lang]]))
    for (const enterprise of pack.enterprises) {
      const town = towns.get(enterprise.commune) ?? enterprise.commune
      const craft = crafts.get(enterprise.metier ?? '') ?? ''
      const text = ` ${fold(`${enterprise.name ?? ''} ${town} ${craft} ${enterprise.address ?? ''}`)} ${enterprise.siret}`
      seen.set(enterprise.siret, { enterprise, text, town, craft })
    }
  }
  return [...seen.values()]
}

/**
 * Enterprises that hold every word of a query, at the start of a word of their name, commune, craft or address, accents
 * and case aside; digits are sought in the SIRET. Names that begin with the query come first.
 */
export function find(all: readonly Findable[], query: string, limit: number): Findable[] {
  const words = /^[\d\s]+$/.test(query) ? [query.replace(/\s/g, '')] : fold(query).split(' ')
  const wanted = words.filter(Boolean)
  if (wanted.length === 0) return []
  const head = ` ${wanted.join(' ')}`
  const hits = all.filter(({ text }) => wanted.every((word) => text.includes(` ${word}`)))
  const first = hits.filter(({ text }) => text.startsWith(head))
  return [...first, ...hits.filter(({ text }) => !text.startsWith(head))].slice(0, limit)
}

/** Whether an artisan was asked within the season, so that asking again needs a reason. `today`: ISO 8601 moment. */
export const askedLately = (asked: PackEnterprise['asked'], today: string): boolean =>
  asked !== null && Date.parse(today) - Date.parse(asked.on) < seasonDays * 86_400_000

const byName = new Intl.Collator('fr').compare
const lastOfAll = '\uffff'

/** Those never asked first, then those asked longest ago; by name within. What a surveyor looks at before typing anything. */
export const byNeed = (all: readonly Findable[]): Findable[] =>
  all.toSorted(({ enterprise: a }, { enterprise: b }) => {
    const [before, after] = [a.asked?.on ?? '', b.asked?.on ?? '']
    return before < after ? -1 : before > after ? 1 : byName(a.name ?? lastOfAll, b.name ?? lastOfAll)
  })
