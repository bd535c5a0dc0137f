import type { MultiPolygon, Polygon } from 'geojson'

export const territoryKinds = ['commune', 'epci', 'departement', 'region', 'custom'] as const
export type TerritoryKind = (typeof territoryKinds)[number]

export interface Territory {
  code: string
  kind: TerritoryKind
  subtype: string | null
  name: string
  population: number | null
  departement: string | null
  region: string | null
  epci: string | null
  lon: number | null
  lat: number | null
  vintage: string
  contourSource: string | null
  validFrom: string | null
  validTo: string | null
  demonstration: boolean
  hasContour: boolean
}

export type Contour = Polygon | MultiPolygon

export interface Outline {
  code: string
  name: string
  population: number | null
  contour: Contour
}

/**
 * Whether a text has the shape of a territory's code: commune (5 characters), EPCI (9 digits), département (2 or 3),
 * `region-76`, or a custom territory such as `pays-midi-quercy`.
 */
export const isTerritoryCode = (text: string): boolean =>
  /^([0-9A-Z]{2,3}|[0-9A-Z]{5}|[0-9]{9}|region-[0-9A-Z]{2,3}|[a-z]+(-[a-z0-9]+)+)$/.test(text)
