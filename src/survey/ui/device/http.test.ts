import { expect, test } from 'vitest'
import { createSend, replyOf } from './http.ts'

const json = (body: unknown, status = 200, type = 'application/problem+json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })
const page = (status: number) => new Response('<html></html>', { status, headers: { 'content-type': 'text/html' } })

test.each([
  ['the page of a wireless network', page(200), 'unreadable'],
  [
    'JSON that is cut short',
    new Response('{"proto', { headers: { 'content-type': 'application/json' } }),
    'unreadable',
  ],
  ['a gateway without server', page(502), 'busy'],
  ['a server that restarts', page(503), 'busy'],
  ['too many requests', json({ title: 'Attendez.' }, 429), 'busy'],
  ['nobody signed in', json({ title: 'Connectez-vous.', code: 'not_signed_in' }, 401), 'signed-out'],
  ['another account', json({ title: 'Un autre compte.', code: 'survey.other_person' }, 409), 'other-person'],
  ['another version', json({ title: 'Rechargez.', code: 'survey.protocol' }, 409), 'outdated'],
  ['a right that ended', json({ title: 'Non.', code: 'forbidden' }, 403), 'busy'],
  ['no such address', page(404), 'unreadable'],
  ['a proxy’s own 400', page(400), 'unreadable'],
])('%s leaves what was sent waiting', async (_, response, problem) => {
  expect(await replyOf(response)).toMatchObject({ kind: 'problem', problem })
})

test('who is led to the sign-in page is signed out', async () => {
  const response = page(200)
  Object.defineProperties(response, { redirected: { value: true }, url: { value: 'https://a.fr/connexion?retour=/' } })
  expect(await replyOf(response)).toMatchObject({ problem: 'signed-out' })
})

test.each([
  [json({ title: 'Illisible.' }, 400), 'Illisible.'],
  [json({ title: 'Trop volumineux.' }, 413), 'Trop volumineux.'],
  [page(413), null],
])('a wrong or too large request is told as such', async (response, message) => {
  expect(await replyOf(response)).toEqual({ kind: 'wrong', message })
})

test('an answer comes with the server’s time', async () => {
  const response = json({ protocol: 1, results: [] }, 200, 'application/json; charset=utf-8')
  response.headers.set('date', 'Wed, 25 Nov 2026 10:00:00 GMT')
  expect(await replyOf(response)).toEqual({
    kind: 'answer',
    answer: { protocol: 1, results: [] },
    serverTime: Date.UTC(2026, 10, 25, 10),
  })
})

test('a request says in whose name it is', async () => {
  const calls: [string, RequestInit][] = []
  const fetcher = async (url: unknown, init?: RequestInit) => {
    calls.push([String(url), init!])
    return json({ protocol: 1, results: [] }, 200, 'application/json')
  }
  await createSend(fetcher)({ protocol: 1, device: 'phone', now: '', entries: [] }, 'person-1')
  expect(calls[0]![0]).toBe('/api/survey/sync')
  expect(calls[0]![1]).toMatchObject({ method: 'POST', headers: { 'x-survey-person': 'person-1' } })
})
