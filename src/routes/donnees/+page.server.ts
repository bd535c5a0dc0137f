import { everyCraft } from '#atlas'
import { establishmentsDataset } from '#registry'
import { everyPractice, practicesDataset } from '#survey'
import { listOpenTerritories } from '#territory'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app } }) => {
  const dataset = establishmentsDataset(app.db)
  const practices = practicesDataset(app.db)
  const [count, freshness, open, told, toldFreshness] = await Promise.all([
    dataset.count(everyCraft()),
    dataset.freshness(),
    listOpenTerritories(app.db),
    practices.count(everyPractice()),
    practices.freshness(),
  ])
  return {
    count,
    ...freshness,
    licence: dataset.licence,
    example: open[0]?.code ?? '82',
    practices: { count: told, ...toldFreshness, licence: practices.licence },
  }
}
