import type { App } from '#platform'
import { listMetierTree } from '#registry'
import { employeeBands, metiersOfTree, positionQualities, sectors } from '#registry/model'
import { territoryPractices } from '#survey'
import { listCommunes, listDepartementsOf, listUnopened } from '#territory'
import type { Territory } from '#territory/model'
import type { Portrait, Share } from '../model.ts'
import type { PointIndex } from '../points/point-index.ts'
import type { Filter } from '../points/filter.ts'
import { craftsOf, viewOf } from '../register-index.ts'
import { createdPerYear, ageCounts, perTenThousand } from './figures.ts'

type Counts = Map<string | null, number>

function shares(
  keys: readonly (string | null)[],
  counts: Counts,
  total: number,
  reference: { counts: Counts; total: number } | null,
): Share[] {
  return keys.map((key) => {
    const count = counts.get(key) ?? 0
    return {
      key: key ?? 'none',
      label: key ?? '',
      count,
      share: total > 0 ? count / total : 0,
      reference: reference && reference.total > 0 ? (reference.counts.get(key) ?? 0) / reference.total : null,
    }
  })
}

/** Keys of counts, largest first. */
const byCount = (counts: Counts) =>
  [...counts.entries()].sort(([a, x], [b, y]) => y - x || String(a).localeCompare(String(b))).map(([key]) => key)

interface Side {
  points: PointIndex
  filter: Filter
  total: number
}

async function sideOf(app: App, code: string): Promise<Side> {
  const { points, filter } = await viewOf(app, craftsOf(code))
  return { points, filter, total: points.count(filter) }
}

/** At most this many crafts in a whole département, and the file was that of a trade. */
const fewMetiers = 3

function narrowMetiers({ points, filter, total }: Side, labels: ReadonlyMap<string, string>): string[] {
  const metiers = [...points.countBy(filter, 'metier').keys()]
  return total > 0 && metiers.length <= fewMetiers ? metiers.flatMap((slug) => labels.get(slug ?? '') ?? []) : []
}

/** The territory that a portrait is compared with: the département that holds most of its communes. */
export async function referenceOf(app: App, territory: Territory): Promise<string | null> {
  if (territory.kind === 'departement' || territory.kind === 'region') return null
  const [main] = territory.departement ? [territory.departement] : await listDepartementsOf(app.db, territory.code)
  return main ?? null
}

async function metierLabels(app: App): Promise<Map<string, string>> {
  const tree = await listMetierTree(app.db)
  return new Map(metiersOfTree(tree).map((one) => [one.slug, one.label.fr]))
}

/**
 * Every figure of a territory's portrait, from the same index as the map.
 * @param thisYear the year that ages are counted from
 */
export async function portraitOf(
  app: App,
  territory: Territory,
  reference: { code: string; population: number | null } | null,
  thisYear: number,
): Promise<Portrait> {
  const own = await sideOf(app, territory.code)
  const other = reference ? await sideOf(app, reference.code) : null
  const closed = await viewOf(app, { ...craftsOf(territory.code), state: 'closed' })
  const [communes, labels, unopened, practices] = await Promise.all([
    listCommunes(app.db, territory.code),
    metierLabels(app),
    listUnopened(app.db, territory.code),
    territoryPractices(app.db, territory.code),
  ])
  const counts = (name: Parameters<PointIndex['countBy']>[1]) => own.points.countBy(own.filter, name)
  const against = (name: Parameters<PointIndex['countBy']>[1]) =>
    other ? { counts: other.points.countBy(other.filter, name), total: other.total } : null
  const years = counts('year')
  const metiers = counts('metier')
  const employees = counts('employees')
  const perCommune = counts('commune')
  const otherAges = other
    ? { counts: ageCounts(other.points.countBy(other.filter, 'year'), thisYear), total: other.total }
    : null
  const ages = ageCounts(years, thisYear)
  const narrow = narrowMetiers(other ?? own, labels)
  return {
    code: territory.code,
    crafts: own.total,
    closed: closed.points.count(closed.filter),
    unknown: own.total === 0 && (other?.total ?? 0) === 0,
    narrow,
    unopened,
    // A part of the crafts over all the inhabitants would be a false figure.
    density: unopened.length > 0 || narrow.length > 0 ? null : perTenThousand(own.total, territory.population),
    referenceDensity: other ? perTenThousand(other.total, reference?.population ?? null) : null,
    sectors: shares(
      [...sectors, ...(counts('sector').has(null) ? [null] : [])],
      counts('sector'),
      own.total,
      against('sector'),
    ),
    metiers: shares(byCount(metiers), metiers, own.total, against('metier')).map((row) => ({
      ...row,
      label: labels.get(row.key) ?? '',
    })),
    creations: createdPerYear(years, thisYear),
    undatedCreations: years.get(null) ?? 0,
    ages: shares([...ages.keys()], ages, own.total, otherAges),
    employees: shares(
      [...employeeBands.filter((band) => employees.has(band)), ...(employees.has(null) ? [null] : [])],
      employees,
      own.total,
      against('employees'),
    ),
    positions: shares([...positionQualities], counts('positionQuality'), own.total, against('positionQuality')),
    communes: communes.map((commune) => {
      const count = perCommune.get(commune.code) ?? 0
      return { ...commune, count, density: perTenThousand(count, commune.population) }
    }),
    practices,
  }
}
