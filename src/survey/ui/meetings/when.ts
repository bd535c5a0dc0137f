import { isoDayOf } from '#accounts/model'
import type { Lang } from '#platform/model'
import type { MeetingsMessages } from '../../meetings/messages.ts'
import { timeOf, type Meeting } from '../../meetings/model.ts'

/** When a meeting is held, by the clocks of France: « jeudi 4 mars 2027, de 14:00 à 17:30 ». */
export function whenOf({ startsAt, endsAt }: Meeting, lang: Lang, t: MeetingsMessages): string {
  const day = (at: string) =>
    new Date(at).toLocaleDateString(lang === 'fr' ? 'fr-FR' : 'en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'Europe/Paris',
    })
  const [first, from] = [day(startsAt), timeOf(startsAt)]
  if (endsAt === null) return t.from(first, from)
  const until = timeOf(endsAt)
  return isoDayOf(endsAt) === isoDayOf(startsAt)
    ? t.between(first, from, until)
    : t.days(first, from, day(endsAt), until)
}
