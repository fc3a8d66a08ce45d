import type { Account } from './accounts.ts'
import { forbidden } from './reply.ts'
import { type Permission, roles } from './roles.ts'
import type { Call } from './route.ts'

/** Refuses what the role of an account does not allow. */
export function demand({ role }: Account, permission: Permission): void {
  if (role && roles[role].includes(permission)) return
  throw forbidden(`You do not have the permission for this: ${permission}`)
}

/** Whose call it is. Every route of /sm has a caller: the gateway saw to it. */
export function callerOf({ account, path }: Call): Account {
  if (!account) throw new Error(`nobody calls ${path}`)
  return account
}
