import { createReadStream } from 'node:fs'
import { words } from './command.ts'
import { withoutMetadata } from './film.ts'

/** Samples a second of the copy that peaks are read from: enough to draw them. */
export const peakRate = 8000
const peaksWanted = 1000

/** Arguments of ffmpeg after a sound's input: a copy to play, and bare samples (16 bits, one channel) to draw. */
export const soundOutputs: string[] = [
  ...words('-map 0:a:0 -vn -c:a aac -b:a 128k -ac 2 -ar 48000'),
  ...withoutMetadata,
  ...words('-movflags +faststart -f ipod sound.m4a'),
  ...words(`-map 0:a:0 -vn -ac 1 -ar ${peakRate} -c:a pcm_s16le -f s16le samples.pcm`),
]

/** Peaks as audiowaveform writes them (version 2, 8 bits): lowest and highest of each slice, in turn. */
export interface Peaks {
  version: 2
  channels: 1
  sample_rate: number
  samples_per_pixel: number
  bits: 8
  length: number
  data: number[]
}

/** Reads the samples of a file of so many bytes, a thousand slices at most. */
export async function readPeaks(path: string, bytes: number): Promise<Peaks> {
  const samples = Math.floor(bytes / 2)
  const slice = Math.max(1, Math.ceil(samples / peaksWanted))
  const data: number[] = []
  let [low, high, inSlice] = [0, 0, 0]
  let odd: Buffer | null = null
  const end = () => {
    data.push(Math.floor(low / 256), Math.floor(high / 256))
    ;[low, high, inSlice] = [0, 0, 0]
  }
  for await (const read of createReadStream(path) as AsyncIterable<Buffer>) {
    const chunk: Buffer = odd ? Buffer.concat([odd, read]) : read
    const whole = chunk.length - (chunk.length % 2)
    for (let at = 0; at < whole; at += 2) {
      const value = chunk.readInt16LE(at)
      if (value < low) low = value
      if (value > high) high = value
      if (++inSlice === slice) end()
    }
    odd = whole < chunk.length ? chunk.subarray(whole) : null
  }
  if (inSlice > 0) end()
  return {
    version: 2,
    channels: 1,
    sample_rate: peakRate,
    samples_per_pixel: slice,
    bits: 8,
    length: data.length / 2,
    data,
  }
}

/** The peaks as a drawing, 1000 by 120 units, in woad blue. */
export function drawPeaks({ data, length }: Peaks): string {
  const step = 1000 / Math.max(1, length)
  const y = (value: number) => (60 - (value / 128) * 58).toFixed(1)
  const upper = Array.from({ length }, (_, n) => `${(n * step).toFixed(1)} ${y(data[2 * n + 1]!)}`)
  const lower = Array.from({ length }, (_, n) => `${(n * step).toFixed(1)} ${y(data[2 * n]!)}`).reverse()
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 120" preserveAspectRatio="none"><path fill="#2f5d8a" stroke="#2f5d8a" d="M${[...upper, ...lower].join('L')}Z"/></svg>\n`
}
