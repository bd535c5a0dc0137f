import { createHash, randomUUID } from 'node:crypto'
import { getStanding, listMyBodies } from '#accounts'
import { getText } from '#consent'
import { badInput, UserError, type Actor, type App, type FieldError, type User } from '#platform'
import type { Lang } from '#platform/model'
import { getEstablishment, getMetier } from '#registry'
import type { Establishment } from '#registry/model'
import { listAgreed } from '#statements'
import { takeForPerson } from '../contributions/commands.ts'
import { decideAny } from '../contributions/rights.ts'
import { latestGuide } from '../guide/guides.ts'
import { protocol, type Entry, type EntryResult, type GuideItem } from '../model.ts'
import { isRelevant } from '../ui/guide/relevance.ts'
import { practicesMessages } from './messages.ts'
import { practicePillars, type TellPageData } from './model.ts'

type Unit = Pick<Establishment, 'siret' | 'sector' | 'metier' | 'commune'>

/** The strong points that may be told of an enterprise, by what it makes. */
const strengthsFor = ({ sector, metier }: Unit): GuideItem[] =>
  latestGuide().items.filter((item) => item.strength && isRelevant(item, { answers: {}, sector, metier }))

/** Those in whose name somebody may tell at least one of some items of an enterprise, the artisan first. */
async function listVoices(
  app: App,
  actor: Actor,
  unit: Unit,
  items: readonly GuideItem[],
): Promise<TellPageData['voices']> {
  const standing = await getStanding(app.db, actor)
  if (standing.person === null) return []
  const about = {
    subject: { kind: 'enterprise', id: unit.siret },
    place: { commune: unit.commune, metier: unit.metier },
    author: standing.person,
  }
  const at = new Date().toISOString()
  const may = (body: string | null) => 'grant' in decideAny(standing, 'contribute', { ...about, body }, items, at)
  const bodies = new Map((await listMyBodies(app.db, actor)).map(({ id, name }) => [id, name]))
  return [
    ...(standing.enterprises.includes(unit.siret) && may(null) ? [{ body: null, name: null }] : []),
    ...[...bodies].filter(([id]) => may(id)).map(([body, name]) => ({ body, name })),
  ]
}

/**
 * All that the form to tell an enterprise's strong points shows.
 * @throws {UserError} 404, 410 for an unknown enterprise
 */
export async function tellPage(app: App, actor: Actor, lang: Lang, siret: string): Promise<TellPageData> {
  const unit = await getEstablishment(app.db, siret)
  const items = strengthsFor(unit)
  const [voices, agreed, text, metier] = await Promise.all([
    listVoices(app, actor, unit, items),
    listAgreed(app.db.kysely, { kind: 'enterprise', id: siret }),
    getText(app.db, lang, { topic: 'know-how' }),
    unit.metier ? getMetier(app.db, unit.metier) : null,
  ])
  const done = new Set(
    agreed.filter(({ value }) => value?.kind === 'answer' && value.answer === 'yes').map(({ item }) => item),
  )
  return {
    name: unit.name,
    metier: metier?.label[lang] ?? null,
    path: `/entreprises/${siret}`,
    voices,
    pillars: practicePillars
      .map((pillar) => ({
        pillar,
        items: items
          .filter((item) => item.pillar === pillar)
          .map(({ id, label, examples }) => ({
            id,
            label: label[lang],
            examples: examples?.[lang] ?? null,
            already: done.has(id),
          })),
      }))
      .filter((one) => one.items.length > 0),
    consent: text && { version: text.version, title: text.title, body: text.body },
    signedIn: actor !== null,
    visit: randomUUID(),
    at: new Date().toISOString(),
  }
}

/** What the form holds, as it was sent. */
export interface Telling {
  /** A body's id, or `own`. */
  voice: string
  points: readonly string[]
  comment: string
  consent: boolean
  textVersion: string
  visit: string
  at: string
}

