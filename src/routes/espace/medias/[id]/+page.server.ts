import { fail, redirect } from '@sveltejs/kit'
import { disclosures, type Disclosure } from '#accounts/model'
import { blurPicture, readFileOf, removeFile, setRights } from '#media'
import { licences, type Licence } from '#media/model'
import { UserError } from '#platform'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { rights: 'signed-in', blur: 'signed-in', remove: 'signed-in' }

export const load: PageServerLoad = async ({ locals: { app, user }, params, url }) => {
  const { file, facts, derived, disclosure, asked, progress } = await readFileOf(app, user, params.id)
  const { id, name, kind, state, refusal, bytes, createdAt, body, subject } = file
  const enterprise = subject.kind === 'enterprise' ? subject.id : null
  const { author, credit, licence, authorisations, captionFr, captionEn, altFr, altEn } = file
  return {
    file: { id, name, kind, state, refusal, bytes, createdAt, hasBody: body !== null, enterprise },
    rights: { author, credit, licence, authorisations, captionFr, captionEn, altFr, altEn },
    facts,
    derived,
    disclosure,
    asked,
    progress,
    saved: url.searchParams.has('fait'),
  }
}

/** What a form says when it is refused. */
function refuse(action: string, error: unknown, zone?: Record<string, string>) {
  if (!(error instanceof UserError)) throw error
  const fields = error.fields.map(({ field }) => field)
  return fail(error.status, { action, message: error.message, fields, zone })
}

const oneOf = <T extends string>(allowed: readonly T[], value: string, otherwise: T): T =>
  allowed.find((one) => one === value) ?? otherwise

export const actions: Actions = {
  rights: async ({ locals: { app, user }, params, request, url }) => {
    const form = await request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const rights = {
      author: text('author'),
      credit: text('credit'),
      licence: oneOf<Licence>(licences, text('licence'), 'none-yet'),
      authorisations: text('authorisations')
        .split(/\s*\n\s*/)
        .filter(Boolean),
      captionFr: text('captionFr'),
      captionEn: text('captionEn'),
      altFr: text('altFr'),
      altEn: text('altEn'),
    }
    const asked = oneOf<Disclosure>(disclosures, text('asked'), 'secret')
    try {
      await setRights(app.db, user, { id: params.id, rights, asked })
    } catch (error) {
      return refuse('rights', error)
    }
    redirect(303, `${url.pathname}?fait`)
  },
  blur: async ({ locals: { app, user }, params, request, url }) => {
    const form = await request.formData()
    const typed = Object.fromEntries(
      ['left', 'top', 'width', 'height'].map((name) => [name, String(form.get(name) ?? '').trim()]),
    )
    const share = (name: string) => (typed[name] ? Number(typed[name].replace(',', '.')) / 100 : NaN)
    const zone = { x: share('left'), y: share('top'), width: share('width'), height: share('height') }
    try {
      await blurPicture(app.db, user, { id: params.id, zones: [zone] })
    } catch (error) {
      return refuse('blur', error, typed)
    }
    redirect(303, url.pathname)
  },
  remove: async ({ locals: { app, user }, params, url }) => {
    try {
      await removeFile(app, user, params.id)
    } catch (error) {
      return refuse('remove', error)
    }
    redirect(303, url.pathname.replace(/\/[^/]+$/, ''))
  },
}
