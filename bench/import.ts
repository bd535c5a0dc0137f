// A whole import of a stock of 500,000 establishments into a fresh data folder, beside DuckDB counting the same file.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../src/compose.ts'
import { readConfig, sql } from '../src/platform/index.ts'
import { runImport } from '../src/registry/index.ts'
import { writeStock } from '../src/registry/sirene/testing.ts'
import { report } from './lib/measure.ts'

/** What is used of @duckdb/node-api 1.5; its own types are not installed where only the product is. */
interface DuckDB {
  DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRowsJson(): [string, string][] }> }>
    }>
  }
}

interface Imported {
  seconds: number
  rows: number
  /** Units by commune, as declared. */
  communes: [string, number][]
  /** The program and the reader that it starts, together. */
  peakMegabytes: number
}

const rows = 500_000

const pss = (pid: string | number) =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1])

/** Megabytes that this process and those that it started take now, what they share counted once; null off Linux. */
function memoryNow(): number | null {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)
    return [process.pid, ...children].reduce<number>((sum, pid) => sum + pss(pid), 0) / 1024
  } catch {
    // No /proc, or a process that has just ended.
    return null
  }
}

/** The highest memory until it is called. */
function watchMemory(): () => number {
  let highest = 0
  const timer = setInterval(() => (highest = Math.max(highest, memoryNow() ?? 0)), 100)
  return () => {
    clearInterval(timer)
    return Math.round(highest)
  }
}

const openApp = (dataDir: string) =>
  compose({ ...readConfig({}), dataDir, databaseUrl: null, demo: false, logLevel: 'error' })

/** What the second process does: opens a folder that exists, imports, and says how it went. */
async function importAlone(dataDir: string, path: string): Promise<Imported> {
  const app = await openApp(dataDir)
  const highest = watchMemory()
  const start = performance.now()
  const done = await runImport(app, { files: [{ name: 'stock.csv', path }], departement: null, requestedBy: 'bench' })
  const seconds = (performance.now() - start) / 1000
  const peakMegabytes = highest()
  const found = await sql<{ commune: string; units: number }>`
    select commune_declared as commune, count(*)::int as units from registry.establishment group by 1 order by 1`.execute(
    app.db.kysely,
  )
  await app.db.close()
  const communes = found.rows.map(({ commune, units }): [string, number] => [commune, units])
  return { seconds, rows: done.rows, communes, peakMegabytes }
}

/** Runs this file again, so that each measure has a process of its own. */
function inProcess(...args: string[]): string {
  const done = spawnSync(process.execPath, [import.meta.filename, ...args], { encoding: 'utf8', maxBuffer: 1e8 })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout
}

async function countWithDuckDB(path: string): Promise<{ seconds: number; communes: [string, number][] }> {
  const peer: string = '@duckdb/node-api'
  const { DuckDBInstance } = (await import(peer)) as DuckDB
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const start = performance.now()
  const found = await connection.runAndReadAll(`
    select codeCommuneEtablissement, count(distinct siret) from read_csv('${path}', header = true, all_varchar = true)
    where length(siret) = 14 group by 1 order by 1`)
  const communes = found.getRowsJson().map(([commune, units]): [string, number] => [commune, Number(units)])
  return { seconds: (performance.now() - start) / 1000, communes }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-bench-'))
  try {
    const [file, dataDir] = [join(folder, 'stock.csv'), join(folder, 'data')]
    await writeStock(file, { rows })
    inProcess('open', dataDir)
    const ours = JSON.parse(inProcess('import', dataDir, file)) as Imported
    const again = JSON.parse(inProcess('import', dataDir, file)) as Imported
    const theirs = await countWithDuckDB(file)
    const same = [ours, again].every(({ communes }) => JSON.stringify(communes) === JSON.stringify(theirs.communes))
    const show = ({ seconds, peakMegabytes: peak }: Imported) => `${seconds.toFixed(1)} s, ${peak} MB at most`
    console.log(`${ours.rows} rows: imported in ${show(ours)}; again, unchanged, in ${show(again)}`)
    console.log(`DuckDB: counted by commune in ${theirs.seconds.toFixed(2)} s, ${same ? 'the same' : 'OTHER'} counts`)
    report('import', {
      rows_per_s: Math.round(rows / ours.seconds),
      duckdb_rows_per_s: Math.round(rows / theirs.seconds),
    })
    if (!same) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [role, dataDir, file] = process.argv.slice(2)
if (role === 'open') await (await openApp(dataDir!)).db.close()
else if (role === 'import') console.log(JSON.stringify(await importAlone(dataDir!, file!)))
else await main()
