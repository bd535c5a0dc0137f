import type { FastifyRequest } from 'fastify'
import { readCookie, UserError, type App } from '#platform'
import { sessionDays } from './model.ts'

/** What a request says of its browser. */
export interface Visit {
  /** `scheme://host` that the browser sees. */
  origin: string
  /** Where it comes from, for the limits: an IPv4 address, or the network (/64) of an IPv6 one. */
  place: string
  cookie: string | null
  userAgent: string | null
}

/** The headers that better-auth reads: composed here, so that it sees nothing that a proxy or a stranger added. */
export function toHeaders({ origin, cookie, userAgent }: Visit): Headers {
  const { host, protocol } = new URL(origin)
  return new Headers({
    host,
    origin,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    ...(cookie ? { cookie } : {}),
    ...(userAgent ? { 'user-agent': userAgent.slice(0, 300) } : {}),
  })
}

/** The visit of a page or a form; `address` is the connection's. */
export const visitOf = (app: App, request: Request, url: URL, address: string): Visit => ({
  origin: url.origin,
  place: placeOf(app, request.headers.get('x-forwarded-for'), address),
  cookie: request.headers.get('cookie'),
  userAgent: request.headers.get('user-agent'),
})

/** The visit of a route that is no page. */
export const visitOfRequest = (app: App, { protocol, host, headers, socket }: FastifyRequest): Visit => ({
  origin: `${protocol}://${host}`,
  place: placeOf(app, String(headers['x-forwarded-for'] ?? ''), socket.remoteAddress ?? ''),
  cookie: headers.cookie ?? null,
  userAgent: headers['user-agent'] ?? null,
})

// Behind our proxy, the address that it adds last: those before are what the visitor says.
function placeOf(app: App, forwarded: string | null, address: string): string {
  const last = app.config.trustProxy ? forwarded?.split(',').at(-1)?.trim() : null
  return toPlace(last || address)
}

const toPlace = (address: string): string => {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = [head, tail].map((part) => (part ? part.split(':') : []))
  const zeros = Array(Math.max(0, 8 - groups[0]!.length - groups[1]!.length)).fill('0') as string[]
  return [...groups[0]!, ...zeros, ...groups[1]!].slice(0, 4).join(':')
}

/** The signed value of the session cookie, decoded, or null. */
export function sessionCookie(header: string | null | undefined): string | null {
  const raw = readCookie(header ?? undefined, 'session')
  if (!raw) return null
  try {
    return decodeURIComponent(raw)
  } catch {
    return null
  }
}

/** How the session cookie is set: unreadable by scripts, unsent by other sites' forms, encrypted only on https. */
export const sessionCookieOptions = (origin: string) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: origin.startsWith('https:'),
  maxAge: sessionDays * 86_400,
})

/** Cookies that better-auth sets, fit for the scheme of the visit. */
export const withScheme = (cookies: readonly string[], origin: string): string[] =>
  cookies.map((one) => (origin.startsWith('https:') && !/;\s*secure\b/i.test(one) ? `${one}; Secure` : one))

/** The code of an error of better-auth, or null: what is not its own goes on as it is. */
export function codeOf(error: unknown): string | null {
  if (error instanceof UserError || !(error instanceof Error) || !('statusCode' in error)) return null
  const { body } = error as Error & { body?: { code?: string } }
  return body?.code ?? 'UNKNOWN'
}
