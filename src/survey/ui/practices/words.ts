import type { Lang } from '#platform/model'
import { practicesMessages } from '../../practices/messages.ts'
import type { ItemTrait } from '../../practices/model.ts'

interface Format {
  number: (value: number) => string
}

const unitOf = (unit: string, lang: Lang) => practicesMessages[lang].units[unit] ?? unit

/** What stands out of what was told: the usual choice with its number, or a mean; null where nothing may be given. */
export function standsOut({ choices, total }: ItemTrait, lang: Lang, format: Format): string | null {
  const t = practicesMessages[lang]
  if (total?.mean != null) return t.mean(`${format.number(total.mean)} ${unitOf(total.unit, lang)}`)
  const [usual] = choices.filter(({ count }) => count !== null && count > 0).sort((a, b) => b.count! - a.count!)
  return usual ? t.choice(usual.label[lang], format.number(usual.count!)) : null
}

/** The address of a practice's page, under the filters of the page that leads to it. */
export const practiceAddress = (item: string, filters: { territory?: string | null; sectors?: readonly string[] }) => {
  const parameters = new URLSearchParams()
  if (filters.territory) parameters.set('territory', filters.territory)
  if (filters.sectors && filters.sectors.length > 0) parameters.set('sector', filters.sectors.join(','))
  const text = parameters.toString()
  return text ? `/pratiques/${item}?${text}` : `/pratiques/${item}`
}
