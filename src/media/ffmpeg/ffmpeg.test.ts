import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bars, createSamples, hasFfmpeg } from '../testing/samples.ts'
import { ffmpegCommand, ffprobeCommand, ffprobePath, inputGuards } from './command.ts'
import { ladder, planSprite, spriteTrack } from './film.ts'
import { constantRate, probe, readReport, type ProbeReport } from './probe.ts'
import { isInstalled, run } from './run.ts'
import { drawPeaks, readPeaks } from './sound.ts'

const samples = createSamples()
afterAll(() => samples.remove())
const skip = hasFfmpeg ? null : 'needs ffmpeg: apt-get install ffmpeg'
const allowance = { seconds: 60, fileBytes: 1e9 }

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sourcesBelow(path)
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : []
  })
}

test('one function makes every command line: no other file names an input or starts a program', () => {
  const sources = sourcesBelow(join(import.meta.dirname, '..'))
  const naming = sources.filter((path) => /['"\s]-i['"\s]|show_streams/.test(readFileSync(path, 'utf8')))
  expect(naming.map((path) => path.slice(path.indexOf('media/')))).toEqual(['media/ffmpeg/command.ts'])
  const starting = sources.filter((path) => readFileSync(path, 'utf8').includes('node:child_process'))
  expect(starting.map((path) => path.slice(path.indexOf('media/')))).toEqual([
    'media/ffmpeg/run.ts',
    'media/picture/run.ts',
  ])
  const running = sources.filter((path) =>
    /import \{[^}]*\brun\b[^}]*\} from '[^']*run\.ts'/.test(readFileSync(path, 'utf8')),
  )
  expect(running.length).toBeGreaterThan(1)
  for (const path of running) expect(readFileSync(path, 'utf8'), path).toMatch(/ff(mpeg|probe)Command\(/)
})

test('every input is guarded, and nothing is asked', () => {
  const { program, args } = ffmpegCommand('/opt/ffmpeg', 'in', ['out'], allowance)
  const words = [program, ...args]
  const guards = words.indexOf(inputGuards[0]!)
  expect(guards).toBeGreaterThan(words.indexOf('/opt/ffmpeg'))
  expect(guards).toBeLessThan(words.indexOf('-i'))
  expect(words.filter((one) => one === '-i')).toHaveLength(1)
  expect(words).toContain('-nostdin')
  const probing = ffprobeCommand('/opt/ffmpeg', 'in')
  expect(probing.args.join(' ')).toContain(`/opt/ffprobe -hide_banner -loglevel error ${inputGuards.join(' ')}`)
  expect(ffprobePath('ffmpeg')).toBe('ffprobe')
})

