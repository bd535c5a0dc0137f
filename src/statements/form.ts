import { decide, explainRefusal, getStanding } from '#accounts'
import { getText } from '#consent'
import type { Actor, App, Subject } from '#platform'
import type { Lang } from '#platform/model'
import { displayValue } from './display.ts'
import { getItem, listChoices, listItems } from './items.ts'
import type { Item, SubjectFacts, ValueKind } from './model.ts'
import { listAgreed, listBodyNames, listOwnStatements } from './queries.ts'
import { getFacts, recordOf } from './read.ts'

export interface FormItem {
  id: string
  label: string
  kind: ValueKind
  unit: string | null
  link: boolean
  longest: number
  choices: { id: string; label: string }[]
}

export interface FormData {
  label: string
  path: string
  withheld: boolean
  items: {
    id: string
    label: string
    value: string | null
    /** What the register says, where nobody said anything. */
    known: string | null
  }[]
  item: FormItem | null
  /** In whose name it is said. */
  as: {
    kind: 'citizen' | 'subject' | 'body'
    body: string | null
    /** Why somebody who acts for a body may not do it here. */
    refusal: string | null
  }
  /** The text to agree to, for what is personal. */
  consent: { version: string; title: string; body: string } | null
  /** Settlements from which the body may say that it dissents. */
  settled: { id: string; label: string; value: string }[]
  own: { id: string; label: string; value: string; saidOn: string }[]
}

async function speaksAs(
  app: App,
  actor: Actor,
  item: Item,
  subject: Subject,
  facts: SubjectFacts,
): Promise<FormData['as']> {
  const author = actor === null || actor === 'operator' ? null : actor.id
  const record = recordOf(item, subject, facts, { disclosure: 'public', body: null, author })
  const standing = await getStanding(app.db, actor)
  const decision = decide(standing, 'contribute', record, new Date().toISOString())
  if (!decision.allowed) {
    const refusal = standing.memberships.length === 0 ? null : await explainRefusal(app.db, decision, 'contribute')
    return { kind: 'citizen', body: null, refusal }
  }
  if (decision.by !== 'clause') return { kind: 'subject', body: null, refusal: null }
  const names = await listBodyNames(app.db.kysely, [decision.body])
  return { kind: 'body', body: names.get(decision.body) ?? null, refusal: null }
}

async function formItem(app: App, item: Item, lang: Lang): Promise<FormItem> {
  const known = await listChoices(app.db.kysely, item)
  const choices = [...known].map(([id, label]) => ({ id, label: label[lang] }))
  return {
    id: item.id,
    label: item.label[lang],
    kind: item.kind,
    unit: item.unit ?? null,
    link: item.link ?? false,
    longest: item.link ? 300 : (item.longest ?? 2000),
    choices: item.choices ? choices : choices.sort((a, b) => a.label.localeCompare(b.label, lang)),
  }
}

async function listOwn(app: App, actor: Actor, subject: Subject, lang: Lang): Promise<FormData['own']> {
  if (actor === null || actor === 'operator') return []
  const own: FormData['own'] = []
  for (const { id, item: name, value, saidOn } of await listOwnStatements(app.db, actor.id, subject)) {
    const item = getItem(subject.kind, name)
    const choices = await listChoices(app.db.kysely, item)
    own.push({ id, label: item.label[lang], value: displayValue(value, lang, choices), saidOn })
  }
  return own
}

/**
 * All that the page to correct a subject shows.
 * @param asked item to speak about; null: the choice of one
 * @throws {UserError} 404 for an unknown subject or item
 */
export async function statementForm(
  app: App,
  actor: Actor,
  lang: Lang,
  subject: Subject,
  asked: string | null,
): Promise<FormData> {
  const facts = await getFacts(app.db.kysely, subject)
  const agreed = new Map((await listAgreed(app.db.kysely, subject)).map((one) => [one.item, one]))
  const settled: FormData['settled'] = []
  const items: FormData['items'] = []
  const all = listItems(subject.kind).filter(({ id, via }) => !facts.withheld.includes(id) && (!via || agreed.has(id)))
  let as: FormData['as'] = { kind: 'citizen', body: null, refusal: null }
  for (const item of all) {
    const speaker = await speaksAs(app, actor, item, subject, facts)
    if (speaker.kind !== 'citizen') as = speaker
    if (item.personal && facts.person && speaker.kind !== 'subject') continue
    const { value = null, settlement = null } = agreed.get(item.id) ?? {}
    const choices = await listChoices(app.db.kysely, item)
    const shown = value && displayValue(value, lang, choices)
    if (shown && settlement && speaker.kind === 'body')
      settled.push({ id: settlement.id, label: item.label[lang], value: shown })
    items.push({
      id: item.id,
      label: item.label[lang],
      value: shown,
      known: facts.known[item.id]?.[lang] ?? null,
    })
  }
  const item = asked === null ? null : getItem(subject.kind, asked)
  if (item) as = await speaksAs(app, actor, item, subject, facts)
  const text = item?.personal && facts.person ? await getText(app.db, lang, { topic: 'know-how' }) : null
  return {
    label: facts.label,
    path: facts.path,
    withheld: facts.withheld.length > 0,
    items,
    item: item && (await formItem(app, item, lang)),
    as,
    consent: text && { version: text.version, title: text.title, body: text.body },
    settled,
    own: await listOwn(app, actor, subject, lang),
  }
}
