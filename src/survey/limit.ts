import type { FastifyRequest } from 'fastify'

/** At most that many requests a minute of one person: a group shares one line. */
export const limitedTo = (max: number) => ({
  permission: 'signed-in' as const,
  rateLimit: { max, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => request.user?.id ?? request.ip },
})

/** Files that one person sends in a minute: each starts a process, and waits in memory for its turn. */
export const filesAMinute = 20
