import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createServer, type App, type Capability } from '#platform'
import { badInput } from '../errors.ts'
import { createTestApp, type TestApp } from '../testing/application.ts'

let testApp: TestApp
beforeAll(async () => {
  testApp = await createTestApp({ logLevel: 'silent' })
})
afterAll(() => testApp.close())

let server: FastifyInstance | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

const open = { config: { permission: 'public' } } as const

/** The real application, with the routes of one more capability. */
async function serverWith(routes: NonNullable<Capability['routes']>): Promise<FastifyInstance> {
  const { app } = testApp
  const tried: App = { ...app, capabilities: [...app.capabilities, { name: 'tried', routes }] }
  server = await createServer({ app: tried, pages: 'none' })
  return server
}

async function listen(routes: NonNullable<Capability['routes']>) {
  const server = await serverWith(routes)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  const get = async (path: string, agent?: Agent): Promise<IncomingMessage> => {
    const [response] = (await once(httpRequest({ port, path, agent }).end(), 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    return response
  }
  return { server, get }
}

test('a stop answers what was accepted, refuses what comes after, and does not wait for idle connections', async () => {
  const gate = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  let count = 0
  const { server, get } = await listen((http) => {
    http.get('/slow', open, async () => {
      if (++count === 20) arrived.resolve()
      await gate.promise
      return { done: true }
    })
  })
  const agent = new Agent({ keepAlive: true })
  expect((await get('/healthz', agent)).statusCode).toBe(200)
  const answers = Array.from({ length: 20 }, () => get('/slow', agent))
  await arrived.promise

  const start = performance.now()
  const closed = server.close()
  while (server.server.listening) await new Promise(setImmediate)
  await expect(get('/healthz')).rejects.toThrow('ECONNREFUSED')
  gate.resolve()
  const statuses = (await Promise.all(answers)).map((answer) => answer.statusCode)
  await closed
  expect(statuses).toEqual(Array(20).fill(200))
  expect(performance.now() - start).toBeLessThan(3000)
  agent.destroy()
})

test('a route that declares no permission stops the start', async () => {
  await expect(serverWith((http) => void http.get('/forgotten', async () => 'x'))).rejects.toThrow(
    '/forgotten declares no permission',
  )
})

test('what needs an administrator is refused to others', async () => {
  const server = await serverWith(
    (http) => void http.get('/secret', { config: { permission: 'admin' } }, async () => 'secret'),
  )
  const answer = await server.inject('/secret')
  expect(answer.statusCode).toBe(401)
  expect(answer.json()).toMatchObject({ code: 'sign_in_required' })
  expect(answer.body).not.toContain('secret')
})

const secret = 'select password from accounts'
const failing: NonNullable<Capability['routes']> = (http) => {
  http.get('/user-error', open, async () => {
    throw badInput('Le SIRET est faux.', [{ field: 'siret', message: 'doit avoir 14 chiffres' }])
  })
  http.get('/bug', open, async () => {
    throw Object.assign(new Error(secret), { statusCode: 502 })
  })
  http.get('/rare', { config: { permission: 'public', rateLimit: { max: 1, timeWindow: 60_000 } } }, async () => 'x')
  http.post('/json', open, async (request) => request.body)
}

test.each([
  ['an unknown address', { url: '/nowhere' }, 404, 'not_found'],
  ['an unknown address of the API', { url: '/api/nowhere' }, 404, 'not_found'],
  ['an unknown method', { method: 'DELETE', url: '/user-error' }, 404, 'not_found'],
  ['a user’s error', { url: '/user-error' }, 400, 'bad_input'],
  ['an address that cannot be decoded', { url: '/%zz' }, 400, 'bad_request'],
  [
    'a body that is no JSON',
    { method: 'POST', url: '/json', payload: '{', headers: { 'content-type': 'application/json' } },
    400,
    'bad_request',
  ],
  [
    'a body of an unknown type',
    { method: 'POST', url: '/json', payload: 'x', headers: { 'content-type': 'a/b' } },
    415,
    'bad_request',
  ],
  [
    'a body that is too large',
    { method: 'POST', url: '/json', payload: { a: 'x'.repeat(1_000_001) } },
    413,
    'too_large',
  ],
  ['a bug', { url: '/bug' }, 500, 'unexpected'],
] as const)('%s is answered as a problem', async (_name, injection, status, code) => {
  const server = await serverWith(failing)
  const answer = await server.inject(injection as never)
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.headers['cache-control']).toBe('no-store')
  const problem = answer.json<{ instance: string; title: string }>()
  expect(problem).toMatchObject({ status, code, type: `/problems/${code}`, title: expect.stringMatching(/\.$/) })
  expect(answer.headers['x-request-id']).toBe(problem.instance)
  expect(answer.body).not.toMatch(/password|FST_|\bat .*\.ts/)
})

test('a user’s error names its fields; a bug gives the number to tell', async () => {
  const server = await serverWith(failing)
  expect((await server.inject('/user-error')).json()).toMatchObject({
    errors: [{ field: 'siret', message: 'doit avoir 14 chiffres' }],
  })
  const bug = (await server.inject('/bug')).json<{ detail: string; instance: string }>()
  expect(bug.instance).toMatch(/^[0-9a-f-]{36}$/)
  expect(bug.detail).toContain(bug.instance)
})

test('too many requests are refused as a problem', async () => {
  const server = await serverWith(failing)
  expect((await server.inject('/rare')).statusCode).toBe(200)
  const answer = await server.inject('/rare')
  expect(answer.statusCode).toBe(429)
  expect(answer.json()).toMatchObject({ code: 'too_many' })
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
})

test.each(['/healthz', '/nowhere', '/%zz', '/bug'])('the headers that protect are on %s', async (url) => {
  const server = await serverWith(failing)
  const { headers } = await server.inject(url)
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(headers).not.toHaveProperty('strict-transport-security')
  expect(headers).not.toHaveProperty('x-powered-by')
})

test('the health says which version runs', async () => {
  const server = await serverWith(() => undefined)
  const { version, commit } = testApp.app
  expect((await server.inject('/healthz')).json()).toEqual({ version, commit })
})

test('other sites may read the data, and nothing of the sign-in', async () => {
  const server = await serverWith((http) => {
    http.get('/api/auth/*', open, async () => ({ session: 'x' }))
    http.get('/api/tried', open, async () => ({ data: 'x' }))
    http.post('/api/tried', open, async () => ({ data: 'x' }))
  })
  const allowed = async (url: string, method: 'GET' | 'POST' = 'GET') =>
    (await server.inject({ url, method })).headers['access-control-allow-origin']
  for (const url of ['/api/tried', '/api/retired', '/api/openapi.json', '/api/nowhere'])
    expect(await allowed(url), url).toBe('*')
  for (const url of ['/api/auth/session', '/api/%61uth/session', '/api/auth/', '/healthz', '/nowhere'])
    expect(await allowed(url), url).toBeUndefined()
  expect(await allowed('/api/tried', 'POST')).toBeUndefined()
})

test('a part of the server may read bodies in its own way, larger than the others’', async () => {
  const sizes: number[] = []
  const { server } = await listen(async (http) => {
    await http.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.patch('/tried/:id', open, async (request, reply) => {
        let bytes = 0
        for await (const chunk of request.raw) bytes += (chunk as Buffer).length
        sizes.push(bytes)
        return reply.status(204).send()
      })
    })
  })
  const { port } = server.server.address() as AddressInfo
  const send = async (path: string, method: string, bytes: number, type: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: new Uint8Array(bytes),
      headers: { 'content-type': type },
    })
    return answer.status
  }
  expect(await send('/tried/1', 'PATCH', 8_000_000, 'application/offset+octet-stream')).toBe(204)
  expect(sizes).toEqual([8_000_000])
  expect(server.server.requestTimeout).toBeGreaterThanOrEqual(3_600_000)
})
