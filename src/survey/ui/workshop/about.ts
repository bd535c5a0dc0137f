import type { Pack } from '../../model.ts'
import type { Findable } from './find.ts'
import { craftOf } from './speakers.ts'
import type { Visit } from './visits.ts'

/** What the screens say of the enterprise of a visit. */
export interface About {
  name: string
  place: string
  trade: string
  /** Null for an enterprise that the register does not know. */
  siret: string | null
  craft: { sector: string | null; metier: string | null }
}

interface Known {
  packs: readonly Pack[]
  findable: (siret: string) => Findable | null
  lang: 'fr' | 'en'
  unnamed: string
}

/** The name of an enterprise; where it is not published, what tells it from its neighbours. */
export const nameIn = ({ enterprise: { name, address }, craft }: Findable, unnamed: string): string =>
  name ?? ([craft, address].filter(Boolean).join(', ') || unnamed)

const townOf = (packs: readonly Pack[], code: string) =>
  packs.flatMap(({ communes }) => communes).find((one) => one.code === code)?.name ?? code

/** Whom a visit is about, from what this device knows. */
export function describe({ open, prospect }: Visit, { packs, findable, lang, unnamed }: Known): About {
  if ('prospect' in open.target) {
    const { label, ...craft } = craftOf(packs, prospect?.metier ?? null)
    const place = prospect ? townOf(packs, prospect.commune) : ''
    return { name: prospect?.name ?? unnamed, place, trade: label?.[lang] ?? '', siret: null, craft }
  }
  const { siret } = open.target
  const known = findable(siret)
  const { sector = null, metier = null } = known?.enterprise ?? {}
  return {
    name: known ? nameIn(known, unnamed) : siret,
    place: known?.town ?? '',
    trade: known?.craft ?? '',
    siret,
    craft: { sector, metier },
  }
}
