import type { Account } from '../../data/accounts.ts'
import { ownCompany } from '../../data/saq/names.ts'
import type { User } from '../../data/saq/rows.ts'
import type { SaqStore } from '../../data/saq/store.ts'
import { ApiError } from '../../http/api-error.ts'
import { callerOf } from '../../http/permission.ts'
import type { Route } from '../../http/route.ts'

/** Wraps a handler that changes something: refuses accounts that may only read. */
export function requireWriteAccess(handle: Route['handle']): Route['handle'] {
  return (call) => {
    if (callerOf(call).saqRights === 'reads') {
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
  const emailAddress = `${username}@acme.example`
  const name = { firstName: username, lastName: 'Account', userName: username }
  return (
    users.find(({ id }) => id === userId) ?? {
      id: userId,
      uuid,
      ...name,
      company: ownCompany,
      emailAddress,
      tags: [],
    }
  )
}

/** The field that puts a new record into the scope of its creator. */
export function ownerMark({ saqRights, username }: Account): { madeBy?: string } {
  return saqRights === 'scoped' ? { madeBy: username } : {}
}
