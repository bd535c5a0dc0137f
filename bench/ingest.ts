// A whole preparation of a deposited film, beside one ffmpeg command line that a person would write for the same files.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../src/compose.ts'
import { createServer as createSite, newId, readConfig, sql, type App } from '../src/platform/index.ts'
import { finishUpload, settleIntake } from '../src/media/deposit/intake.ts'
import { uploadPath } from '../src/media/deposit/uploads.ts'
import { planSprite } from '../src/media/ffmpeg/film.ts'
import { processFile } from '../src/media/process/process.ts'
import { median, quantile, report } from './lib/measure.ts'

const rounds = 5
const seconds = 20
const rate = 30
const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-ingest-'))

async function run(program: string, args: string[]) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}

/** A film as a telephone makes them: 1080 lines, thirty a second, moving everywhere, with sound. */
async function writeFilm(name: string, seed: number): Promise<string> {
  const path = join(folder, name)
  const picture = `testsrc2=s=1920x1080:r=${rate}:d=${seconds},noise=alls=8:allf=t:all_seed=${seed}`
  const sound = `anoisesrc=d=${seconds}:c=pink:a=0.2:seed=${seed}`
  const coding = '-c:v libx264 -preset veryfast -b:v 12M -pix_fmt yuv420p -c:a aac -b:a 128k -shortest'.split(' ')
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, ...coding, path])
  return path
}

/** The same files by hand: one decoding, three films, the sheet of pictures, and the posters in the same sizes. */
async function byHand(film: string, to: string): Promise<number> {
  mkdirSync(to, { recursive: true })
  const { every, width, height, columns, rows } = planSprite(seconds, 1920, 1080)
  const filter = [
    `[0:v]fps=${rate},scale=-2:1080:flags=bicubic,format=yuv420p,split=3[a][x][p]`,
    `[x]scale=-2:720:flags=bicubic,split=2[b][y]`,
    `[y]scale=-2:480:flags=bicubic,split=2[c][z]`,
    `[z]fps=1/${every}:round=up,scale=${width}:${height},tile=${columns}x${rows}[s]`,
    `[p]select=gte(t\\,${seconds * 0.2}),split=3[p1][p2][p3]`,
    `[p1]scale=1920:-2[q1];[p2]scale=960:-2[q2];[p3]scale=480:-2[q3]`,
    ...[1, 2, 3].map((n) => `[q${n}]split=3[j${n}][w${n}][v${n}]`),
  ].join(';')
  const coding = `-c:v libx264 -preset veryfast -crf 23 -profile:v high -pix_fmt yuv420p -g ${2 * rate} -c:a aac -b:a 128k -ac 2 -ar 48000 -movflags +faststart`
  const films = ['a', 'b', 'c'].flatMap((one) => [
    '-map',
    `[${one}]`,
    '-map',
    '0:a:0',
    ...coding.split(' '),
    join(to, `${one}.mp4`),
  ])
  const one = (label: string, coding: string, name: string) => [
    '-map',
    `[${label}]`,
    '-frames:v',
    '1',
    ...coding.split(' '),
    join(to, name),
  ]
  const posters = [1, 2, 3].flatMap((n) => [
    ...one(`j${n}`, '-q:v 4', `poster-${n}.jpg`),
    ...one(`w${n}`, '-c:v libwebp -quality 78', `poster-${n}.webp`),
    ...one(`v${n}`, '-c:v libaom-av1 -still-picture 1 -cpu-used 6 -crf 30', `poster-${n}.avif`),
  ])
  const sheet = one('s', '-c:v libwebp -quality 60', 'sprite.webp')
  const start = performance.now()
  // At the priority of the product's own encoder: else, on a busy machine, the others would be measured.
  const input = ['-nostdin', '-v', 'error', '-y', '-i', film, '-filter_complex', filter]
  await run('nice', ['-n', '15', 'ffmpeg', ...input, ...films, ...sheet, ...posters])
  return (performance.now() - start) / 1000
}

/** What follows the last byte of an upload: recognised, put away, probed, encoded, its posters made, published. */
async function byProduct(app: App, film: string): Promise<number> {
  const id = newId()
  copyFileSync(film, uploadPath(app, id))
  await sql`insert into media.file (id, name, bytes, state, depositor, subject_kind, subject_id)
    values (${id}, 'film.mp4', 1, 'uploading', 'bench', 'person', 'bench')`.execute(app.db.kysely)
  const start = performance.now()
  await finishUpload(app, id, 1)
  await settleIntake(app)
  await processFile(app, id)
  const taken = (performance.now() - start) / 1000
  const found = await sql<{ state: string }>`select state from media.file where id = ${id}`.execute(app.db.kysely)
  if (found.rows[0]?.state !== 'ready') throw new Error(`The film is ${found.rows[0]?.state}`)
  return taken
}

/** Asks the site for its health all the time, one question after the other, until it is stopped; milliseconds. */
function watchSite(address: string): () => Promise<number[]> {
  const stop = new AbortController()
  const times: number[] = []
  const done = (async () => {
    while (!stop.signal.aborted) {
      const start = performance.now()
      await (await fetch(`${address}/healthz`)).text()
      times.push(performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return async () => {
    stop.abort()
    await done
    return times
  }
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits))

async function main() {
  const dataDir = join(folder, 'data')
  const app = await compose({ ...readConfig({}), dataDir, databaseUrl: null, demo: false, logLevel: 'error' })
  const site = await createSite({ app, pages: 'none' })
  const address = await site.listen({ host: '127.0.0.1', port: 0 })
  const idle = watchSite(address)
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const idleTimes = await idle()
  const ratios: number[] = []
  const busyTimes: number[] = []
  for (let n = 0; n < rounds; n++) {
    const film = await writeFilm(`film-${n}.mp4`, n)
    const product = async () => {
      const watching = watchSite(address)
      const taken = await byProduct(app, film)
      busyTimes.push(...(await watching()))
      return taken
    }
    // Who is first changes each time: the second finds the film in memory.
    const hand = () => byHand(film, join(folder, `hand-${n}`))
    const [own, other] =
      n % 2 === 0 ? [await product(), await hand()] : await hand().then(async (b) => [await product(), b])
    ratios.push(own! / other!)
    console.log(
      `round ${n + 1}: the product ${round(own!)} s, by hand ${round(other!)} s, ratio ${round(own! / other!, 3)}`,
    )
    rmSync(join(folder, `hand-${n}`), { recursive: true })
    rmSync(film)
  }
  console.log(
    `/healthz: p95 ${round(quantile(idleTimes, 0.95))} ms idle, ${round(quantile(busyTimes, 0.95))} ms while a film is encoded (${busyTimes.length} questions)`,
  )
  await site.close()
  await app.db.close()
  report('ingest', { ratio: round(median(ratios), 3) })
}

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
