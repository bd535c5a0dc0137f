import type { Database } from '#platform'
import { fold } from '#platform/model'
import { searchTerritories } from '#territory'
import { cut } from '../tables/cells.ts'

/** A commune by its code, or why a text means none, or several. */
export type FoundCommune = { code: string } | { reason: string }

/** The commune that a text means: its code, or its name whatever the accents. */
export async function findCommune(db: Database, text: string): Promise<FoundCommune> {
  const typed = text.trim()
  const communes = (await searchTerritories(db, cut(typed, 100), 20)).filter(({ kind }) => kind === 'commune')
  const byCode = communes.find(({ code }) => code === typed.toUpperCase())
  if (byCode) return { code: byCode.code }
  const same = communes.filter(({ name }) => fold(name) === fold(typed))
  const open = same.filter((one) => one.open)
  const [first, ...others] = open.length > 0 ? open : same
  if (!first)
    return { reason: `« ${cut(typed, 60)} » n’est pas une commune. Écrivez son nom entier, ou son code Insee.` }
  if (others.length === 0) return { code: first.code }
  const several = [first, ...others].map(({ name, code }) => `${name} (${code})`).join(', ')
  return { reason: `Plusieurs communes s’appellent ainsi : ${several}. Écrivez le code Insee.` }
}
