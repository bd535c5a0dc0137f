import { listOpenTerritories, listTerritoriesOf, searchTerritories } from '#territory'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app }, url }) => {
  const text = (url.searchParams.get('q') ?? '').slice(0, 100)
  const open = await listOpenTerritories(app.db)
  const customs = open.filter((one) => one.kind === 'custom').map(({ code, name }) => ({ code, name }))
  const departements = open.filter((one) => one.kind === 'departement')
  const groups = await Promise.all(
    departements.map(async ({ code, name, population }, index) => {
      const inside = await listTerritoriesOf(app.db, code)
      const pick = (kind: string) =>
        inside.filter((one) => one.kind === kind).map((one) => ({ code: one.code, name: one.name }))
      return {
        code,
        name,
        population,
        customs: index === 0 ? customs : [],
        epcis: pick('epci'),
        communes: pick('commune'),
      }
    }),
  )
  const found = text ? await searchTerritories(app.db, text, 20) : []
  return { groups, text, found: found.map(({ code, name, kind, open }) => ({ code, name, kind, open })) }
}
