/** The four sectors of French craft trades (food, building, making, services). */
export const sectors = ['food', 'building', 'making', 'services'] as const
export type Sector = (typeof sectors)[number]

/**
 * Which rule says that a unit is a craft: its APRM code (the trades register's own), else the NAF prefixes of the
 * annex of décret 98-247 (`naf_partial`: the décret keeps only a part of that NAF code), else none.
 */
export const craftRules = ['aprm', 'naf', 'naf_partial', 'none'] as const
export type CraftRule = (typeof craftRules)[number]

/** How precise a position is; `commune` is a commune's centroid, never an address. */
export const positionQualities = ['address', 'street', 'commune', 'none'] as const
export type PositionQuality = (typeof positionQualities)[number]

/** Insee's staff bands, smallest first; `NN` is a unit without employees in the year of reference. */
export const employeeBands = [
  'NN',
  '00',
  '01',
  '02',
  '03',
  '11',
  '12',
  '21',
  '22',
  '31',
  '32',
  '41',
  '42',
  '51',
  '52',
  '53',
] as const
export type EmployeeBand = (typeof employeeBands)[number]

/** Orders of a list of establishments; those without a known date of creation come last. */
export const establishmentSorts = ['name', 'newest', 'oldest'] as const
export type EstablishmentSort = (typeof establishmentSorts)[number]

export type EstablishmentState = 'open' | 'closed'

/** `partial`: the holder opposed diffusion (status P, N or `[ND]`): no name, no address, ever. */
export type Diffusion = 'full' | 'partial'

/** A validated query on establishments: the same for lists, maps, tables, API and exports. */
export interface EstablishmentQuery {
  territory: string | null
  sectors: Sector[]
  metiers: string[]
  employees: EmployeeBand[]
  createdFrom: number | null
  createdTo: number | null
  q: string
  /** Id of a layer: enterprises that share something which another capability knows. */
  layer: string | null
  bbox: [number, number, number, number] | null
  /** `craft`: crafts alone; `all`: every imported unit. */
  craft: 'craft' | 'all'
  state: EstablishmentState | 'all'
}

export interface Bilingual {
  fr: string
  en: string
}

/** A craft of the tree (sector → family → craft), with the register codes that mean it. */
export interface MetierRecord {
  slug: string
  sector: Sector
  family: string
  familyLabel: Bilingual
  label: Bilingual
  plural: Bilingual
  definition: Bilingual
  /** Prefixes of NAF rév. 2, as `10.71C` or `43.3`; the longest that fits a code wins. */
  naf: string[]
  /** Prefixes of NAF 2025, as `10.71J`. */
  naf2025: string[]
  /** Prefixes of APRM, as `1071C` or `4781ZQ`; they win over those of NAF. */
  aprm: string[]
  /** Words that people search for. */
  synonyms: { fr: string[]; en: string[] }
  /** Whether crafts of the art-craft list (arrêté du 12 décembre 2003) are inside. */
  artCraft: boolean
  /** The file that an administrator imported it from; null for the product's own. */
  origin: string | null
}

/** One unit of the register as the public may see it. */
export interface Establishment {
  id: number
  siret: string
  siren: string
  state: EstablishmentState
  /** Null for a sole trader without a sign, and for partial diffusion. */
  name: string | null
  naturalPerson: boolean | null
  legalCategory: string | null
  headquarters: boolean | null
  diffusion: Diffusion
  address: string | null
  postcode: string | null
  /** Null when the register gives no place, or one that the geographic code does not know. */
  commune: string | null
  communeName: string | null
  departement: string | null
  lon: number | null
  lat: number | null
  positionQuality: PositionQuality
  naf: string | null
  nafVersion: string | null
  naf2025: string | null
  aprm: string | null
  craftRule: CraftRule
  sector: Sector | null
  metier: string | null
  employees: EmployeeBand | null
  employeesYear: number | null
  createdOn: string | null
  closedOn: string | null
  registerUpdatedAt: string | null
  ess: boolean | null
  /** What statements add: a page, opening hours, and whether it still works (`yes`, `no`). */
  website: string | null
  openingHours: string | null
  inActivity: string | null
  /** Items of the statements that correct or complete the register. */
  corrected: string[]
}

/** The parameters of a query, as an address writes them; only what differs from the default. */
export function queryParameters(query: Partial<EstablishmentQuery>): URLSearchParams {
  const out = new URLSearchParams()
  const set = (key: string, value: string | number | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') out.set(key, String(value))
  }
  set('territory', query.territory)
  set('sector', query.sectors?.join(','))
  set('metier', query.metiers?.join(','))
  set('employees', query.employees?.join(','))
  set('createdFrom', query.createdFrom)
  set('createdTo', query.createdTo)
  set('q', query.q)
  set('layer', query.layer)
  set('bbox', query.bbox?.join(','))
  if (query.craft === 'all') set('craft', 'all')
  if (query.state && query.state !== (query.craft === 'all' ? 'all' : 'open')) set('state', query.state)
  return out
}

export interface MetierFamily {
  slug: string
  label: Bilingual
  metiers: MetierRecord[]
}

/** Every craft of a tree, in its order. */
export const metiersOfTree = (tree: MetierSector[]): MetierRecord[] =>
  tree.flatMap(({ families }) => families.flatMap((one) => one.metiers))

/** A sector of the tree of crafts: sector → family → craft. */
export interface MetierSector {
  slug: Sector
  label: Bilingual
  families: MetierFamily[]
}

/** What a map's index keeps of a unit. */
export type Point = Pick<
  Establishment,
  | 'id'
  | 'siret'
  | 'name'
  | 'lon'
  | 'lat'
  | 'positionQuality'
  | 'sector'
  | 'metier'
  | 'commune'
  | 'employees'
  | 'createdOn'
  | 'craftRule'
  | 'state'
>

export type { SaidItem, SaidOfEstablishment } from './corrections/page.ts'
