import type {
  Bilingual,
  Establishment,
  EstablishmentQuery,
  EstablishmentSort,
  MetierRecord,
  Sector,
} from '#registry/model'
import type { TerritoryPractices } from '#survey/model'
import type { Contour, Territory } from '#territory/model'

/** What a map shows: MapLibre's zoom (512 px world) and the centre in degrees. */
export interface MapView {
  zoom: number
  lat: number
  lon: number
}

/** A view as addresses write it: `9.25/44.02/1.35` (zoom, latitude, longitude). */
export const viewParameter = ({ zoom, lat, lon }: MapView): string => `${zoom}/${lat}/${lon}`

/** Reads `zoom/latitude/longitude`; null when it is absent or not one. */
export function parseView(text: string | null): MapView | null {
  const parts = (text ?? '').split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const [zoom, lat, lon] = parts as [number, number, number]
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null
  if (zoom < 0 || zoom > 20 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null
  return { zoom, lat, lon }
}

/** One circle of the map: a group of establishments, or a single one. */
export interface Spot {
  count: number
  x: number
  y: number
  radius: number
  /** Radius in pixels of what a finger may touch without meeting a neighbour. */
  reach: number
  lon: number
  lat: number
  /** Tight bounds of its members: the list of this box has exactly `count` rows. */
  bounds: [number, number, number, number]
  siret: string | null
  sector: Sector | null
  label: string
}

/** Radii in pixels: of a single unit; of a group of n, `least + growth × √n`, at most `most`. */
export const spotSizes = { single: 6, least: 8.5, growth: 0.8, most: 24 }

/** A circle's radius in pixels: it grows with the count, within what a square of 64 pixels holds. */
export const spotRadius = (count: number): number =>
  count === 1 ? spotSizes.single : Math.min(spotSizes.most, spotSizes.least + spotSizes.growth * Math.sqrt(count))

/** The name of a town on a drawn map, in pixels of its frame; `y` is the baseline. */
export interface TownName {
  name: string
  x: number
  y: number
  anchor: 'start' | 'middle' | 'end'
}

/** Whether bounds lie inside a box, its borders included: west, south, east, north. */
export const isWithin = ([west, south, east, north]: readonly number[], box: readonly number[]): boolean =>
  west! >= box[0]! && south! >= box[1]! && east! <= box[2]! && north! <= box[3]!

/** The box of the chosen group: in degrees, and in pixels of the drawn map. */
export interface ChosenBox {
  bounds: [west: number, south: number, east: number, north: number]
  x: number
  y: number
  width: number
  height: number
}

/** What lies under the circles of a drawn map. */
export interface Ground {
  /** The file of the land and its borders. */
  href: string
  /** Names that neither circles nor other names cover. */
  towns: TownName[]
  /** The same for a screen so narrow that letters must be larger in the frame. */
  narrowTowns: TownName[]
}

/** Colour of a sector, as a CSS value of the page's tokens. */
export const sectorColour = (sector: string | null): string => (sector ? `var(--sector-${sector})` : 'var(--ink-soft)')

export interface Share {
  key: string
  label: string
  count: number
  /** Part of the territory's crafts, 0 to 1. */
  share: number
  /** The same part in the territory of comparison, or null without one. */
  reference: number | null
}

export interface Portrait {
  code: string
  crafts: number
  closed: number
  /** Nothing was imported for it: its figures are unknown, not zero. */
  unknown: boolean
  /** Crafts of the register where it holds only a few: it is the file of a trade, not of a territory. */
  narrow: string[]
  /** Départements of the territory that are not open: its figures are partial. */
  unopened: { code: string; name: string }[]
  density: number | null
  referenceDensity: number | null
  sectors: Share[]
  metiers: Share[]
  creations: { year: number; count: number }[]
  undatedCreations: number
  ages: Share[]
  employees: Share[]
  positions: Share[]
  communes: { code: string; name: string; population: number | null; count: number; density: number | null }[]
  practices: TerritoryPractices
}

/** Names of the portrait's tables, each of which exists as CSV. */
export const portraitTables = [
  'sectors',
  'metiers',
  'creations',
  'ages',
  'employees',
  'positions',
  'communes',
  'practices',
] as const
export type PortraitTable = (typeof portraitTables)[number]

/** What the map's page shows. */
export interface MapPageData {
  query: EstablishmentQuery
  /** The filters as an address, without view, page or group. */
  filters: string
  view: MapView
  /** The view that shows the whole territory; null when neither contours nor positions are known. */
  home: MapView | null
  /** Whether the address asks for the interactive map. */
  interactive: boolean
  /** The border of the chosen territory, for the interactive map. */
  outline: Contour | null
  chosen: ChosenBox | null
  size: { width: number; height: number }
  ground: Ground | null
  count: number
  unplaced: number
  /** How many of those that the list keeps lie outside of the view. */
  outside: number
  /** The view that shows all of them. */
  whole: string | null
  sort: EstablishmentSort
  approximate: number
  spots: Spot[]
  moves: { key: 'zoomIn' | 'zoomOut' | 'north' | 'south' | 'west' | 'east'; href: string }[]
  rows: Pick<Establishment, 'siret' | 'name' | 'metier' | 'communeName' | 'sector' | 'state' | 'createdOn'>[]
  next: string | null
  isFirst: boolean
  sectorCounts: Record<string, number>
  choices: Choices
  territory: Pick<Territory, 'code' | 'name'> | null
  empty: boolean
}

export interface Choices {
  territories: { group: 'departement' | 'custom' | 'epci' | 'commune'; items: { code: string; name: string }[] }[]
  metiers: { sector: string; items: { slug: string; label: Bilingual }[] }[]
  layers: { id: string; label: Bilingual; explanation: Bilingual }[]
}

/** A map drawn once, which only shows. */
export interface StillMap {
  /** Null when neither contours nor positions are known. */
  ground: Ground | null
  size: { width: number; height: number }
  spots: Spot[]
}

/** Where figures come from: the register's newest entry and its last import, or the demonstration. */
export type Source = 'invented' | { updatedAt: string | null; importedAt: string }

/** Orders of a portrait's communes. */
export const communeSorts = ['name', 'count', 'population', 'density'] as const
export type CommuneSort = (typeof communeSorts)[number]

export interface PortraitPageData {
  communeSort: CommuneSort
  territory: Territory
  parents: Pick<Territory, 'code' | 'name'>[]
  reference: { code: string; name: string } | null
  portrait: Portrait
  metierLabels: Record<string, string>
  map: StillMap
  source: Source | null
}

interface Named {
  slug: string
  label: Bilingual
}

export interface MetiersPageData {
  source: Source | null
  sectors: (Named & { families: (Named & { metiers: (Named & { count: number })[] })[] })[]
}

export interface MetierPageData {
  source: Source | null
  metier: MetierRecord
  count: number
  map: StillMap
  communes: { code: string; name: string; count: number }[]
  oldest: Pick<Establishment, 'siret' | 'name' | 'communeName' | 'createdOn'>[]
  youngest: Pick<Establishment, 'siret' | 'name' | 'communeName' | 'createdOn'>[]
  neighbours: Named[]
}

export interface HomePageData {
  source: Source | null
  /** How many have no known commune. */
  placeless: number
  text: string
  /** Null without a search of two letters at least. */
  results: {
    territories: (Pick<Territory, 'code' | 'name' | 'kind'> & { open: boolean })[]
    metiers: Named[]
    enterprises: Pick<Establishment, 'siret' | 'name' | 'communeName'>[]
  } | null
  total: number
  sectorCounts: Record<string, number>
  open: { code: string; name: string }[]
}
