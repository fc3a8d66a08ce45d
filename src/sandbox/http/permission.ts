import type { Account } from '../data/accounts.ts'
import { type Permission, roles } from '../data/roles.ts'
import { forbidden } from './reply.ts'
import type { Call } from './route.ts'

/** Throws a 403 if the account's role lacks the permission. */
export function requirePermission({ role }: Account, permission: Permission): void {
  if (role && roles[role].includes(permission)) return
  throw forbidden(`You do not have the permission for this: ${permission}`)
}

/** The account of a call. Every route of /sm has one, since the gateway checks the token. */
export function callerOf({ account, path }: Call): Account {
  if (!account) throw new Error(`nobody calls ${path}`)
  return account
}
