import type { Mandate, Pack, StartAnswer } from '../../model.ts'
import type { Findable } from './find.ts'

/** In whose name somebody surveys: a body under a clause, or his own enterprise. */
export interface Speaker {
  /** The body's id, or `moi-SIRET`. */
  key: string
  body: string | null
  name: string
  /** End of the clause; null for one's own enterprise. */
  until: string | null
  mandate: Mandate | null
  /** SIRET of one's own enterprise. */
  own: string | null
}

export const speakersOf = ({ mandates, own }: StartAnswer): Speaker[] => [
  ...mandates.map((mandate) => ({
    key: mandate.body.id,
    body: mandate.body.id,
    name: mandate.body.name,
    until: mandate.until,
    mandate,
    own: null,
  })),
  ...own.map(({ siret, name }) => ({
    key: `moi-${siret}`,
    body: null,
    name,
    until: null,
    mandate: null,
    own: siret,
  })),
]

/** One's own enterprises as the search shows them. */
export const ownFindables = (start: StartAnswer | null): Findable[] =>
  (start?.own ?? []).map(({ siret, name }) => ({
    enterprise: {
      siret,
      name,
      commune: '',
      address: null,
      metier: null,
      sector: null,
      lon: null,
      lat: null,
      asked: null,
    },
    text: '',
    town: '',
    craft: '',
  }))

/** The code, the sector and the name of a craft, from any pack that knows it. */
export function craftOf(packs: readonly Pack[], metier: string | null) {
  const known = packs.flatMap(({ metiers }) => metiers).find(({ slug }) => slug === metier)
  return { metier, sector: known?.sector ?? null, label: known?.label ?? null }
}
