import { audit } from '#accounts'
import { transaction, type Actor, type App } from '#platform'
import type { Lang } from '#platform/model'
import { displaySources, displayValue } from './display.ts'
import { listChoices } from './items.ts'
import type { Method } from './model.ts'
import { listDisagreements, listProposals, type Disagreement } from './moderation.ts'
import { listAgreed, listBodyNames } from './queries.ts'

export interface ModerationData {
  proposals: {
    id: string
    label: string
    path: string
    item: string
    value: string
    /** What the page shows for now; null when nothing was said. */
    now: string | null
    saidOn: string
    method: Method
    evidence: string | null
    comment: string | null
  }[]
  nextProposals: string | null
  disagreements: {
    key: string
    label: string
    path: string
    item: string
    sides: { statement: string; value: string; who: string; saidOn: string }[]
    over: string[]
  }[]
  nextDisagreements: string | null
}

async function proposalsOf(app: App, actor: Actor, lang: Lang, cursor: string | null) {
  const page = await listProposals(app.db, actor, cursor)
  const proposals: ModerationData['proposals'] = []
  for (const { statement, item, facts } of page.rows) {
    const choices = await listChoices(app.db.kysely, item)
    const agreed = await listAgreed(app.db.kysely, statement.subject)
    const now = agreed.find((one) => one.item === item.id)?.value
    const { id, value, saidOn, method, evidence, comment } = statement
    proposals.push({
      id,
      saidOn,
      method,
      evidence,
      comment,
      label: facts.label,
      path: facts.path,
      item: item.label[lang],
      value: displayValue(value, lang, choices),
      now: now ? displayValue(now, lang, choices) : null,
    })
  }
  return { proposals, nextProposals: page.next }
}

/** Of answers that not everybody may read, the journal keeps that somebody read them to settle them. */
async function traceReading({ db }: App, actor: Actor, rows: readonly Disagreement[]): Promise<void> {
  const traced = rows.filter(({ record, grant }) => record.disclosure !== 'public' && grant.by === 'clause')
  if (traced.length === 0) return
  await transaction(db, async (trx) => {
    for (const { record, grant } of traced) {
      const { subject, item } = record
      await audit(trx, { actor, grant, action: 'read', subject, item })
    }
  })
}

async function disagreementsOf(app: App, actor: Actor, lang: Lang, cursor: string | null) {
  const page = await listDisagreements(app.db, actor, cursor)
  await traceReading(app, actor, page.rows)
  const bodies = page.rows.flatMap(({ agreed }) => agreed.sides.flatMap((side) => side.bodies))
  const names = await listBodyNames(app.db.kysely, bodies)
  const disagreements: ModerationData['disagreements'] = []
  for (const { subject, item, facts, agreed } of page.rows) {
    const choices = await listChoices(app.db.kysely, item)
    disagreements.push({
      key: `${subject.kind} ${subject.id} ${item.id}`,
      label: facts.label,
      path: facts.path,
      item: item.label[lang],
      over: agreed.sides.flatMap(({ statements }) => statements),
      sides: agreed.sides.map((side) => ({
        statement: side.statements[0]!,
        value: displayValue(side.value, lang, choices),
        who: displaySources(side, names, lang),
        saidOn: side.saidOn,
      })),
    })
  }
  return { disagreements, nextDisagreements: page.next }
}

/** All that the moderation page shows to somebody: what he may validate. */
export async function moderationPageData(
  app: App,
  actor: Actor,
  lang: Lang,
  { proposals, disagreements }: { proposals: string | null; disagreements: string | null },
): Promise<ModerationData> {
  const [one, other] = await Promise.all([
    proposalsOf(app, actor, lang, proposals),
    disagreementsOf(app, actor, lang, disagreements),
  ])
  return { ...one, ...other }
}
