/** How many units of crafts a place or a craft has, and how many of them were visited. */
export interface Share {
  units: number
  surveyed: number
}

/** Lower bounds of the shades of the map; below the first one, nobody was visited. */
export const shades = [0.000001, 0.05, 0.15, 0.3, 0.5] as const

/** Shade of a place: 0 for none surveyed, to `shades.length`; null when it has nobody to visit. */
export function shadeOf({ units, surveyed }: Share): number | null {
  return units === 0 ? null : shades.filter((least) => surveyed / units >= least).length
}

/** A commune or a craft, and what of it was surveyed. */
export interface CoverageLine extends Share {
  code: string
  name: string
}

/** Lists of enterprises: never visited, not since the last season, visited this season. */
export const visitStates = ['never', 'before', 'season'] as const
export type VisitState = (typeof visitStates)[number]
