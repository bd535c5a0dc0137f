import type { Database } from '#platform'
import type { Lang } from '#platform/model'
import { listMetierTree } from '#registry'
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