test('a playlist under the name of a film reads nothing', async (context) => {
  if (skip) return context.skip(skip)
  const canary = samples.encode('canary.ts', ...bars(1))
  const playlist = samples.path('evil.mp4')
  writeFileSync(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1.0,\nfile://${canary}\n#EXT-X-ENDLIST\n`)
  const bare = await run(
    { program: 'ffmpeg', args: ['-v', 'error', '-y', '-i', playlist, '-f', 'null', '-'] },
    allowance,
  )
  const guarded = await run(ffmpegCommand('ffmpeg', playlist, ['-f', 'null', '-'], allowance), allowance)
  // Without the guards this very file is read: the test would not pass for another reason.
  expect(bare.code, bare.errors).toBe(0)
  expect(guarded.code).not.toBe(0)
  expect(guarded.errors).toContain('not on whitelist')
  await expect(probe('ffmpeg', playlist)).rejects.toMatchObject({ code: 'media.unreadable' })
})

test('an input that lasts is killed by the clock', async (context) => {
  if (skip) return context.skip(skip)
  const begun = Date.now()
  const ran = await run({ program: 'sleep', args: ['30'] }, { seconds: 0.2 })
  expect(ran.code).toBeNull()
  expect(Date.now() - begun).toBeLessThan(5000)
  expect(await isInstalled('/nonexistent/ffmpeg')).toBe(false)
  expect(await isInstalled('ffmpeg')).toBe(true)
})

const film = (changes: object = {}, format: object = {}): ProbeReport => ({
  format: { duration: '10.0', ...format },
  streams: [{ codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, avg_frame_rate: '25/1', ...changes }],
})

test.each([
  ['ten hours in 400 kB', film({}, { duration: '36000' }), 'duration'],
  ['an hour and a half in 400 kB', film({}, { duration: '5400' }), 'implausible'],
  ['50,000 by 50,000', film({ width: 50_000, height: 50_000 }), 'pixels'],
  ['no size', film({ width: 0, height: 0 }), 'unreadable'],
  ['an unknown codec', film({ codec_name: 'ansi' }), 'codec'],
  ['nothing', { streams: [] }, 'unreadable'],
  ['a cover alone', film({ disposition: { attached_pic: 1 } }), 'unreadable'],
  ['forty tracks', { streams: Array.from({ length: 40 }, () => film().streams![0]!) }, 'streams'],
])('a film that claims %s is refused', (_, report, code) => {
  expect(() => readReport(report, 400_000)).toThrowError(expect.objectContaining({ code: `media.${code}` }))
})

test('a film lying on its side is read as it is shown', () => {
  const report = film({ side_data_list: [{ rotation: -90 }] })
  expect(readReport(report, 1e6)).toMatchObject({ kind: 'film', video: { width: 1080, height: 1920 }, duration: 10 })
  const sound = { streams: [{ codec_type: 'audio', codec_name: 'mp3', duration: '3' }] }
  expect(readReport(sound, 1e5)).toMatchObject({ kind: 'sound', video: null, duration: 3 })
})

test.each([
  ['30000/1001', 30_000 / 1001],
  ['297/10', 30_000 / 1001],
  ['25/1', 25],
  ['240/1', 60],
  ['0/0', 25],
  ['15/1', 15],
  ['1/2', 1],
])('a rate of %s becomes constant at %d', (given, expected) => {
  expect(constantRate(given, undefined)).toBeCloseTo(expected, 5)
})

test('heights stay at or below the source', () => {
  expect(ladder(1920, 1080)).toEqual([1080, 720, 480])
  expect(ladder(3840, 2160)).toEqual([1080, 720, 480])
  expect(ladder(1080, 1920)).toEqual([1080, 720, 480])
  expect(ladder(1280, 720)).toEqual([720, 480])
  expect(ladder(290, 480)).toEqual([290])
  expect(ladder(500, 481)).toEqual([482])
})

test('every moment of a film has its picture on the sheet', () => {
  for (const duration of [0.5, 3, 99.2, 100, 101, 3600, 7200]) {
    const plan = planSprite(duration, 1920, 1080)
    expect(plan.count).toBeLessThanOrEqual(100)
    expect(plan.columns * plan.rows).toBeGreaterThanOrEqual(plan.count)
    expect(plan.count * plan.every).toBeGreaterThanOrEqual(duration)
    const cues = spriteTrack(plan, duration).match(/-->/g)
    expect(cues).toHaveLength(plan.count)
  }
})

test('peaks show where a sound is loud', async () => {
  const path = samples.path('samples.pcm')
  const loud = Buffer.alloc(16_000)
  for (let n = 4000; n < 8000; n++) loud.writeInt16LE(n % 2 === 0 ? 30_000 : -30_000, n * 2)
  writeFileSync(path, loud)
  const peaks = await readPeaks(path, loud.length)
  expect(peaks).toMatchObject({ length: 1000, samples_per_pixel: 8 })
  expect(peaks.data.slice(0, 4)).toEqual([0, 0, 0, 0])
  expect(peaks.data.slice(-2)).toEqual([Math.floor(-30_000 / 256), Math.floor(30_000 / 256)])
  expect(drawPeaks(peaks)).toMatch(/^<svg [^>]+><path [^>]+ d="M0\.0 60\.0L/)
  writeFileSync(path, '')
  expect(drawPeaks(await readPeaks(path, 0))).toContain('<svg')
})
