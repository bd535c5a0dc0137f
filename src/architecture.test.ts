import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import architecture from './architecture.json' with { type: 'json' }

const src = resolve(import.meta.dirname)
const allowed: Record<string, string[]> = architecture.capabilities
const names = Object.keys(allowed)

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : /\.(ts|svelte)$/.test(entry.name) ? [path] : []
  })
}

interface Import {
  /** Erased at run time. */
  typeOnly: boolean
  file: string
  capability: string | null
  specifier: string
}

const specifiers =
  /(?:\b(?:import|export)\s+(type\s)?[^'"()]*?\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\2/g
const files = filesBelow(src)
const isTest = (file: string) => /\.test\.ts$|\/testing\.ts$|\/testing\//.test(file)
const capabilityOf = (file: string) => names.find((name) => file.startsWith(join(src, name) + '/')) ?? null
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(specifiers)].map((match) => ({
    file,
    capability: capabilityOf(file),
    typeOnly: match[1] !== undefined,
    specifier: match[3]!,
  })),
)
const show = (one: Import) => `${relative(src, one.file)} imports ${one.specifier}`

test('every folder of src is a capability or the site map', () => {
  const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map((entry) => entry.name).filter((name) => name !== 'routes' && !names.includes(name))).toEqual([])
})

test('a capability imports only those that architecture.json allows', () => {
  const wrong = imports.filter(({ capability, specifier, file }) => {
    const target = /^#([a-z]+)/.exec(specifier)?.[1]
    return target && capability && target !== capability && !isTest(file) && !allowed[capability]!.includes(target)
  })
  expect(wrong.map(show)).toEqual([])
})

test('the list allows nothing downwards', () => {
  for (const [index, name] of names.entries()) {
    for (const other of allowed[name]!) expect(names.indexOf(other), `${name} → ${other}`).toBeLessThan(index)
  }
})

test('other capabilities are reached by their door, model or ui alone', () => {
  const wrong = imports.filter(({ specifier, capability, file }) => {
    if (isTest(file)) return false
    if (specifier.startsWith('#'))
      return !/^#[a-z]+(\/model|\/ui\/.+)?$/.test(specifier) || specifier === `#${capability}`
    if (!specifier.startsWith('.') || !capability) return false
    return !resolve(dirname(file), specifier).startsWith(join(src, capability) + '/') && !specifier.includes('/data/')
  })
  expect(wrong.map(show)).toEqual([])
})

test('browser code imports libraries, models and components only', () => {
  const browser = imports.filter(({ file }) => /\/ui\//.test(file) || /routes\/.*\.svelte$/.test(file))
  const wrong = browser.filter(({ specifier, file }) => {
    if (specifier.startsWith('#')) return !/^#[a-z]+\/(model|ui\/.+)$/.test(specifier)
    if (specifier.startsWith('node:')) return !isTest(file)
    if (!specifier.startsWith('.')) return false
    return (
      !/(^|\/)\$types$|\.svelte$|messages\.ts$|model\.ts$|\.css$|\.woff2(\?url)?$|\.svelte\.ts$/.test(specifier) &&
      !resolve(dirname(file), specifier).includes('/ui/')
    )
  })
  expect(wrong.map(show)).toEqual([])
})

test('no cycle between the files of one capability', () => {
  const graph = new Map<string, string[]>()
  for (const { file, specifier, typeOnly } of imports) {
    if (!specifier.startsWith('.') || typeOnly || isTest(file)) continue
    const target = resolve(dirname(file), specifier)
    if (existsSync(target)) graph.set(file, [...(graph.get(file) ?? []), target])
  }
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]) => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open')
      return void cycles.push([...path.slice(path.indexOf(file)), file].map((f) => relative(src, f)).join(' → '))
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  expect(cycles).toEqual([])
})

test('only platform/config.ts reads the environment', () => {
  const wrong = files.filter(
    (file) =>
      !isTest(file) &&
      !/platform\/(config|http\/pages)\.ts$/.test(file) &&
      readFileSync(file, 'utf8').includes('process.env'),
  )
  expect(wrong.map((file) => relative(src, file))).toEqual([])
})

test('SQL names no other capability’s schema, but its published views', () => {
  const wrong: string[] = []
  for (const file of files.filter((one) => !isTest(one))) {
    const capability = capabilityOf(file)
    if (!capability) continue
    const text = readFileSync(file, 'utf8').replace(/^\s*(import|export) .*$/gm, '')
    for (const match of text.matchAll(
      /\b(?:from|join|into|update|table|using|truncate|copy|exists)\s+([a-z]+)\.([a-z_]+)/g,
    )) {
      const [, schema, table] = match as unknown as [string, string, string]
      if (names.includes(schema) && schema !== capability && !table.startsWith('public_'))
        wrong.push(`${relative(src, file)}: ${schema}.${table}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every page and every server route declares its permission', () => {
  const routes = join(src, 'routes')
  const pages = filesBelow(routes).filter((file) => /\+page\.svelte$|\+server\.ts$/.test(file))
  const wrong = pages.filter((page) => {
    const server = page.endsWith('+server.ts') ? page : join(dirname(page), '+page.server.ts')
    if (!existsSync(server)) return true
    const text = readFileSync(server, 'utf8')
    if (!/export const _permission\b/.test(text)) return true
    return /export const actions\b/.test(text) && !/export const _permissions\b/.test(text)
  })
  expect(wrong.map((file) => relative(src, file))).toEqual([])
})

test('every command says who acts and checks the right', () => {
  const wrong = files
    .filter((file) => file.endsWith('/commands.ts') && capabilityOf(file) && !file.includes('/cli/'))
    .flatMap((file) => {
      const parts = readFileSync(file, 'utf8')
        .split(/^export async function /m)
        .slice(1)
      return parts
        .filter(
          (part) =>
            !part.startsWith('prepare') &&
            !(/^\w+\([^)]*\bactor: Actor\b/.test(part) && /\brequire(Permission|Right)\(/.test(part)),
        )
        .map((part) => `${relative(src, file)}: ${part.slice(0, part.indexOf('('))}`)
    })
  expect(wrong).toEqual([])
})

test('package.json opens exactly the doors of the capabilities that exist', () => {
  const { imports: doors } = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as {
    imports: Record<string, string>
  }
  const existing = names.filter((name) => existsSync(join(src, name)))
  const expected = existing.flatMap((name) => [`#${name}`, `#${name}/model`, `#${name}/ui/*`])
  expect(Object.keys(doors).sort()).toEqual(expected.sort())
  for (const name of existing) {
    expect(doors[`#${name}`]).toBe(`./src/${name}/index.ts`)
    expect(doors[`#${name}/model`]).toBe(`./src/${name}/model.ts`)
    expect(doors[`#${name}/ui/*`]).toBe(`./src/${name}/ui/*`)
  }
})
