import { getStanding } from '#accounts'
import type { Database, User } from '#platform'

/** Whether somebody holds an enterprise, and may speak for himself. */
export const holdsSomething = async (db: Database, user: User): Promise<boolean> =>
  (await getStanding(db, user)).enterprises.length > 0
