import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { App } from '../application.ts'
import { notFound } from '../errors.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Gives the running version's source, as the AGPL asks (§ 13), from the program's own checkout. */
export function sourceRoute(server: FastifyInstance, app: App) {
  server.get(
    '/source.tar.gz',
    { config: { permission: 'public', rateLimit: { max: 20, timeWindow: 60_000 } } },
    async (_request, reply) => {
      if (app.commit === 'unknown') throw notFound('Le code source de cette version')
      const git = spawn('git', ['archive', '--format=tar.gz', `--prefix=artisanumerique-${app.commit}/`, app.commit], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      return reply
        .type('application/gzip')
        .header('content-disposition', `attachment; filename="artisanumerique-${app.commit}.tar.gz"`)
        .send(git.stdout)
    },
  )
}
