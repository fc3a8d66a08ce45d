import type { Account } from '../data/accounts.ts'
import { hasPermission, type Permission } from '../data/roles.ts'
import { forbidden } from './reply.ts'

/** Throws a 403 if the account's role lacks the permission. */
export function requirePermission({ role }: Account, permission: Permission): void {
  if (role && hasPermission(role, permission)) return
  throw forbidden(`You do not have the permission for this: ${permission}`)
}
