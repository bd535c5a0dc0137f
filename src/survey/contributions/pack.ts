import { createHash } from 'node:crypto'
import { getStanding } from '#accounts'
import { inNameOf } from '#accounts/model'
import { sql, UserError, type App, type User } from '#platform'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { getTerritory, listCommunes, listOutlines } from '#territory'
import type { Contour } from '#territory/model'
import { isVisited, unitColumns, withLastAsked } from '../coverage/queries.ts'
import { latestGuide } from '../guide/guides.ts'
import type { Pack, PackEnterprise } from '../model.ts'
import { listOpenings, type Opening } from './mandates.ts'
import { decideAny, requireContribute } from './rights.ts'

const longestDays = 30
const most = 6000

const tooLarge = (name: string, count: number) =>
  new UserError(
    'survey.pack_too_large',
    413,
    `${name} compte ${count.toLocaleString('fr-FR')} entreprises, et un appareil en emporte ${most.toLocaleString('fr-FR')} au plus. Choisissez une partie de ce territoire.`,
  )

const covers = ({ communes }: Opening, commune: string) => communes === null || communes.has(commune)

/** Points to the nearest 10 metres or so, without those that fall on the one before. */
function simplify(contour: Contour): Contour {
  const round = (degrees: number) => Math.round(degrees * 1e4) / 1e4
  const thin = (ring: number[][]) => {
    const points = ring.map(([lon, lat]) => [round(lon!), round(lat!)])
    const kept = points.filter(([lon, lat], i) => i === 0 || lon !== points[i - 1]![0] || lat !== points[i - 1]![1])
    return kept.length >= 4 ? kept : points
  }
  return contour.type === 'Polygon'
    ? { type: 'Polygon', coordinates: contour.coordinates.map(thin) }
    : { type: 'MultiPolygon', coordinates: contour.coordinates.map((rings) => rings.map(thin)) }
}

type Units = Omit<PackEnterprise, 'asked'>[]

async function listUnits({ db }: Pick<App, 'db'>, name: string, communes: readonly string[]): Promise<Units> {
  const where = sql`e.commune = any(${[...communes]}::text[]) and ${isVisited}`
  const count = await sql<{ n: number }>`
    select count(*)::int as n from registry.public_establishment e where ${where}`.execute(db.kysely)
  if (count.rows[0]!.n > most) throw tooLarge(name, count.rows[0]!.n)
  const found = await sql<Units[number]>`
    select ${unitColumns} from registry.public_establishment e where ${where} order by e.siret`.execute(db.kysely)
  return found.rows
}

/** The units that the person may speak of in the name of the body: an expert's crafts are not all. */
async function filterUnits({ db }: Pick<App, 'db'>, actor: User, body: string, units: Units): Promise<Units> {
  const standing = await getStanding(db, actor)
  const at = new Date().toISOString()
  const known = new Map<string, boolean>()
  return units.filter(({ siret, commune, metier }) => {
    const key = `${commune} ${metier}`
    const about = { subject: { kind: 'enterprise', id: siret }, place: { commune, metier }, body, author: actor.id }
    const allowed = known.get(key) ?? 'grant' in decideAny(standing, 'contribute', about, latestGuide().items, at)
    known.set(key, allowed)
    return allowed
  })
}

async function listPackMetiers({ db }: Pick<App, 'db'>): Promise<Pack['metiers']> {
  return metiersOfTree(await listMetierTree(db)).map(({ slug, label, sector }) => ({ slug, label, sector }))
}

/** The clauses of a body that reach a territory, and its communes that they reach. */
async function reach(app: Pick<App, 'db'>, actor: User, body: string, code: string) {
  const { items } = latestGuide()
  const standing = inNameOf(await getStanding(app.db, actor), body)
  const openings = listOpenings(standing, items, new Date().toISOString())
  const communes = await listCommunes(app.db, code)
  const reached = communes.filter((one) => openings.some((opening) => covers(opening, one.code)))
  if (reached.length === 0) {
    const place = { commune: communes[0]?.code ?? null, metier: null }
    const subject = { kind: 'territory', id: code }
    await requireContribute(app.db.kysely, actor, { subject, place, body, author: actor.id }, items)
  }
  const used = openings.filter((opening) => reached.some((one) => covers(opening, one.code)))
  return { communes: reached, until: used.map(({ until }) => until).sort()[0] }
}

/**
 * A territory to take into the workshop: its open units of crafts within the clauses of the body, at most 6,000, with the
 * contours of their communes. It expires with the clause, or after 30 days.
 * @throws {EntryRefused} no clause reaches the territory
 * @throws {UserError} 404 unknown territory, 413 too many units
 */
export async function createPack(
  app: Pick<App, 'db'>,
  actor: User,
  { body, territory: asked }: { body: string; territory: string },
): Promise<Pack> {
  const { code, name } = await getTerritory(app.db, asked)
  const { communes, until } = await reach(app, actor, body, code)
  const units = await listUnits(
    app,
    name,
    communes.map((one) => one.code),
  )
  const [own, outlines, metiers] = await Promise.all([
    filterUnits(app, actor, body, units),
    listOutlines(app.db, code),
    listPackMetiers(app),
  ])
  const contours = new Map(outlines.map((one) => [one.code, one.contour]))
  const now = new Date()
  const longest = new Date(now.getTime() + longestDays * 86_400_000).toISOString()
  return {
    id: createHash('sha256').update(`${actor.id} ${body} ${code}`).digest('hex').slice(0, 32),
    body,
    territory: { code, name },
    madeAt: now.toISOString(),
    expiresAt: until !== undefined && until < longest ? until : longest,
    communes: communes.map((one) => {
      const contour = contours.get(one.code)
      return { code: one.code, name: one.name, contour: contour ? simplify(contour) : null }
    }),
    metiers,
    enterprises: await withLastAsked(app.db, own),
  }
}
