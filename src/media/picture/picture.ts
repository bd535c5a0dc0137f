import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { limits, pictureWidths, type Derived, type Zone } from '../model.ts'
import { blurZones } from './blur.ts'

export interface PictureOrder {
  /** The picture to read, and the folder to write into. */
  path: string
  folder: string
  /** Beginning of the names of what is made. */
  prefix: 'picture' | 'poster'
  xmp: string | null
  /** What must be blurred, for good, before anything is made; null: nothing. */
  zones: Zone[] | null
}

export interface PictureMade {
  width: number
  height: number
  /** Mean colour, `#rrggbb`. */
  color: string
  derived: Derived[]
  /** Name of the blurred picture that takes the place of the one received; null when nothing was blurred. */
  master: string | null
}

export type PictureReply =
  { kind: 'made'; made: PictureMade } | { kind: 'failed'; code: string | null; message: string }

/** A picture that is not taken: the code of a refusal. */
class PictureRefused extends Error {
  readonly refusal: string
  constructor(refusal: string) {
    super(refusal)
    this.refusal = refusal
  }
}

const read = (input: string | Buffer) =>
  sharp(input, { limitInputPixels: limits.pixels, sequentialRead: true, failOn: 'error' })

/** Size as it is shown, once the picture was looked at without decoding it. */
async function inspect(path: string) {
  // The limit is checked here first, so that its refusal says why.
  const { width, height, format, compression, autoOrient } = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new PictureRefused('unreadable')
    })
  if (!width || !height) throw new PictureRefused('unreadable')
  if (width * height > limits.pixels) throw new PictureRefused('pixels')
  if (format === 'heif' && compression !== 'av1') throw new PictureRefused('heic')
  return { width: autoOrient.width, height: autoOrient.height }
}

const formats: [extension: string, type: string, write: (image: Sharp) => Sharp][] = [
  ['avif', 'image/avif', (image) => image.avif({ quality: 52, effort: 3 })],
  ['webp', 'image/webp', (image) => image.webp({ quality: 78, effort: 3 })],
  ['jpg', 'image/jpeg', (image) => image.flatten({ background: '#ffffff' }).jpeg({ quality: 80, mozjpeg: true })],
]

async function writeSizes(source: Buffer, { folder, prefix, xmp }: PictureOrder, width: number): Promise<Derived[]> {
  const widths = [...new Set(pictureWidths.map((one) => Math.min(one, width)))]
  const derived: Derived[] = []
  for (const wanted of widths) {
    for (const [extension, type, write] of formats) {
      const name = `${prefix}-${wanted}.${extension}`
      const image = read(source).resize({ width: wanted, height: wanted * 2, fit: 'inside', withoutEnlargement: true })
      const told = await write(xmp ? image.withXmp(xmp) : image).toFile(join(folder, name))
      derived.push({ name, type, bytes: told.size, width: told.width, height: told.height })
    }
  }
  return derived
}

async function meanColor(source: Buffer): Promise<string> {
  const { data } = await read(source)
    .flatten({ background: '#ffffff' })
    .resize(1, 1, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const [red = 0, green = red, blue = red] = data
  return `#${[red, green, blue].map((one) => one.toString(16).padStart(2, '0')).join('')}`
}

/** The largest copy, upright, in sRGB, without a word of metadata: everything else is made from it. */
async function widest(input: string | Buffer): Promise<Buffer> {
  const largest = pictureWidths.at(-1)!
  return read(input)
    .autoOrient()
    .resize({ width: largest, height: largest * 2, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png({ compressionLevel: 1 })
    .toBuffer()
    .catch(() => {
      throw new PictureRefused('unreadable')
    })
}

/** Makes the copies of a picture; the metadata of its device and place stay behind. Runs in a process of its own. */
export async function createPicture(order: PictureOrder): Promise<PictureMade> {
  const size = await inspect(order.path)
  let input: string | Buffer = order.path
  let master: string | null = null
  if (order.zones) {
    const blurred = await blurZones(read(order.path).autoOrient().toColourspace('srgb'), size, order.zones)
    master = `master.${blurred.extension}`
    await writeFile(join(order.folder, master), blurred.content)
    input = blurred.content
  }
  const source = await widest(input)
  const { width } = await sharp(source).metadata()
  const derived = await writeSizes(source, order, width)
  return { ...size, color: await meanColor(source), derived, master }
}
