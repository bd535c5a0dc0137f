import { createReadStream } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#platform'
import { refused } from '../errors.ts'
import { ffmpegCommand } from '../ffmpeg/command.ts'
import { planFilm, spriteTrack } from '../ffmpeg/film.ts'
import { probe, type Probed } from '../ffmpeg/probe.ts'
import { run } from '../ffmpeg/run.ts'
import { drawPeaks, readPeaks, soundOutputs } from '../ffmpeg/sound.ts'
import { derivedKey } from '../keys.ts'
import type { Derived, Facts } from '../model.ts'
import type { BlobRecord } from '../records.ts'

export interface Encoded {
  kind: 'film' | 'sound'
  facts: Facts
  derived: Derived[]
}

type OnShare = (share: number) => void

/** A copy of 1080 lines takes about as long as it lasts on two slow cores; four times that is a fault. */
const secondsAllowed = (duration: number) => Math.min(6 * 3600, 300 + duration * 12)
const fileBytesAllowed = 6_000_000_000

/** Runs ffmpeg in a folder; its outputs are names in it. */
async function encode(app: App, path: string, folder: string, outputs: string[], probed: Probed, onShare: OnShare) {
  const seconds = secondsAllowed(probed.duration)
  const placed = outputs.map((one) => (/^[a-z0-9-]+\.(mp4|m4a|webp|png|pcm)$/.test(one) ? join(folder, one) : one))
  const command = ffmpegCommand(app.config.ffmpegPath, path, placed, { seconds, fileBytes: fileBytesAllowed })
  const begun = Date.now()
  const { code, errors } = await run(command, {
    seconds,
    onLine(line) {
      const time = /^out_time_us=(\d+)$/.exec(line)?.[1]
      if (time) onShare(Math.min(1, Number(time) / 1e6 / Math.max(1, probed.duration)))
    },
  })
  if (code === 0) return
  app.log.warn({ code, errors }, 'ffmpeg refused a file')
  throw refused(Date.now() - begun > seconds * 1000 - 500 ? 'time' : 'unreadable')
}

const describe = async (folder: string, name: string, type: string, size: [number, number] | null = null) => ({
  name,
  type,
  bytes: (await stat(join(folder, name))).size,
  width: size?.[0] ?? null,
  height: size?.[1] ?? null,
})

const even = (value: number) => Math.max(2, 2 * Math.round(value / 2))

async function encodeFilm(app: App, path: string, folder: string, probed: Probed, onShare: OnShare): Promise<Encoded> {
  const video = probed.video!
  const plan = planFilm({ ...probed, video })
  await encode(app, path, folder, plan.outputs, probed, onShare)
  await writeFile(join(folder, 'sprite.vtt'), spriteTrack(plan.sprite, probed.duration))
  const scale = (short: number) => short / Math.min(video.width, video.height)
  const derived: Derived[] = await Promise.all(
    plan.heights.map((short) =>
      describe(folder, `film-${short}.mp4`, 'video/mp4', [
        even(video.width * scale(short)),
        even(video.height * scale(short)),
      ]),
    ),
  )
  const { columns, rows, width, height } = plan.sprite
  derived.push(await describe(folder, 'sprite.webp', 'image/webp', [columns * width, rows * height]))
  derived.push(await describe(folder, 'sprite.vtt', 'text/vtt; charset=utf-8'))
  const { duration, codecs, hasSound } = probed
  const { framesPerSecond } = video
  return {
    kind: 'film',
    facts: { width: video.width, height: video.height, duration, codecs, hasSound, framesPerSecond },
    derived,
  }
}

async function encodeSound(app: App, path: string, folder: string, probed: Probed, onShare: OnShare): Promise<Encoded> {
  await encode(app, path, folder, soundOutputs, probed, onShare)
  const samples = join(folder, 'samples.pcm')
  const peaks = await readPeaks(samples, (await stat(samples)).size)
  await writeFile(join(folder, 'peaks.json'), JSON.stringify(peaks))
  await writeFile(join(folder, 'waveform.svg'), drawPeaks(peaks))
  const { duration, codecs } = probed
  return {
    kind: 'sound',
    facts: { duration, codecs, hasSound: true },
    derived: [
      await describe(folder, 'sound.m4a', 'audio/mp4'),
      await describe(folder, 'peaks.json', 'application/json'),
      await describe(folder, 'waveform.svg', 'image/svg+xml', [1000, 120]),
    ],
  }
}

/** Puts what was made in a folder into the storage, each file whole. */
export async function store(app: App, from: string, folder: string, names: string[]): Promise<void> {
  for (const name of names) await app.storage.put(derivedKey(folder, name), createReadStream(join(from, name)))
}

/** Name in the storage of the frame that a film's posters are made from; it is not served. */
export const frameName = 'frame.png'

/**
 * Makes the copies of a film or of a sound, and stores them under the digest of its bytes.
 * @throws {UserError} when the file claims too much, cannot be read or takes too long
 */
export async function encodeBlob(
  app: App,
  { hash }: BlobRecord,
  path: string,
  work: string,
  onShare: OnShare,
): Promise<Encoded> {
  const probed = await probe(app.config.ffmpegPath, path)
  const make = probed.kind === 'film' ? encodeFilm : encodeSound
  const encoded = await make(app, path, work, probed, onShare)
  const names = encoded.derived.map(({ name }) => name)
  await store(app, work, hash, encoded.kind === 'film' ? [...names, frameName] : names)
  return encoded
}
