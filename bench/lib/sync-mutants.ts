// Mistakes put in on purpose, each in a copy of the files of the device and of the server.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { program, type Program } from './sync-program.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const device = 'src/survey/ui/device/'
/** The files that may be wrong, and that see one another's copies; others are the product's own. */
const copied = [
  'src/statements/agree.ts',
  'src/survey/contributions/take.ts',
  ...['clock', 'engine', 'export', 'files', 'fold', 'http', 'journal', 'memory', 'sending'].map(
    (name) => `${device}${name}.ts`,
  ),
]

/** Texts that a file holds once, and what replaces them. */
type Changes = [text: string, broken: string][]
interface Mutation {
  name: string
  files: Record<string, Changes>
}

const onDevice = (name: string, file: string, ...changes: Changes): Mutation => ({
  name,
  files: { [`${device}${file}.ts`]: changes },
})
const onServer = (name: string, ...changes: Changes): Mutation => ({
  name,
  files: { 'src/survey/contributions/take.ts': changes },
})
const inAgreement = (name: string, ...changes: Changes): Mutation => ({
  name,
  files: { 'src/statements/agree.ts': changes },
})

const mutations: Mutation[] = [
  onDevice(
    'it says that an answer is safe before it is',
    'engine',
    ['await store.append((clock) => {', 'void quietly(store.append, (clock) => {'],
    [
      'function createWriter(',
      'const quietly = (append: (write: never) => Promise<number>, write: unknown) => append(write as never).catch(() => 0)\nfunction createWriter(',
    ],
    ['let result!: T', 'let result!: T\n    make(() => ({ id: "", contribution, at: iso(0) }))'],
  ),
  onDevice('what a gateway answers is an answer', 'sending', [
    "if (reply.kind === 'problem') return stop(pass, reply.problem, reply.message)",
    "if (reply.kind === 'problem') { await take(pass, rows, rows.map(({ entry }) => ({ id: entry.id, outcome: 'taken' }))); return true }",
  ]),
  onDevice('what is refused is called sent', 'journal', [
    "{ state: 'refused', ...said }",
    "{ state: 'sent', code: null, message: null }",
  ]),
  onDevice('what is to come later is called sent', 'journal', [
    "{ state: 'waiting', ...said }",
    "{ state: 'sent', code: null, message: null }",
  ]),
  onDevice('what is held is called sent', 'journal', [
    "{ state: 'held', ...said }",
    "{ state: 'sent', code: null, message: null }",
  ]),
  onDevice('what the server knows is sent for ever', 'journal', [
    "return { state: result.code === 'held' ? 'held' : 'sent', code: null, message: null }",
    'return { state, code, message }',
  ]),
  onDevice('entries are marked as sent before they are', 'sending', [
    'const reply = await ask(pass, rows)',
    "await pass.store.mark(rows.map(({ entry }) => ({ id: entry.id, outcome: 'taken' })))\n  const reply = await ask(pass, rows)",
  ]),
  onDevice('the clock of a device goes back', 'clock', ['time > clock.last ? 0 : clock.last + 1 - time', '0']),
  onDevice('the last answer is the first', 'fold', ['moment(a) - moment(b) ||', 'moment(b) - moment(a) ||']),
  onDevice('an answer that was taken back stays', 'fold', ['|| retracted.has(entry.id)', '']),
  onDevice('the file leaves out what was not sent', 'export', [
    'for (const row of await store.list(person)) {',
    "for (const row of await store.list(person)) {\n    if (row.state === 'waiting') continue",
  ]),
  onDevice('the file leaves out photos', 'export', ["if (state !== 'sent')", "if (state === 'sent')"]),
  onDevice('what comes by a file is called sent', 'export', ["state: 'waiting',\n  code", "state: 'sent',\n  code"]),
  onDevice('what comes by a file passes for this device’s', 'export', [
    "typeof given.device === 'string' ? given.device : header.device",
    "header.device + 'x'",
  ]),
  onDevice('photos are called sent when they are stopped', 'files', [
    "if (result.outcome === 'stopped') return report",
    "if (result.outcome === 'stopped') { await store.markFile(file.id, 'sent', null); continue }",
  ]),
  onDevice('a full device keeps half', 'memory', [
    "fault(name, 'before')\n    const result = work()",
    "const result = work()\n    fault(name, 'before')",
  ]),
  onServer('an entry that comes twice is taken twice', [
    'const before = await trx.findEntry(entry.id)',
    'const before = (await trx.findEntry(entry.id)) && null',
  ]),
  onServer('nobody waits for another request', ['await trx.lock(device, entry.contribution)', '']),
  onServer('the skew of a clock is not taken off', [
    'Date.parse(at) + Date.parse(now) - Date.parse(sentAt)',
    'Date.parse(at) + 0 * Date.parse(sentAt)',
  ]),
  onServer('two words of a device change places', ['if (before !== null && moment < before) moment = before', '']),
  onServer('what is taken back is not', ["if (state === 'taken') await trx.takeBack(answer)", '']),
  onServer('what is refused goes without a word', ['results.push(resultOf(entry.id, first ?? error))', '']),
  onServer('what did not succeed is taken', [
    'results.push(resultOf(entry.id, first ?? error))',
    "results.push({ id: entry.id, outcome: 'taken' })",
  ]),
  inAgreement('a body overwrites another one', [
    "source.kind === 'body' ? `body ${source.body}`",
    "source.kind === 'body' ? 'body'",
  ]),
  inAgreement(
    'the word that came last is the last',
    ['[...new Map([...acts].map((one) => [one.id, one])).values()].sort((a, b) => compare(a.id, b.id))', '[...acts]'],
    ['counted.toSorted(bySaid)', 'counted'],
  ),
  {
    name: 'what is old is removed, sent or not',
    files: {
      [`${device}engine.ts`]: [['counts.waiting + counts.held + counts.refused === 0', 'counts.waiting >= 0']],
      [`${device}memory.ts`]: [["own.some(({ state }) => state !== 'sent')", 'own.length < 0']],
    },
  },
]

/** Imports of a copy: of another copy as they are, of anything else by its whole address. */
function rebound(text: string, file: string): string {
  return text.replace(/(from\s+')([^']+)(')/g, (whole, before: string, specifier: string, after: string) => {
    if (specifier.startsWith('#')) return before + import.meta.resolve(specifier) + after
    if (!specifier.startsWith('.')) return whole
    const target = join(root, dirname(file), specifier)
    return copied.some((one) => join(root, one) === target) ? whole : before + pathToFileURL(target).href + after
  })
}

function textOf(file: string, { name, files }: Mutation): string {
  let text = readFileSync(join(root, file), 'utf8')
  for (const [from, to] of files[file] ?? []) {
    if (text.split(from).length !== 2) throw new Error(`${file} holds not once, for « ${name} »: ${from}`)
    text = text.replace(from, () => to)
  }
  return text
}

/**
 * The code under test with one mistake in it, a mutant at a time.
 * @throws {Error} when a file no longer holds the text that a mutation replaces, exactly once
 */
export async function* makeMutants(): AsyncIterable<{ name: string; program: Program }> {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-sync-'))
  try {
    for (const [number, mutation] of mutations.entries()) {
      const mutant = { ...program }
      for (const file of copied) {
        const path = join(folder, String(number), file)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, rebound(textOf(file, mutation), file))
      }
      for (const file of copied) {
        const module = (await import(pathToFileURL(join(folder, String(number), file)).href)) as object
        for (const [name, value] of Object.entries(module)) if (name in mutant) Object.assign(mutant, { [name]: value })
      }
      yield { name: mutation.name, program: mutant }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
