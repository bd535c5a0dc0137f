import { listImports } from '#registry'
import { listDepartements } from '#territory'
import type { PageServerLoad } from './$types'

export const _permission = 'admin'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app } }) => {
  const [departements, imports] = await Promise.all([listDepartements(app.db), listImports(app.db)])
  return {
    departements,
    imports: imports.map(({ id, job, startedAt, files, status }) => ({
      id,
      link: job ?? id,
      at: startedAt,
      files,
      status,
    })),
  }
}
