import { listMyBodies, listMyRights } from '#accounts'
import { isSiret } from '#accounts/model'
import type { Actor, Database } from '#platform'
import { fold, type Lang } from '#platform/model'
import { searchEstablishments } from '#registry'
import { findTerritory, listOpenTerritories, listOutlines } from '#territory'
import { linkProspect } from '../contributions/commands.ts'
import { seasonDays, type PackEnterprise } from '../model.ts'
import { listAsked } from './asked.ts'
import { membersOnly, wrongSiret } from './errors.ts'
import { coverageMapSize, drawCommunes } from './map.ts'
import { visitStates, type CoverageLine, type VisitState } from './model.ts'
import { coverageOf, listContributions, listProspects, listUnsurveyed, type WaitingProspect } from './queries.ts'

export interface Choice {
  code: string
  name: string
}

/**
 * Lets the people of any body in, and the administrator.
 * @throws {UserError} 403
 */
async function requireSurvey(db: Database, actor: Actor): Promise<void> {
  if (actor === 'operator' || (actor?.kind === 'person' && actor.administrator)) return
  const now = new Date().toISOString()
  const bodies = await listMyBodies(db, actor)
  if (!bodies.some(({ startsAt, endsAt }) => startsAt <= now && (endsAt === null || now < endsAt))) throw membersOnly()
}

/** The territories that somebody surveys under a clause, then those that are open. */
async function listChoices(db: Database, actor: Actor): Promise<Choice[]> {
  const [rights, open] = await Promise.all([listMyRights(db, actor), listOpenTerritories(db)])
  const clauses = rights
    .filter(({ current }) => current)
    .flatMap(({ conventions }) => conventions.filter(({ state }) => state === 'in_force'))
    .flatMap((one) => one.clauses.filter(({ action }) => action === 'contribute'))
  const own = clauses.flatMap(({ territory, territoryName }) =>
    territory === null || territoryName === null ? [] : [{ code: territory, name: territoryName }],
  )
  return [
    ...new Map([...own, ...open.map(({ code, name }) => ({ code, name }))].map((one) => [one.code, one])).values(),
  ]
}

async function choose(db: Database, actor: Actor, asked: string | null) {
  await requireSurvey(db, actor)
  const territories = await listChoices(db, actor)
  const known = asked === null ? null : await findTerritory(db, asked)
  const territory = known ? { code: known.code, name: known.name } : (territories[0] ?? null)
  const listed = territory === null || territories.some(({ code }) => code === territory.code)
  return {
    territories: listed ? territories : [territory, ...territories],
    territory,
  }
}

/** What is surveyed of a territory, and what is not, by commune and by craft, with its map. */
export async function coveragePage(db: Database, actor: Actor, lang: Lang, asked: string | null) {
  const { territories, territory } = await choose(db, actor, asked)
  const prospects = (await listProspects(db, actor)).length
  if (!territory)
    return {
      territories,
      territory,
      prospects,
      communes: [],
      metiers: [],
      shapes: [],
      size: coverageMapSize,
    }
  const [coverage, outlines] = await Promise.all([
    coverageOf(db, { territory: territory.code }),
    listOutlines(db, territory.code),
  ])
  const counted = new Set(coverage.communes.map(({ code }) => code))
  const without = outlines.filter(({ code }) => !counted.has(code))
  const communes: CoverageLine[] = [
    ...coverage.communes,
    ...without.map(({ code, name }) => ({ code, name, units: 0, surveyed: 0 })),
  ].sort((a, b) => a.name.localeCompare(b.name, 'fr'))
  const metiers: CoverageLine[] = coverage.metiers.flatMap(({ slug, label, units, surveyed }) =>
    slug === null ? [] : [{ code: slug, name: label?.[lang] ?? slug, units, surveyed }],
  )
  return {
    territories,
    territory,
    prospects,
    communes,
    metiers,
    shapes: drawCommunes(outlines),
    size: coverageMapSize,
  }
}