/** A UUID (version 8) of a content: the same content sent again has the same one. */
function idOf(...parts: unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Whether a form was opened then: within the last day, so that nobody says today what he dates of last year. */
function isOpening(text: string): boolean {
  const age = Date.now() - Date.parse(text)
  return age >= 0 && age < 86_400_000 && new Date(text).toISOString() === text
}

/** @throws {UserError} 400 naming each wrong field */
function check({ voice, points, comment, visit, at }: Telling, items: readonly GuideItem[], lang: Lang): void {
  const t = practicesMessages[lang].tell
  const known = new Set(items.map(({ id }) => id))
  const fields: FieldError[] = [
    ...(voice === '' ? [{ field: 'voice', message: t.noVoice }] : []),
    ...(points.length === 0 ? [{ field: 'points', message: t.nothing }] : []),
    ...(points.every((id) => known.has(id)) ? [] : [{ field: 'points', message: t.stale }]),
    ...(comment.length > 1000 ? [{ field: 'comment', message: t.tooLong }] : []),
    ...(/^[0-9a-f-]{36}$/.test(visit) && isOpening(at) ? [] : [{ field: 'points', message: t.stale }]),
  ]
  if (fields.length > 0) throw badInput(fields.map(({ message }) => message).join(' '), fields)
}

/** The form as entries of a visit; the comment goes with the first strong point. */
function entriesOf(siret: string, lang: Lang, telling: Telling): Entry[] {
  const { points, consent, textVersion, visit, at } = telling
  const body = telling.voice === 'own' ? null : telling.voice
  const contribution = idOf(visit, siret, body)
  const comment = telling.comment.trim() || null
  const common = { contribution, at }
  const agreement = {
    ...common,
    type: 'consent' as const,
    given: true,
    audience: 'public' as const,
    uses: ['atlas' as const, 'publication' as const],
    textVersion,
    textLang: lang,
  }
  return [
    {
      ...common,
      id: idOf(contribution, 'open'),
      type: 'open',
      target: { siret },
      guide: latestGuide().version,
      mode: 'short',
      body,
    },
    // Before the answers, so that they are readable as soon as they are said.
    ...(consent ? [{ ...agreement, id: idOf(contribution, agreement) }] : []),
    ...[...new Set(points)].map((item, index): Entry => {
      const said = index === 0 ? comment : null
      return {
        ...common,
        id: idOf(contribution, item, said),
        type: 'answer',
        item,
        value: { kind: 'answer', answer: 'yes' },
        comment: said,
      }
    }),
  ]
}

/** @throws {UserError} 403 saying which strong points were not kept, and why */
function requireTaken(
  entries: readonly Entry[],
  results: readonly EntryResult[],
  items: readonly GuideItem[],
  lang: Lang,
) {
  const lost = results.filter(({ outcome }) => outcome === 'refused' || outcome === 'later')
  if (lost.length === 0) return
  const labels = lost.flatMap(({ id }) => {
    const entry = entries.find((one) => one.id === id)
    return entry?.type === 'answer' ? (items.find((one) => one.id === entry.item)?.label[lang] ?? []) : []
  })
  const reasons = [...new Set(lost.flatMap(({ message }) => message ?? []))]
  const t = practicesMessages[lang].tell
  const names = new Intl.ListFormat(lang).format(labels)
  const what = labels.length > 0 ? [t.notAllowed(names)] : []
  const rest = lost.length < results.length - 1 ? [t.restKept] : []
  throw new UserError('survey.not_taken', 403, [...what, ...reasons, ...rest].join(' '))
}

/** Who reads what was told, from now on. */
export type ToldTo = 'public' | 'body' | 'own'

/**
 * Takes the strong points that somebody ticked, as a short visit: each once, however often the form is sent.
 * @returns who may read them
 * @throws {UserError} 400 naming each wrong field, 401, 403 saying what was not kept, 404, 410
 */
export async function tellStrengths(
  app: App,
  actor: User,
  lang: Lang,
  siret: string,
  telling: Telling,
): Promise<ToldTo> {
  const items = strengthsFor(await getEstablishment(app.db, siret))
  check(telling, items, lang)
  const entries = entriesOf(siret, lang, telling)
  const request = { protocol, device: 'page', now: new Date().toISOString(), entries }
  const results = await takeForPerson(app, actor, request, { channel: 'page' })
  requireTaken(entries, results, items, lang)
  if (telling.consent) return 'public'
  return telling.voice === 'own' ? 'own' : 'body'
}
