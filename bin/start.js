// Plain JavaScript without dependency: it runs on the machine's own Node (20 or later), installs what is missing, then
// starts the program on the Node that the lockfile pins.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const at = (...parts) => join(root, ...parts)

function filesBelow(folder, keep, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) filesBelow(path, keep, found)
    else if (keep(path)) found.push(path)
  }
  return found
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

function run(command, args, env = process.env) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env })
  if (done.error) throw done.error
  if (done.status !== 0) process.exit(done.status ?? 1)
}

// npm must not run on the Node that it is about to replace.
const cleanPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((entry) => !entry.includes('node_modules'))
  .join(delimiter)

/** Installs the locked packages when the lockfile changed. */
export function install(folder = root) {
  const stamp = join(folder, 'node_modules', '.installed')
  const wanted = hashOf([join(folder, 'package.json'), join(folder, 'package-lock.json')])
  if (read(stamp) === wanted) return
  process.stderr.write('Installation des bibliothèques…\n')
  run('npm', ['ci', '--prefix', folder, '--loglevel=error', '--no-audit', '--no-fund'], {
    ...process.env,
    PATH: cleanPath,
    NODE_ENV: 'development',
  })
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** The pinned Node when its package fits this machine, else the one that runs. */
export function node() {
  const pinned = join(bin, 'node')
  if (existsSync(pinned) && spawnSync(pinned, ['-v']).status === 0) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  process.stderr.write('Il faut Node 24 ou plus récent sur cette machine : https://nodejs.org/fr\n')
  process.exit(1)
}

/** Builds the pages when one of their sources changed. */
export function build() {
  const partOfBuild = (path) =>
    /\.(svelte|css|html)$|\.svelte\.ts$|[\\/](ui|routes)[\\/]|messages\.ts$|model\.ts$|hooks(\.server)?\.ts$/.test(
      path,
    ) && !path.endsWith('.test.ts')
  const sources = [...filesBelow(at('src'), partOfBuild), at('vite.config.ts'), at('package-lock.json')]
  const wanted = hashOf(sources)
  const stamp = at('build', '.stamp')
  if (read(stamp) === wanted) return
  process.stderr.write('Construction des pages…\n')
  run(
    node(),
    [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--configLoader', 'native', '--logLevel', 'warn'],
    {
      ...process.env,
      NODE_ENV: 'production',
    },
  )
  writeFileSync(stamp, wanted)
}

/** Runs a program on the pinned Node until it ends, passing on the signals; its exit code becomes ours. */
export function exec(args, env = {}) {
  const child = spawn(node(), args, {
    cwd: process.cwd(),
    stdio: 'inherit',
    env: { ...process.env, ...env, PATH: bin + delimiter + (process.env.PATH ?? '') },
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [mode, ...rest] = process.argv.slice(2)
  install()
  if (mode === '--test') exec([at('bin', 'test.ts'), ...rest])
  else if (mode === '--bench') {
    install(at('bench'))
    if (!rest[0] || !existsSync(at('bench', `${rest[0]}.ts`))) {
      const names = readdirSync(at('bench')).filter((name) => name.endsWith('.ts'))
      process.stderr.write(`Usage : npm run bench -- NOM, parmi ${names.map((name) => name.slice(0, -3)).join(', ')}\n`)
      process.exit(2)
    }
    exec([at('bench', `${rest[0]}.ts`), ...rest.slice(1)])
  } else if (mode === '--dev') exec(['--watch', '--watch-preserve-output', at('src', 'main.ts'), '--dev'])
  else {
    build()
    if (statSync(at('build')).isDirectory())
      exec(['--max-semi-space-size=4', at('src', 'main.ts'), ...(mode ? [mode, ...rest] : [])], {
        NODE_ENV: 'production',
      })
  }
}
