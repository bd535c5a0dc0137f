import { isDemonstration, type App } from '#platform'
import { readProvenance } from '#registry'
import type { Source } from './model.ts'

/** Where the register's figures come from; null before any import. */
export async function sourceOf(app: App): Promise<Source | null> {
  if (await isDemonstration(app.db)) return 'invented'
  const { importedAt, registerUpdatedAt } = await readProvenance(app.db)
  return importedAt ? { importedAt, updatedAt: registerUpdatedAt } : null
}