export interface ListAsked {
  territory: string | null
  commune: string | null
  metier: string | null
  state: string | null
  after: string | null
}

/** An enterprise that one may go and see. */
export interface ListedEnterprise extends PackEnterprise {
  communeName: string
  metierName: string | null
}

/** The enterprises of a territory in one state: never asked, not since last season, asked this season. */
export async function visitListPage(db: Database, actor: Actor, lang: Lang, query: ListAsked) {
  const { territories, territory } = await choose(db, actor, query.territory)
  const state: VisitState = visitStates.find((one) => one === query.state) ?? 'never'
  const coverage = territory ? await coverageOf(db, { territory: territory.code }) : { communes: [], metiers: [] }
  const communes = coverage.communes.map(({ code, name }) => ({ code, name }))
  const metiers = coverage.metiers.flatMap(({ slug, label }) =>
    slug === null ? [] : [{ code: slug, name: label?.[lang] ?? slug }],
  )
  const commune = communes.find(({ code }) => code === query.commune)
  const metier = metiers.find(({ code }) => code === query.metier)
  const scope = {
    territory: territory?.code ?? '',
    after: query.after,
    ...(commune ? { commune: commune.code } : {}),
    ...(metier ? { metier: metier.code } : {}),
  }
  const { enterprises, next } =
    state === 'never' ? await listUnsurveyed(db, scope) : await listAsked(db, { ...scope, season: state === 'season' })
  const [names, crafts] = [communes, metiers].map((list) => new Map(list.map(({ code, name }) => [code, name])))
  return {
    territories,
    territory,
    communes,
    metiers: metiers.sort((a, b) => a.name.localeCompare(b.name, lang)),
    chosen: {
      commune: commune?.code ?? null,
      metier: metier?.code ?? null,
      state,
    },
    enterprises: enterprises.map((one): ListedEnterprise => ({
      ...one,
      communeName: names!.get(one.commune) ?? one.commune,
      metierName: one.metier === null ? null : (crafts!.get(one.metier) ?? one.metier),
    })),
    next,
    first: query.after === null,
    seasonStart: new Date(Date.now() - seasonDays * 86_400_000).toISOString().slice(0, 10),
  }
}

/** The visits of somebody, or of his bodies. */
export async function visitsPage(
  db: Database,
  actor: Actor,
  { whose, after }: { whose: 'mine' | 'bodies'; after: string | null },
) {
  await requireSurvey(db, actor)
  return {
    ...(await listContributions(db, actor, { whose, after })),
    whose,
    first: after === null,
  }
}

/** Which enterprises of the register a prospect may be: those of its commune whose name is like its own. */
async function listLikely(db: Database, { name, commune }: WaitingProspect) {
  const found = await searchEstablishments(db, fold(name), 20)
  return found.filter((one) => one.commune === commune).slice(0, 3)
}

/** Prospects that are shown with guesses; the others wait their turn. */
const guessed = 20

/** What waits to be linked to the register, with guesses. */
export async function prospectsPage(db: Database, actor: Actor) {
  await requireSurvey(db, actor)
  const prospects = await listProspects(db, actor)
  const likely = await Promise.all(prospects.slice(0, guessed).map((one) => listLikely(db, one)))
  return {
    prospects: prospects.map((one, index) => ({
      ...one,
      likely: (likely[index] ?? []).map(({ siret, name }) => ({
        siret,
        name: name ?? siret,
      })),
    })),
  }
}

/**
 * Says which enterprise a prospect is, as a form says it.
 * @returns how many entries count from now on
 * @throws {UserError} 400 when it is no SIRET, 403, 404, 409
 */
export async function linkByForm(
  db: Database,
  actor: Actor,
  { prospect, siret }: { prospect: string; siret: string },
): Promise<number> {
  const digits = siret.replace(/\s/g, '')
  if (!isSiret(digits)) throw wrongSiret()
  return (await linkProspect(db, actor, { prospect, siret: digits })).counted
}
