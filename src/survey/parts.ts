import type { Capability } from '#platform'

/** What one folder adds to the capability. */
export type Part = Omit<Capability, 'name' | 'authenticate' | 'permissions' | 'demonstration' | 'start' | 'stop'>

/** One capability of several folders, each of which says only what it has. */
export function joinParts(name: string, parts: readonly Part[]): Capability {
  return {
    name,
    async prepare(app) {
      for (const part of parts) await part.prepare?.(app)
    },
    async routes(server, app) {
      for (const part of parts) await part.routes?.(server, app)
    },
    api(app) {
      const described = parts.flatMap((part) => part.api?.(app) ?? [])
      return {
        paths: Object.assign({}, ...described.map(({ paths }) => paths)) as Record<string, unknown>,
        schemas: Object.assign({}, ...described.map(({ schemas }) => schemas)) as Record<string, unknown>,
      }
    },
    jobs: parts.flatMap(({ jobs = [] }) => jobs),
    handlers: parts.flatMap(({ handlers = [] }) => handlers),
    datasets: (app) => parts.flatMap((part) => part.datasets?.(app) ?? []),
    commands: parts.flatMap(({ commands = [] }) => commands),
    async erase(trx, subject) {
      const erased = []
      for (const part of parts) if (part.erase) erased.push(await part.erase(trx, subject))
      return { files: erased.flatMap(({ files }) => files), tables: erased.flatMap(({ tables }) => tables) }
    },
    async export(db, subject) {
      const exported: Record<string, unknown> = {}
      for (const part of parts) Object.assign(exported, await part.export?.(db, subject))
      return exported
    },
    async describe(db, record) {
      for (const part of parts) {
        const described = await part.describe?.(db, record)
        if (described) return described
      }
      return null
    },
  }
}
