import sharp, { type Sharp } from 'sharp'
import type { Zone } from '../model.ts'

/** Cells across what is hidden: too few to tell one face from another. */
const cells = 6

interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** A zone in whole pixels, everything that it touches included. */
export function boxOf(zone: Zone, { width, height }: { width: number; height: number }): Box {
  const left = Math.min(width - 1, Math.floor(zone.x * width))
  const top = Math.min(height - 1, Math.floor(zone.y * height))
  const right = Math.min(width, Math.max(left + 1, Math.ceil((zone.x + zone.width) * width)))
  const bottom = Math.min(height, Math.max(top + 1, Math.ceil((zone.y + zone.height) * height)))
  return { left, top, width: right - left, height: bottom - top }
}

/**
 * The picture with zones hidden for good: each is brought down to six cells across, which is all that is left of it,
 * then spread smoothly. A blur alone can be undone.
 */
export async function blurZones(
  image: Sharp,
  size: { width: number; height: number },
  zones: Zone[],
): Promise<{ content: Buffer; extension: 'jpg' | 'png' }> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  const raw = { raw: { width: info.width, height: info.height, channels: info.channels } }
  for (const zone of zones) {
    const box = boxOf(zone, size)
    const few = await sharp(data, raw)
      .extract(box)
      .resize(Math.min(cells, box.width), Math.min(cells, box.height), { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { width, height, channels } = few.info
    const cover = await sharp(few.data, { raw: { width, height, channels } })
      .resize(box.width, box.height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (cover.info.channels !== info.channels) throw new Error('The blurred zone has other channels than its picture')
    // Replaced, not laid over: through a transparent cover the face would be seen.
    const row = box.width * info.channels
    for (let y = 0; y < box.height; y++)
      cover.data.copy(data, ((box.top + y) * info.width + box.left) * info.channels, y * row, (y + 1) * row)
  }
  const hidden = sharp(data, raw)
  return info.channels === 4
    ? { content: await hidden.png().toBuffer(), extension: 'png' }
    : { content: await hidden.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), extension: 'jpg' }
}
