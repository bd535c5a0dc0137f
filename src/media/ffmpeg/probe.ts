import { stat } from 'node:fs/promises'
import { refused } from '../errors.ts'
import { limits } from '../model.ts'
import { ffprobeCommand } from './command.ts'
import { run } from './run.ts'

/** What ffprobe says of a stream; everything is text but sizes, and anything may lack. */
interface ProbedStream {
  codec_type?: string
  codec_name?: string
  width?: number
  height?: number
  avg_frame_rate?: string
  r_frame_rate?: string
  duration?: string
  color_transfer?: string
  sample_aspect_ratio?: string
  disposition?: { attached_pic?: number }
  side_data_list?: { rotation?: number }[]
}

export interface ProbeReport {
  format?: { duration?: string; format_name?: string }
  streams?: ProbedStream[]
}

export interface Probed {
  kind: 'film' | 'sound'
  /** Seconds. */
  duration: number
  codecs: string[]
  hasSound: boolean
  /** As it is shown, rotation applied; pixels. Null for a sound. */
  video: { width: number; height: number; framesPerSecond: number; isHdr: boolean; hasSquarePixels: boolean } | null
}

const videoCodecs = /^(h264|hevc|vp8|vp9|av1|mpeg4|mpeg2video|mjpeg|prores|dnxhd|theora|h263|dvvideo|rawvideo)$/
const audioCodecs = /^(aac|mp3|opus|vorbis|flac|alac|ac3|eac3|mp2|amr_nb|amr_wb|pcm_\w+)$/
const usualRates = [24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60]
/** Under so many bytes a second, a duration is not believed. */
const leastBytesPerSecond = 100

const ratio = (text = '') => {
  const [over, under] = text.split('/').map(Number)
  const value = over! / (under ?? 1)
  return Number.isFinite(value) && value > 0 ? value : null
}

/** The constant rate of the copy: the nearest usual one, 60 a second at most; a telephone's rate wavers. */
export function constantRate(average: string | undefined, real: string | undefined): number {
  const rate = ratio(average) ?? ratio(real) ?? 25
  if (rate >= limits.framesPerSecond) return limits.framesPerSecond
  const near = usualRates.toSorted((a, b) => Math.abs(a - rate) - Math.abs(b - rate))[0]!
  if (Math.abs(near - rate) / rate < 0.04) return near
  return Math.max(1, Math.round(rate * 100) / 100)
}

function shownSize({ width = 0, height = 0, side_data_list: sides = [] }: ProbedStream) {
  const rotation = sides.find((one) => one.rotation !== undefined)?.rotation ?? 0
  return Math.abs(rotation) % 180 === 90 ? { width: height, height: width } : { width, height }
}

/**
 * What is made of a report of ffprobe on a file of so many bytes.
 * @throws {UserError} when it claims more than is taken, or holds nothing to play
 */
export function readReport({ format = {}, streams = [] }: ProbeReport, bytes: number): Probed {
  if (streams.length === 0) throw refused('unreadable')
  if (streams.length > limits.streams) throw refused('streams')
  const video = streams.find((one) => one.codec_type === 'video' && one.disposition?.attached_pic !== 1)
  const audio = streams.find((one) => one.codec_type === 'audio')
  const used = [video, audio].filter((one) => one !== undefined)
  if (used.length === 0) throw refused('unreadable')
  for (const { codec_type: type, codec_name: name = '' } of used)
    if (!(type === 'video' ? videoCodecs : audioCodecs).test(name)) throw refused('codec')
  const durations = [format.duration, ...used.map(({ duration }) => duration)].map(Number).filter(Number.isFinite)
  const duration = Math.max(0, ...durations)
  if (duration > limits.seconds) throw refused('duration')
  if (duration > 60 && bytes / duration < leastBytesPerSecond) throw refused('implausible')
  const codecs = used.map(({ codec_name: name }) => name!)
  if (!video) return { kind: 'sound', duration, codecs, hasSound: true, video: null }
  const { width, height } = shownSize(video)
  if (width < 2 || height < 2) throw refused('unreadable')
  if (width * height > limits.pixels) throw refused('pixels')
  const framesPerSecond = constantRate(video.avg_frame_rate, video.r_frame_rate)
  const isHdr = /^(smpte2084|arib-std-b67)$/.test(video.color_transfer ?? '')
  const hasSquarePixels = /^(1:1|0:1|)$/.test(video.sample_aspect_ratio ?? '')
  return {
    kind: 'film',
    duration,
    codecs,
    hasSound: audio !== undefined,
    video: { width, height, framesPerSecond, isHdr, hasSquarePixels },
  }
}

/**
 * Looks into a film or a sound without decoding it.
 * @throws {UserError} when it cannot be read or claims more than is taken
 */
export async function probe(ffmpegPath: string, path: string): Promise<Probed> {
  const { code, output } = await run(ffprobeCommand(ffmpegPath, path), { seconds: 60 })
  if (code !== 0) throw refused('unreadable')
  let report: ProbeReport
  try {
    report = JSON.parse(output) as ProbeReport
  } catch {
    throw refused('unreadable')
  }
  return readReport(report, (await stat(path)).size)
}
