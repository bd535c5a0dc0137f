import type { Problem, Reply, Send } from './sending.ts'

const isJson = (response: Response) =>
  /^application\/([\w.+-]*\+)?json\b/.test(response.headers.get('content-type') ?? '')

/** The body as JSON; null where it is none, such as the page of a wireless network. */
async function readJson(response: Response): Promise<unknown> {
  if (!isJson(response)) return null
  try {
    return (await response.json()) as unknown
  } catch {
    return null
  }
}

const textOf = (body: unknown, field: string): string | null => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : null
  return typeof value === 'string' ? value : null
}

/** Whether somebody who is not signed in was led to the page where one signs in. */
const ledToSignIn = (response: Response) =>
  response.redirected && /^(\/en)?\/connexion\b/.test(new URL(response.url).pathname)

function problemOf(status: number, code: string | null): Problem {
  if (status === 401) return 'signed-out'
  if (status === 409) return code?.endsWith('other_person') ? 'other-person' : 'outdated'
  return status === 403 || status === 408 || status === 429 || status >= 500 ? 'busy' : 'unreadable'
}

/** What an answer means for what was sent: whatever is not the server's own answer leaves it waiting. */
export async function replyOf(response: Response): Promise<Reply> {
  if (ledToSignIn(response)) return { kind: 'problem', problem: 'signed-out', message: null }
  const body = await readJson(response)
  const message = textOf(body, 'title')
  const date = Date.parse(response.headers.get('date') ?? '')
  const serverTime = Number.isNaN(date) ? undefined : date
  if (response.ok)
    return body === null
      ? { kind: 'problem', problem: 'unreadable', message: null }
      : { kind: 'answer', answer: body, serverTime }
  // A proxy refuses what is too large in a page of its own.
  const wrong = [400, 413, 422].includes(response.status) && (body !== null || response.status === 413)
  if (wrong) return { kind: 'wrong', message }
  return { kind: 'problem', problem: problemOf(response.status, textOf(body, 'code')), message }
}

/** Seconds without an answer after which a request is given up; what the server took of it is known to it. */
const patience = 30

/** Sends requests to the server, for a page or a service worker. */
export const createSend =
  (fetcher: typeof fetch = fetch, url = '/api/survey/sync'): Send =>
  async (request, person) => {
    const response = await fetcher(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-survey-person': person },
      body: JSON.stringify(request),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(patience * 1000),
    })
    return replyOf(response)
  }
