import { UserError, type App, type Database } from '#platform'
import type { Lang } from '#platform/model'
import { getEstablishment, listMetierTree } from '#registry'
import { listItems } from '#statements'

/** Items of the statements on enterprises, as the language names them, by id. */
export const itemNames = (lang: Lang): Record<string, string> =>
  Object.fromEntries(listItems('enterprise').map(({ id, label }) => [id, label[lang]]))

/** Every craft, as the language names it, in its alphabetical order. */
export async function listMetiers(db: Database, lang: Lang): Promise<{ slug: string; label: string }[]> {
  const tree = await listMetierTree(db)
  return tree
    .flatMap(({ families }) => families.flatMap(({ metiers }) => metiers))
    .map(({ slug, label }) => ({ slug, label: label[lang] }))
    .sort((a, b) => a.label.localeCompare(b.label, lang))
}

/** Name of a unit in the public register; null when it is not there, or has none. */
export async function nameOf(app: App, siret: string): Promise<string | null> {
  try {
    return (await getEstablishment(app.db, siret)).name
  } catch (error) {
    if (error instanceof UserError) return null
    throw error
  }
}
