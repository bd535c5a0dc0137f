import proj4 from 'proj4'

interface System {
  definition: string
  /** West, south, east, north in degrees: where its positions may be. */
  box: readonly [number, number, number, number]
}

const utm = (zone: string) => `+proj=utm +zone=${zone} +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs`

/** Official systems of French territories (décret 2000-1276, arrêté of 5 March 2019), by EPSG code, with their proj4 texts. */
const systems: Record<string, System> = {
  2154: {
    definition:
      '+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs',
    box: [-5.6, 41.2, 9.8, 51.3],
  },
  5490: { definition: utm('20'), box: [-63.3, 14.2, -60.7, 18.3] },
  2972: { definition: utm('22'), box: [-54.8, 2, -51.4, 6] },
  2975: { definition: utm('40 +south'), box: [55, -21.6, 56, -20.7] },
  4471: { definition: utm('38 +south'), box: [44.9, -13.2, 45.4, -12.4] },
  4467: { definition: utm('21'), box: [-56.7, 46.6, -55.9, 47.3] },
}

const overseas: Record<string, string> = {
  971: '5490',
  972: '5490',
  973: '2972',
  974: '2975',
  975: '4467',
  976: '4471',
  977: '5490',
  978: '5490',
}

const converters = new Map<string, proj4.Converter>()

function converterOf(epsg: string): proj4.Converter {
  let converter = converters.get(epsg)
  if (!converter) converters.set(epsg, (converter = proj4(systems[epsg]!.definition)))
  return converter
}

/** The EPSG code of the system in which a département's coordinates are given; null where there is none here. */
export function systemOf(departement: string): string | null {
  return /^9[78]\d/.test(departement) ? (overseas[departement] ?? null) : '2154'
}

export const isKnownSystem = (epsg: string): boolean => Object.hasOwn(systems, epsg)

export type Position = [lon: number, lat: number]

const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7

/** Whether a position (degrees) is in the territory of a system. */
export function isInside(epsg: string, lon: number, lat: number): boolean {
  const [west, south, east, north] = systems[epsg]!.box
  return lon >= west && lon <= east && lat >= south && lat <= north
}

/** WGS 84 degrees rounded to 1e-7 from metres of a known system; null outside its territory. */
export function toDegrees(epsg: string, x: number, y: number): Position | null {
  const [lon, lat] = converterOf(epsg).inverse([x, y]) as Position
  return isInside(epsg, lon, lat) ? [round(lon), round(lat)] : null
}

/** Metres of a known system from WGS 84 degrees. */
export const fromDegrees = (epsg: string, lon: number, lat: number): [number, number] =>
  converterOf(epsg).forward([lon, lat]) as [number, number]

/** Degrees as they are, rounded to 1e-7; null outside the territory of the system, or of all of them when it is null. */
export function checkDegrees(epsg: string | null, lon: number, lat: number): Position | null {
  const inside = epsg ? isInside(epsg, lon, lat) : Object.keys(systems).some((code) => isInside(code, lon, lat))
  return inside ? [round(lon), round(lat)] : null
}
