import type { FormTexts } from '../forms.ts'

/** What the form of a meeting holds. */
export const meetingInput = ({ get }: FormTexts) => ({
  body: get('body'),
  kind: get('kind'),
  title: get('title'),
  day: get('day'),
  from: get('from'),
  lastDay: get('lastDay'),
  until: get('until'),
  place: get('place'),
  agenda: get('agenda'),
})
