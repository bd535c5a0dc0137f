import type { AddressInfo } from 'node:net'
import { announceFirstSignIn } from '#accounts'
import { createServer, listenForCommands, loadDemonstration, type App } from '#platform'

/** Serves until SIGTERM or SIGINT; what was accepted is answered before the end. */
export async function serve(app: App, { dev = false } = {}): Promise<{ address: string; close(): Promise<void> }> {
  if (app.config.demo && (await loadDemonstration(app))) app.log.info('the demonstration territory is loaded')
  const server = await createServer({ app, pages: dev ? 'dev' : 'built' })
  // Handlers of events queue jobs.
  await app.jobs.start(app)
  await app.events.start(app)
  for (const capability of app.capabilities) await capability.start?.(app)
  const commands = await listenForCommands(app)
  await server.listen({ host: app.config.host, port: app.config.port })
  const { port } = server.server.address() as AddressInfo
  const host = app.config.host.includes(':') ? `[${app.config.host}]` : app.config.host
  const address = app.config.publicUrl ?? `http://${host}:${port}`

  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= (async () => {
      const jobs = app.jobs.stop()
      await server.close()
      await commands.close()
      await jobs
      for (const capability of app.capabilities) await capability.stop?.(app)
      await app.events.stop()
      await app.db.close()
    })()
    return closing
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    // Each of npm and the service manager may send one: the second must not cut the stop short.
    process.on(signal, () => {
      setTimeout(() => process.exit(1), 30_000).unref()
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          app.log.error({ err: error }, 'the stop failed')
          process.exit(1)
        },
      )
    })
  }
  // Whoever reads this may ask for a stop at once.
  process.stdout.write(`Artisanumérique répond sur ${address}\n`)
  await announceFirstSignIn(app, address)
  return { address, close }
}
