import { listImports } from '#registry'
import { listDepartements } from '#territory'
import type { PageServerLoad } from './$types'

export const _permission = 'admin'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app }, url }) => {
  const [departements, imports] = await Promise.all([listDepartements(app.db), listImports(app.db)])
  const refusal =
    (['departement', 'files', 'size'] as const).find((one) => one === url.searchParams.get('refus')) ?? null
  return {
    refusal,
    departements,
    imports: imports.map(({ id, job, startedAt, departement, accepted, files, status }) => ({
      id,
      link: job ?? id,
      at: startedAt,
      departement,
      accepted,
      files,
      status,
    })),
  }
}
