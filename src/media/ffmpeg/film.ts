import { filmHeights } from '../model.ts'
import { words } from './command.ts'
import type { Probed } from './probe.ts'

/** What is made of a film in one run of ffmpeg. */
export interface FilmPlan {
  /** Heights of the films, the tallest first; never above the source's. Pixels, even. */
  heights: number[]
  sprite: SpritePlan
  /** Arguments of ffmpeg after its input; outputs are names in the folder of the run. */
  outputs: string[]
}

export interface SpritePlan {
  /** Seconds between two pictures. */
  every: number
  count: number
  columns: number
  rows: number
  /** Of one picture, pixels. */
  width: number
  height: number
}

const spriteColumns = 10
const spriteMost = 100
const spriteWidth = 160
const keyFrameSeconds = 2

const even = (value: number) => Math.max(2, 2 * Math.round(value / 2))

/** The source's height first, 1080 at most, then the usual ones below it. The short side counts: films may stand. */
export function ladder(width: number, height: number): number[] {
  const short = Math.min(width, height)
  const top = even(Math.min(short, filmHeights[0]))
  return [top, ...filmHeights.filter((one) => one < top * 0.9)]
}

/** Pictures along the film: one a second, or a hundred spread over it. */
export function planSprite(duration: number, width: number, height: number): SpritePlan {
  const every = Math.max(1, Math.ceil(duration / spriteMost))
  const count = Math.min(spriteMost, Math.max(1, Math.ceil(duration / every)))
  const columns = Math.min(spriteColumns, count)
  return {
    every,
    count,
    columns,
    rows: Math.ceil(count / columns),
    width: spriteWidth,
    height: even((spriteWidth * height) / width),
  }
}

// Bright scenes of high dynamic range would come out grey on ordinary screens.
const toStandardRange =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'

/** Nothing of the source's own notes: place, device, dates, chapters, subtitles. */
export const withoutMetadata = ['-map_metadata', '-1', '-map_metadata:s', '-1', '-map_chapters', '-1', '-sn', '-dn']

const sound = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000']

function filmOutput(label: string, rate: number, hasSound: boolean, path: string): string[] {
  return [
    '-map',
    `[${label}]`,
    ...(hasSound ? ['-map', '0:a:0', ...sound] : []),
    ...words('-c:v libx264 -preset veryfast -crf 23 -profile:v high -pix_fmt yuv420p'),
    ...words(`-g ${Math.round(rate * keyFrameSeconds)} -fps_mode cfr`),
    ...withoutMetadata,
    ...words('-movflags +faststart -f mp4'),
    path,
  ]
}

/** The whole filter: one decoding, each film scaled from the one above it, the pictures from the smallest. */
function filterOf(
  { video, duration }: Probed & { video: NonNullable<Probed['video']> },
  heights: number[],
  sprite: SpritePlan,
) {
  const { width, height, framesPerSecond, isHdr, hasSquarePixels } = video
  const upright = height > width
  const scale = (short: number) => (upright ? `scale=${short}:-2` : `scale=-2:${short}`)
  const first = [
    ...(isHdr ? [toStandardRange] : []),
    ...(hasSquarePixels ? [] : ['scale=iw*sar:ih']),
    `fps=${framesPerSecond}`,
    `${scale(heights[0]!)}:flags=bicubic`,
    'setsar=1',
    'format=yuv420p',
    'split=3[film0][down0][still]',
  ]
  const steps = [
    `[0:v:0]${first.join(',')}`,
    ...heights
      .slice(1)
      .map((short, n) => `[down${n}]${scale(short)}:flags=bicubic,split=2[film${n + 1}][down${n + 1}]`),
    `[down${heights.length - 1}]fps=1/${sprite.every}:round=up,scale=${sprite.width}:${sprite.height},tile=${sprite.columns}x${sprite.rows}:nb_frames=${sprite.count}[sprite]`,
    `[still]select=gte(t\\,${Math.min(duration * 0.2, 60).toFixed(2)})[frame]`,
  ]
  return steps.join(';')
}

/** Plans the films, the sheet of pictures along it, and one frame for its poster. */
export function planFilm(probed: Probed & { video: NonNullable<Probed['video']> }): FilmPlan {
  const { width, height, framesPerSecond } = probed.video
  const heights = ladder(width, height)
  const sprite = planSprite(probed.duration, width, height)
  const outputs = [
    '-filter_complex',
    filterOf(probed, heights, sprite),
    ...heights.flatMap((short, n) => filmOutput(`film${n}`, framesPerSecond, probed.hasSound, `film-${short}.mp4`)),
    ...words('-map [sprite] -frames:v 1 -c:v libwebp -quality 60'),
    ...withoutMetadata,
    'sprite.webp',
    ...words('-map [frame] -frames:v 1 -c:v png'),
    ...withoutMetadata,
    'frame.png',
  ]
  return { heights, sprite, outputs }
}

const clock = (seconds: number) => {
  const whole = Math.floor(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return `${parts.map((one) => String(one).padStart(2, '0')).join(':')}.${String(Math.round((seconds - whole) * 1000)).padStart(3, '0')}`
}

/** The sheet's index: a WebVTT track that says which picture of `sprite.webp` shows each moment. */
export function spriteTrack({ every, count, columns, width, height }: SpritePlan, duration: number): string {
  const cues = Array.from({ length: count }, (_, n) => {
    const [x, y] = [(n % columns) * width, Math.floor(n / columns) * height]
    const end = n === count - 1 ? Math.max(duration, n * every + 0.001) : (n + 1) * every
    return `${clock(n * every)} --> ${clock(end)}\nsprite.webp#xywh=${x},${y},${width},${height}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}
