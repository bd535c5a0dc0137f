import { PbfWriter } from 'pbf'

/** Side of a tile in its own units. */
export const extent = 4096

/** A text, a whole number, or a real number, which keeps all its digits. */
type PropertyValue = string | number

/** A point of a tile, in units of `extent` from its north-west corner. */
export interface TilePoint {
  x: number
  y: number
  /** Null is left out: tiles have no null. */
  properties: Record<string, PropertyValue | null>
}

export interface TileLayer {
  name: string
  points: TilePoint[]
}

/** Distinct values in the order of their first appearance. */
class Pool<T> {
  readonly numbers = new Map<T, number>()

  numberOf(value: T): number {
    const known = this.numbers.get(value)
    if (known !== undefined) return known
    this.numbers.set(value, this.numbers.size)
    return this.numbers.size - 1
  }
}

interface Encoded extends TileLayer {
  keys: Pool<string>
  values: Pool<PropertyValue>
}

/** `MoveTo` once (command 1, count 1), then the zigzag of each coordinate. */
const geometryOf = ({ x, y }: TilePoint) => [(1 << 3) | 1, x * 2, y * 2]

function writePoint({ point, layer }: { point: TilePoint; layer: Encoded }, pbf: PbfWriter): void {
  const tags: number[] = []
  for (const [key, value] of Object.entries(point.properties))
    if (value !== null) tags.push(layer.keys.numberOf(key), layer.values.numberOf(value))
  pbf.writePackedVarint(2, tags)
  pbf.writeVarintField(3, 1)
  pbf.writePackedVarint(4, geometryOf(point))
}

const utf8 = new TextEncoder()

function writeValue(value: PropertyValue, pbf: PbfWriter): void {
  // pbf 5.1 spoils characters from U+20000 on.
  if (typeof value === 'string') pbf.writeBytesField(1, utf8.encode(value))
  else if (Number.isSafeInteger(value) && value >= 0) pbf.writeVarintField(5, value)
  else pbf.writeDoubleField(3, value)
}

function writeLayer(layer: Encoded, pbf: PbfWriter): void {
  pbf.writeVarintField(15, 2)
  pbf.writeStringField(1, layer.name)
  for (const point of layer.points) pbf.writeMessage(2, writePoint, { point, layer })
  for (const key of layer.keys.numbers.keys()) pbf.writeStringField(3, key)
  for (const value of layer.values.numbers.keys()) pbf.writeMessage(4, writeValue, value)
  pbf.writeVarintField(5, extent)
}

/** Layers of points as a Mapbox Vector Tile (specification 2.1); a layer without a point is left out. */
export function encodeLayers(layers: readonly TileLayer[]): Uint8Array {
  const pbf = new PbfWriter()
  for (const layer of layers) {
    if (layer.points.length === 0) continue
    pbf.writeMessage(3, writeLayer, { ...layer, keys: new Pool<string>(), values: new Pool<PropertyValue>() })
  }
  return pbf.finish()
}
