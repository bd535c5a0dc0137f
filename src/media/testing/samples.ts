import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'

/** A folder for the files of a test. */
export function createSamples() {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-media-'))
  return {
    folder,
    path: (name: string) => join(folder, name),
    /** Makes a file with ffmpeg, as a person would by hand; answers its path. */
    encode(name: string, ...args: string[]): string {
      const path = join(folder, name)
      const done = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path], { encoding: 'utf8' })
      if (done.status !== 0) throw new Error(done.stderr)
      return path
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const hasFfmpeg = !spawnSync('ffmpeg', ['-version']).error

/** Arguments of a film of test bars with a tone, of so many seconds. */
export const bars = (seconds: number, size = '640x360', rate = 25): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
  '-f',
  'lavfi',
  '-i',
  `sine=frequency=440:d=${seconds}`,
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
  '-shortest',
]

/** A photograph with the notes of a telephone: its place, its make, its owner, and lying on its side. */
export const photograph = (width = 1200, height = 800, tint = '#b5532f'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: tint, noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .withExif({
      IFD0: { Make: 'TelephoneDeTest', Artist: 'Jeanne Secret' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '44/1 1/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '1/1 21/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
