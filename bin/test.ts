// Everything that must hold before a change lands; `npm test -- unit` runs one step.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, ffmpeg, startPostgres } from './machine.ts'
import { build } from './start.js'

const reports = mkdtempSync(join(tmpdir(), 'artisanumerique-reports-'))
const total = { passed: 0, failed: 0 }
const failures: string[] = []
/** Names of the tests that failed, told again at the end: the beginning of a long output is easily lost. */
const failedTests: string[] = []
const wanted = process.argv.slice(2)
const ours = (file: string) => join(import.meta.dirname, file)
const tool = (name: string) => join(import.meta.dirname, '../node_modules/.bin', name)

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function step(name: string, work: () => Promise<{ passed: number; failed: number }>) {
  if (wanted.length > 0 && !wanted.includes(name)) return
  const start = Date.now()
  process.stdout.write(`\n── ${name}\n`)
  let result: { passed: number; failed: number }
  try {
    result = await work()
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    result = { passed: 0, failed: 1 }
  }
  total.passed += result.passed
  total.failed += result.failed
  if (result.failed > 0) failures.push(name)
  process.stdout.write(
    `── ${name}: ${result.passed} passed, ${result.failed} failed (${Math.round((Date.now() - start) / 1000)} s)\n`,
  )
}

const check =
  (command: string, ...args: string[]) =>
  async () =>
    (await run(tool(command), args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

interface Assertion {
  status: string
  fullName: string
  failureMessages: string[]
}

/** Counts of a vitest run, from its own report: a run that executes nothing fails. */
async function vitest(name: string, args: string[], env: Record<string, string> = {}) {
  const report = join(reports, `${name}.json`)
  const code = await run(
    tool('vitest'),
    [
      'run',
      '--reporter=default',
      `--reporter=${ours('skips.ts')}`,
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    env,
  )
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    testResults: { name: string; message: string; assertionResults: Assertion[] }[]
  }
  for (const { name: file, message, assertionResults } of testResults) {
    if (message) failedTests.push(`${name} ${file}: ${message}`)
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed') failedTests.push(`${name} ${file} › ${fullName}: ${failureMessages[0] ?? ''}`)
  }
  const broken = numFailedTests === 0 && (code !== 0 || numPassedTests === 0) ? 1 : 0
  return { passed: numPassedTests, failed: numFailedTests + broken }
}

interface Suite {
  suites?: Suite[]
  specs: { file: string; title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }[]
}

const failedSpecs = ({ suites = [], specs }: Suite): string[] => [
  ...specs
    .filter(({ ok }) => !ok)
    .map(
      ({ file, title, tests }) =>
        `journeys ${file} › ${title}: ${tests[0]?.results.findLast(({ error }) => error)?.error?.message ?? 'did not run'}`,
    ),
  ...suites.flatMap(failedSpecs),
]

async function playwright() {
  ffmpeg()
  build()
  const report = join(reports, 'journeys.json')
  const code = await run(tool('playwright'), ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    CHROMIUM: chromium(),
  })
  const { stats, suites } = JSON.parse(readFileSync(report, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number }
    suites: Suite[]
  }
  failedTests.push(...suites.flatMap(failedSpecs))
  const failed = stats.unexpected + stats.flaky
  return { passed: stats.expected, failed: failed === 0 && (code !== 0 || stats.expected === 0) ? 1 : failed }
}

await run(tool('svelte-kit'), ['sync'])
await step('format', check('prettier', '--check', '--log-level=warn', '.'))
await step('lint', check('oxlint'))
await step('types', check('svelte-check', '--fail-on-warnings', '--output', 'human'))
await step('dead-code', check('knip', '--no-progress', '--no-config-hints'))
await step('unit', () => vitest('unit', ['--project', 'unit'], { CHROMIUM: chromium() }))
await step('pglite', () => {
  ffmpeg()
  return vitest('pglite', ['--project', 'database'])
})
await step('postgres', async () => {
  ffmpeg()
  const server = await startPostgres()
  try {
    return await vitest('postgres', ['--project', 'database'], { TEST_DATABASE_URL: server.url })
  } finally {
    server.stop()
  }
})
await step('journeys', playwright)
await step('smoke', async () =>
  (await run(process.execPath, [ours('smoke.ts')])) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
)

rmSync(reports, { recursive: true, force: true })
for (const one of failedTests) process.stdout.write(`\n✘ ${one.slice(0, 1500)}\n`)
if (failures.length > 0) process.stdout.write(`\nÀ corriger : ${failures.join(', ')}\n`)
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
