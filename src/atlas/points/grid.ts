/**
 * The grid of the map: squares of the Web Mercator world, halved again at each level, numbered by Morton code (Z-order),
 * so that the places of one square of any level have neighbouring numbers.
 */

/** Level of the finest grid, 2²⁶ squares along each side of the world: 0.6 m at the equator, 0.4 m in France. */
export const finestLevel = 26

/** From this zoom on, units stand one by one; only those of one square of the finest grid stay together. */
export const pointsZoom = 16

/** A tile of 512 px has 2³ squares along each side, 64 px each: room for a circle that a finger can hit. */
const squaresPerTile = 3

const side = 2 ** finestLevel
const half = finestLevel / 2
const halfMask = (1 << half) - 1
/** Where Web Mercator's world is square, in degrees: atan(sinh(π)). */
const maxLatitude = (Math.atan(Math.sinh(Math.PI)) * 180) / Math.PI

/** Squares of one level, by column from the west and row from the north; both ends are inside. */
export interface SquareRange {
  west: number
  north: number
  east: number
  south: number
}

/** Level of the squares in which the units are grouped at a zoom of the map. */
export function levelOf(zoom: number): number {
  return zoom >= pointsZoom ? finestLevel : Math.max(0, Math.floor(zoom)) + squaresPerTile
}

/** Web Mercator abscissa of a longitude in degrees, from 0 (180° W) to 1 (180° E). */
export const mercatorX = (lon: number): number => lon / 360 + 0.5

/**
 * Web Mercator ordinate of a latitude in degrees, from 0 (85.05° N) to 1 (85.05° S); beyond, the edge of the world.
 * Latitudes are told apart down to 1e-9° (0.1 mm), far above the error of log and sin, so that the order of two
 * latitudes is always that of their ordinates: the bounds of a square's members then hold these members alone.
 */
export function mercatorY(lat: number): number {
  const kept = Math.min(maxLatitude, Math.max(-maxLatitude, Math.round(lat * 1e9) / 1e9))
  const sine = Math.sin((kept * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

/** Column or row of a square of the finest grid, from a Mercator coordinate; what lies outside goes to the edge. */
const squareOf = (mercator: number) => Math.min(side - 1, Math.max(0, Math.floor(mercator * side)))

/** Spreads 13 bits so that a zero stands before each. */
function spread(bits: number): number {
  let out = bits
  out = (out | (out << 8)) & 0x00ff00ff
  out = (out | (out << 4)) & 0x0f0f0f0f
  out = (out | (out << 2)) & 0x33333333
  return (out | (out << 1)) & 0x55555555
}

/** The opposite of `spread`. */
function gather(bits: number): number {
  let out = bits & 0x55555555
  out = (out | (out >>> 1)) & 0x33333333
  out = (out | (out >>> 2)) & 0x0f0f0f0f
  out = (out | (out >>> 4)) & 0x00ff00ff
  return (out | (out >>> 8)) & 0xffff
}

/** Morton code of a column and a row below 2²⁶: their bits in turn, 52 bits, exact in a double. */
export function mortonOf(x: number, y: number): number {
  const high = spread(x >>> half) | (spread(y >>> half) << 1)
  const low = spread(x & halfMask) | (spread(y & halfMask) << 1)
  return high * side + low
}

/** Column and row of a Morton code. */
export function squareOfMorton(code: number): [x: number, y: number] {
  const high = Math.floor(code / side)
  const low = code % side
  return [(gather(high) << half) | gather(low), (gather(high >>> 1) << half) | gather(low >>> 1)]
}

/** Morton code of a place in the finest grid. */
export const mortonOfPlace = (lon: number, lat: number): number =>
  mortonOf(squareOf(mercatorX(lon)), squareOf(mercatorY(lat)))

/** The squares of a level that a box (west, south, east, north in degrees) touches. */
export function squaresTouching([west, south, east, north]: readonly number[], level: number): SquareRange {
  const square = (mercator: number) => squareOf(mercator) >>> (finestLevel - level)
  return {
    west: square(mercatorX(west!)),
    north: square(mercatorY(north!)),
    east: square(mercatorX(east!)),
    south: square(mercatorY(south!)),
  }
}

/** The squares of a level inside a tile no deeper than that level. */
export function squaresOfTile(z: number, x: number, y: number, level: number): SquareRange {
  const shift = level - z
  const last = (1 << shift) - 1
  return { west: x << shift, north: y << shift, east: (x << shift) + last, south: (y << shift) + last }
}
