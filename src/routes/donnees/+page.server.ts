import { everyCraft } from '#atlas'
import { establishmentsDataset } from '#registry'
import { listOpenTerritories } from '#territory'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app } }) => {
  const dataset = establishmentsDataset(app.db)
  const [count, freshness, open] = await Promise.all([
    dataset.count(everyCraft()),
    dataset.freshness(),
    listOpenTerritories(app.db),
  ])
  return { count, ...freshness, licence: dataset.licence, example: open[0]?.code ?? '82' }
}
