import type { Database } from '#platform'
import { findTerritory } from '#territory'
import { wrongTerritory } from '../bodies/errors.ts'
import { actions, pillars, purposes, type Action, type Pillar, type Purpose } from '../rights/model.ts'
import { wrongAction, wrongPurpose, wrongScope } from './errors.ts'

/** What a form says of a clause. */
export interface ClauseInput {
  action: string
  /** What it opens: everything, or the pillars and items that follow. */
  scope: string
  pillars: readonly string[]
  items: readonly string[]
  /** Code of a territory; empty: everywhere. */
  territory: string
  purpose: string
}

export interface CheckedClause {
  action: Action
  items: string[] | null
  pillars: Pillar[] | null
  territory: string | null
  purpose: Purpose
}

const orNull = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null)

/** @throws {UserError} 400 wrong field */
export async function checkClause(db: Database, input: ClauseInput): Promise<CheckedClause> {
  const action = actions.find((one) => one === input.action)
  if (!action) throw wrongAction()
  const purpose = purposes.find((one) => one === input.purpose)
  if (!purpose) throw wrongPurpose()
  const all = input.scope === 'all'
  const items = all ? null : orNull([...new Set(input.items)])
  const chosen = all ? null : orNull(pillars.filter((one) => input.pillars.includes(one)))
  // A clause that opens nothing by mistake must not open everything.
  if (!all && !items && !chosen) throw wrongScope()
  if (items && (items.length > 200 || items.some((one) => !/^[a-zA-Z0-9._-]{1,80}$/.test(one)))) throw wrongScope()
  const code = input.territory.trim()
  const territory = code === '' ? null : await findTerritory(db, code)
  if (code !== '' && !territory) throw wrongTerritory(code)
  return { action, items, pillars: chosen, territory: territory?.code ?? null, purpose }
}
