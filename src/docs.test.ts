import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { capabilities } from './compose.ts'
import { parseLine, titleOf } from './platform/cli/parse.ts'

const root = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const find = (pattern: string) =>
  globSync(pattern, {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|build|\.svelte-kit|var|test-results)$/.test(path),
  }).sort()

const pages = find('**/*.md')
const guides = pages.filter((page) => page.startsWith('docs/guides/'))
const withoutBlocks = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '')
/** What a page says in backticks, outside of its blocks. */
const codeOf = (page: string) => [...withoutBlocks(read(page)).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)

test('the pages are found', () => {
  expect(pages).toContain('README.md')
  expect(guides.length).toBeGreaterThan(5)
})

test.each(pages)('every link of %s leads to a file', (page) => {
  const text = withoutBlocks(read(page))
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/g)].map((match) => match[1] ?? match[2]!)
  const wrong = links.filter(
    (link) => !/^(https?:|#)/.test(link) && !existsSync(join(root, dirname(page), link.split('#')[0]!)),
  )
  expect(wrong).toEqual([])
})

test.each(pages)('every path that %s names exists', (page) => {
  const isPath = (code: string) => /^(src|bin|docs|data|bench|migrations|e2e)\/[^*{<…\s]*$/.test(code)
  const isFolderHere = (code: string) => page.startsWith('src/') && /^[a-z]+\/$/.test(code)
  const wrong = codeOf(page).filter(
    (code) =>
      (isPath(code) && !existsSync(join(root, code))) ||
      (isFolderHere(code) && !existsSync(join(root, dirname(page), code))),
  )
  expect(wrong).toEqual([])
})

test('every page that the code names exists', () => {
  const named = find('src/**/*.ts').flatMap((file) => read(file).match(/\bdocs\/[\w/-]+\.md\b/g) ?? [])
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((page) => !existsSync(join(root, page)))).toEqual([])
})

/** Names of the settings with their defaults, as the schema of the configuration says them. */
function settingsOfCode(): Record<string, string> {
  const schema = /const schema = v\.object\(\{\n([\s\S]*?)\n\}\)/.exec(read('src/platform/config.ts'))![1]!
  const entries = schema.split(/^ {2}(?=[A-Z_]+:)/m).filter(Boolean)
  return Object.fromEntries(
    entries.map((entry) => [/^[A-Z_]+/.exec(entry)![0], /'([^']*)',?\s*\),?\s*$/.exec(entry)?.[1] ?? '']),
  )
}

test.each(['README.md', 'docs/guides/deployer.md'])(
  'the settings of %s are those of the code, with their defaults',
  (page) => {
    const rows = [...read(page).matchAll(/^\| `([A-Z_]+)`\s*\|\s*(?:`([^`]*)`)?\s*\|/gm)]
    expect(Object.fromEntries(rows.map(([, name, value]) => [name, value ?? '']))).toEqual(settingsOfCode())
    expect(rows.length).toBeGreaterThan(10)
  },
)

const tablesOf = (text: string) => new Set(text.match(/\b[a-z]+\.[a-z_]+\b/g))

test.each(find('src/*/README.md'))('the tables that %s names are those of the migrations', (page) => {
  const schema = basename(dirname(page))
  const sql = find('migrations/*.sql').map(read).join('\n')
  const created = new Set<string>()
  for (const [, act, name] of sql.matchAll(/\b(create|drop) (?:unlogged )?(?:table|view) ([a-z]+\.[a-z_]+)/g))
    if (act === 'create') created.add(name!)
    else created.delete(name!)
  // The table of migrations is made by what applies them.
  const own = [...created, 'platform.migration'].filter((name) => name.startsWith(`${schema}.`))
  const named = [...tablesOf(codeOf(page).join(' '))].filter((name) => name.startsWith(`${schema}.`))
  expect(named.sort()).toEqual(own.sort())
})

test('every capability says why it exists', () => {
  for (const { name } of capabilities) expect(existsSync(join(root, `src/${name}/README.md`)), name).toBe(true)
})

const decisions = find('docs/decisions/*.md')

test.each(decisions)('%s fits a page and says its state, its reasons and what follows', (page) => {
  const text = read(page)
  expect(text.split('\n').length).toBeLessThanOrEqual(40)
  expect(text).toMatch(/^# \d+\. .+\n\nStatus: (accepted|superseded by \[.+\]\(.+\))\. Date: \d{4}-\d\d-\d\d\.\n/)
  expect(text.match(/^## .+$/gm)).toEqual(['## Context', '## Decision', '## Consequences'])
})

test('decisions are numbered one after the other', () => {
  const numbers = decisions.map((page) => [basename(page).slice(0, 4), /^# (\d+)\./.exec(read(page))?.[1]])
  expect(numbers).toEqual(decisions.map((_, index) => [String(index + 1).padStart(4, '0'), String(index + 1)]))
})

const commands = capabilities.flatMap((one) => one.commands ?? [])
/** The command lines of a text, without their environment. */
const commandLines = (text: string) =>
  [...text.matchAll(/(?:npm run cli --|npx artisanumerique)[ \t]+([^`\n|&;]+)/g)].map((match) => match[1]!.trim())

test.each(pages)('every command line of %s is one that the program understands', (page) => {
  for (const line of commandLines(read(page)).filter((one) => !/^(…|COMMANDE)/.test(one)))
    expect(() => parseLine(commands, line.split(/\s+/)), line).not.toThrow()
})

test('every command is in a guide', () => {
  const lines = guides.flatMap((page) => commandLines(read(page)))
  const missing = commands.map(titleOf).filter((title) => !lines.some((line) => line.startsWith(title)))
  expect(missing).toEqual([])
})

test('every page of the site that a guide names exists', () => {
  const addresses = guides.flatMap(codeOf).filter((code) => /^\/[a-z-]+(\/[a-z-]+)*$/.test(code) && code !== '/healthz')
  expect(addresses.length).toBeGreaterThan(0)
  expect(addresses.filter((address) => !existsSync(join(root, `src/routes${address}/+page.svelte`)))).toEqual([])
})
