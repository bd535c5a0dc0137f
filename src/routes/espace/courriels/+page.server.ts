import { redirect } from '@sveltejs/kit'
import { deleteMail, listWaitingMails, mailKeptDays, markMailHanded, retryMail, type App, type User } from '#platform'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'admin'
export const _permissions = { handed: 'admin', retry: 'admin', remove: 'admin' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app }, url }) => ({
  ...(await listWaitingMails(app.db)),
  hasServer: app.config.smtpUrl !== null,
  keptDays: mailKeptDays,
  done: (['remis', 'renvoi', 'efface'] as const).find((one) => one === url.searchParams.get('fait')) ?? null,
})

type Command = (db: App['db'], actor: User | null, mail: string) => Promise<void>

/** Does what was asked with the mail of the form, then shows the list again. */
const action = (command: Command, done: string) => async (event: RequestEvent) => {
  const data = await event.request.formData()
  await command(event.locals.app.db, event.locals.user, String(data.get('id') ?? ''))
  redirect(303, `${event.url.pathname}?fait=${done}`)
}

export const actions: Actions = {
  handed: action(markMailHanded, 'remis'),
  retry: action(retryMail, 'renvoi'),
  remove: action(deleteMail, 'efface'),
}
