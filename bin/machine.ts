import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const isRoot = process.getuid?.() === 0
let updated = false

function install(what: string, packages: string[]) {
  const advice = `Il manque ${what}. Sur Debian ou Ubuntu : sudo apt-get install ${packages.join(' ')}`
  if (!isRoot || !existsSync('/usr/bin/apt-get')) throw new Error(advice)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0
  process.stderr.write(`Installation de ${what}…\n`)
  if (!updated) updated = apt('update', '-q')
  if (!apt('install', '-y', '-q', '--no-install-recommends', ...packages)) throw new Error(advice)
}

/** Chromium's path; installs Debian's package where it may. */
export function chromium(): string {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  if (!known.some((path) => existsSync(path))) install('Chromium', ['chromium', 'fonts-dejavu-core'])
  return known.find((path) => existsSync(path)) ?? known[0]!
}

/** Installs Debian's ffmpeg, which re-encodes films and sounds, where it may. */
export function ffmpeg(): void {
  if (spawnSync('ffmpeg', ['-version']).error) install('ffmpeg', ['ffmpeg'])
}

function postgresFolder(): string | null {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base)
    ? readdirSync(base).filter((name) => Number(name) >= 15 && existsSync(join(base, name, 'bin/initdb')))
    : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest ? join(base, newest, 'bin') : null
}

/** A port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Starts a PostgreSQL of our own in a temporary folder; installs Debian's package where it may. */
export async function startPostgres(): Promise<{ url: string; stop(): void }> {
  if (!postgresFolder()) install('PostgreSQL 15', ['postgresql-15'])
  const bin = postgresFolder()
  if (!bin) throw new Error('PostgreSQL 15 ou plus récent est introuvable dans /usr/lib/postgresql')
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'artisanumerique-pg-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const uid = isRoot ? Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout) : 0
  if (isRoot) for (const path of [folder, data]) chownSync(path, uid, uid)
  const as = (command: string, args: string[]) => {
    const full = isRoot
      ? ['runuser', '-u', 'postgres', '--', join(bin, command), ...args]
      : [join(bin, command), ...args]
    const done = spawnSync(full[0]!, full.slice(1), { stdio: ['ignore', 'ignore', 2], cwd: folder })
    if (done.status !== 0) throw new Error(`${command} a échoué`)
  }
  const port = await freePort()
  as('initdb', ['-D', data, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-U', 'postgres'])
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off`
  as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      as('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
