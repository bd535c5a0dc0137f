import { everyCraft } from '#atlas'
import { establishmentsDataset } from '#registry'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app } }) => {
  const dataset = establishmentsDataset(app.db)
  const [count, freshness] = await Promise.all([dataset.count(everyCraft()), dataset.freshness()])
  const properties = dataset.schema.properties as Record<string, { description?: string }>
  return {
    count,
    ...freshness,
    licence: dataset.licence,
    fields: Object.entries(properties).map(([name, { description }]) => ({ name, description: description ?? '' })),
  }
}
