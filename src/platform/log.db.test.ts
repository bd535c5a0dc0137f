import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, sql, type Capability } from '#platform'
import { createLog } from './log.ts'
import { createTestApp, type TestApp } from './testing/application.ts'

let testApp: TestApp
beforeAll(async () => {
  testApp = await createTestApp()
})
afterAll(() => testApp.close())

const open = { config: { permission: 'public' } } as const

async function ask(url: string) {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const { app } = testApp
  const routes: Capability['routes'] = (http) => {
    http.get('/broken', open, async () => {
      const [name, mail] = ['Jeanne Secrète', 'jeanne@secrete.example']
      await sql`select ${name}::text, ${mail}::text, no_column`.execute(app.db.kysely)
    })
    http.get('/sign', open, async () => sql`select ${'a\0b'}::text`.execute(app.db.kysely))
  }
  const server = await createServer({
    app: { ...app, log, capabilities: [...app.capabilities, { name: 'tried', routes }] },
    pages: 'none',
  })
  try {
    return { answer: await server.inject(url), lines: lines.join('') }
  } finally {
    await server.close()
  }
}

test('the log of a failed query says which, and nothing of what was in it', async () => {
  const { answer, lines } = await ask('/broken')
  expect(answer.statusCode).toBe(500)
  expect(lines).toMatch(/no_column.*does not exist/)
  expect(lines).not.toMatch(/Secrète|secrete/)
})

test('a sign that no text may hold is a wrong input, not a failure', async () => {
  const { answer, lines } = await ask('/sign')
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'bad_input'])
  expect(lines).not.toContain('"level":50')
})
