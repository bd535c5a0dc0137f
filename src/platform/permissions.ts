import { forbidden } from './errors.ts'
import type { User } from './application.ts'

/** Who may call a page, an action, a route or a command. */
export type Permission = 'public' | 'admin'

/** @throws {UserError} 403 when the user lacks the permission */
export function requirePermission(permission: Permission, user: User | null): void {
  if (permission === 'admin' && user?.role !== 'admin') throw forbidden()
}
