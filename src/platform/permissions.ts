import { forbidden } from './errors.ts'
import type { User } from './application.ts'

/** Who acts: a person, nobody known, or whoever runs the program and its command line on its own machine. */
export type Actor = User | 'operator' | null

/** Who may call a page, an action, a route or a command. */
export type Permission = 'public' | 'admin'

/** @throws {UserError} 403 when the actor lacks the permission */
export function requirePermission(permission: Permission, actor: Actor): void {
  if (permission === 'admin' && actor !== 'operator' && actor?.role !== 'admin') throw forbidden()
}
