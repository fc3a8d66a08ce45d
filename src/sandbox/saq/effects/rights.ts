import type { Account } from '../../data/accounts.ts'
import { ownCompany } from '../../data/saq/names.ts'
import type { User } from '../../data/saq/rows.ts'
import type { SaqStore } from '../../data/saq/store.ts'
import { ApiError } from '../../http/api-error.ts'
import type { Route, RouteTable } from '../../route.ts'

/**
 * Wraps routes that change something. They refuse accounts that may only read, and a reset renews the data after
 * them.
 */
export function changeRoutes(table: RouteTable): RouteTable {
  return Object.fromEntries(
    Object.entries(table).map(([key, route]) => [key, { ...route, handle: changeHandler(route) }]),
  )
}

function changeHandler({ handle }: Route): Route['handle'] {
  return (call) => {
    call.world.saq.prepareChange()
    if (call.account.saqRights === 'reads') {
      throw new ApiError(
        'INSUFFICIENT_PERMISSION',
        'You do not have the permission for this operation.',
        'If you think this is an error, please contact your account manager.',
      )
    }
    return handle(call)
  }
}

/** The user of an account, as owner of what it creates. */
export function userOf({ users }: SaqStore, { userId, uuid, username }: Account): User {
  const account: User = {
    id: userId,
    uuid,
    firstName: username,
    lastName: 'Account',
    userName: username,
    company: ownCompany,
    emailAddress: `${username}@acme.example`,
    tags: [],
  }
  return users.find(({ id }) => id === userId) ?? account
}

/** The field that puts a new record into the scope of its creator. */
export function ownerMark({ saqRights, username }: Account): { madeBy?: string } {
  return saqRights === 'scoped' ? { madeBy: username } : {}
}
