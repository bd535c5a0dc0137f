import { fail, redirect } from '@sveltejs/kit'
import { UserError } from '#platform'
import { localized } from '#platform/model'
import { moderate, moderationPageData, settle } from '#statements'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'signed-in'
export const _permissions = { moderate: 'signed-in', settle: 'signed-in' }
export const csr = false

const answers = ['accepted', 'refused', 'settled'] as const

export const load: PageServerLoad = async ({ locals: { app, user, lang }, url }) => {
  const proposals = url.searchParams.get('suite')
  const disagreements = url.searchParams.get('suite-avis')
  return {
    moderation: await moderationPageData(app, user, lang, { proposals, disagreements }),
    first: { proposals: proposals === null, disagreements: disagreements === null },
    done: answers.find((one) => one === url.searchParams.get('fait')) ?? null,
  }
}

/** Does what a form asks, and shows the page again. */
async function answer({ locals: { lang } }: RequestEvent, done: (typeof answers)[number], act: () => Promise<unknown>) {
  try {
    await act()
  } catch (error) {
    if (error instanceof UserError) return fail(error.status, { error: error.message })
    throw error
  }
  return redirect(303, localized(lang, `/espace/moderation?fait=${done}`))
}

export const actions: Actions = {
  moderate: async (event) => {
    const form = await event.request.formData()
    const { app, user } = event.locals
    const accepted = form.get('decision') === 'accept'
    const [statement, reason] = [String(form.get('statement') ?? ''), String(form.get('reason') ?? '')]
    return answer(event, accepted ? 'accepted' : 'refused', () =>
      moderate(app.db, user, { statement, accepted, reason }),
    )
  },
  settle: async (event) => {
    const form = await event.request.formData()
    const { app, user } = event.locals
    const [chosen, reason] = [String(form.get('chosen') ?? ''), String(form.get('reason') ?? '')]
    const over = form.getAll('over').map(String)
    return answer(event, 'settled', () => settle(app.db, user, { chosen, over, reason }))
  },
}
