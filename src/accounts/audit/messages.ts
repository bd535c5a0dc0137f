import { typeset } from '#platform/model'

const fr = {
  title: 'Journal',
  lead: 'Qui a lu ou changé ce qui n’est pas public, et au titre de quelle convention. Le journal garde les actes, jamais ce qui a été lu ou écrit ; rien ne s’en efface.',
  none: 'Rien n’est encore inscrit au journal.',
  body: 'Organisme',
  all: 'Tous',
  show: 'Montrer',
  when: 'Quand',
  who: 'Qui',
  what: 'Quoi',
  about: 'Sur quoi',
  why: 'Pour quoi',
  gone: 'Compte effacé',
  alone: 'sans organisme',
  kinds: { media: 'une image, un film ou un autre fichier', consent: 'un accord' } as Record<string, string>,
}

export type AuditMessages = typeof fr

const en: AuditMessages = {
  title: 'Journal',
  lead: 'Who read or changed what is not public, and under which convention. The journal keeps the acts, never what was read or written; nothing in it is ever erased.',
  none: 'Nothing is in the journal yet.',
  body: 'Body',
  all: 'All',
  show: 'Show',
  when: 'When',
  who: 'Who',
  what: 'What',
  about: 'About what',
  why: 'What for',
  gone: 'Erased account',
  alone: 'without body',
  kinds: { media: 'a picture, a film or another file', consent: 'an agreement' },
}

export const auditMessages = { fr: typeset(fr), en }

/** What an act was about, in words: an item's name, or the sort of record whose id follows a point. */
export const auditItem = (item: string, names: Readonly<Record<string, string>>, { kinds }: AuditMessages): string =>
  names[item] ?? kinds[item.split('.')[0]!] ?? item
