import { forbidden, signInRequired } from './errors.ts'
import type { User } from './application.ts'

/** Who acts: a person, nobody known, or whoever runs the program and its command line on its own machine. */
export type Actor = User | 'operator' | null

/** Who may call a page, an action, a route or a command. Finer rights depend on the record: see accounts. */
export type Permission = 'public' | 'signed-in' | 'admin'

/** @throws {UserError} 401 when nobody is signed in, 403 when the actor lacks the permission */
export function requirePermission(permission: Permission, actor: Actor): void {
  if (permission === 'public' || actor === 'operator') return
  if (actor?.kind !== 'person') throw signInRequired()
  if (permission === 'admin' && !actor.administrator) throw forbidden()
}
