import type { RequestEvent } from '@sveltejs/kit'
import type { App, User } from '#platform'
import { localized } from '#platform/model'
import {
  addAttendee,
  addMaterial,
  cancelMeeting,
  changeMeeting,
  getMeeting,
  joinMeeting,
  leaveMeeting,
  noteAttendance,
  removeAttendee,
  removeMaterial,
} from '#survey'
import { formAction, type FormTexts } from '../../forms.ts'
import { meetingInput } from '../input.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  change: 'signed-in',
  cancel: 'signed-in',
  join: 'signed-in',
  leave: 'signed-in',
  note: 'signed-in',
  addPerson: 'signed-in',
  removePerson: 'signed-in',
  addMaterial: 'signed-in',
  removeMaterial: 'signed-in',
}
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, params, url }) => ({
  ...(await getMeeting(app.db, user, params.id)),
  done: url.searchParams.get('fait'),
})

type Work = (who: { app: App; user: User | null; id: string }, texts: FormTexts) => Promise<void>

/** An action on the page's meeting, after which the page tells what was done. */
const act = (form: string, done: string, work: Work) =>
  formAction(form, async ({ locals: { app, user, lang }, params }: RequestEvent, texts) => {
    const id = params['id'] ?? ''
    await work({ app, user, id }, texts)
    return localized(lang, `/espace/rencontres/${id}?fait=${done}`)
  })

export const actions: Actions = {
  change: act('change', 'changed', ({ app, user, id }, texts) => changeMeeting(app.db, user, id, meetingInput(texts))),
  cancel: act('cancel', 'cancelled', ({ app, user, id }, { get }) => cancelMeeting(app.db, user, id, get('reason'))),
  join: act('join', 'joined', ({ app, user, id }) => joinMeeting(app.db, user, id)),
  leave: act('leave', 'left', ({ app, user, id }) => leaveMeeting(app.db, user, id)),
  note: act('note', 'noted', ({ app, user, id }, { all }) =>
    noteAttendance(app.db, user, id, { shown: all('shown'), present: all('present') }),
  ),
  addPerson: act('addPerson', 'added', ({ app, user, id }, { get }) =>
    addAttendee(app.db, user, id, {
      name: get('name'),
      organisation: get('organisation'),
      present: get('present') === 'yes',
    }),
  ),
  removePerson: act('removePerson', 'removed', ({ app, user, id }, { get }) =>
    removeAttendee(app.db, user, id, get('attendee')),
  ),
  addMaterial: act('addMaterial', 'material', ({ app, user, id }, { get }) =>
    addMaterial(app, user, id, { title: get('title'), link: get('link') }),
  ),
  removeMaterial: act('removeMaterial', 'removed', ({ app, user, id }, { get }) =>
    removeMaterial(app.db, user, id, get('material')),
  ),
}
