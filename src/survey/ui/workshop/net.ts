import type { Pack, PackEnterprise, SaidAnswer, StartAnswer } from '../../model.ts'

/** What the server answered, or why it did not: no network, or its own sentence. */
export type Got<T> = { ok: true; value: T } | { ok: false; status: number; message: string | null }

async function get<T>(path: string): Promise<Got<T>> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' })
    const body: unknown = await response.json()
    if (response.ok) return { ok: true, value: body as T }
    const told = typeof body === 'object' && body !== null && 'title' in body ? body.title : null
    return { ok: false, status: response.status, message: typeof told === 'string' ? told : null }
  } catch {
    return { ok: false, status: 0, message: null }
  }
}

export const getStart = () => get<StartAnswer>('/api/survey/start')

export const getPack = (body: string, territory: string) =>
  get<Pack>(`/api/survey/pack?${new URLSearchParams({ body, territory })}`)

export const getAnswers = (siret: string) => get<{ answers: SaidAnswer[] }>(`/api/survey/enterprises/${siret}/answers`)

/** @param territory within which; null: everywhere */
export const searchEnterprises = (q: string, territory: string | null) =>
  get<{ enterprises: PackEnterprise[] }>(
    `/api/survey/enterprises?${new URLSearchParams(territory === null ? { q } : { q, territory })}`,
  )
