import { type Account, accounts } from '../data/accounts.ts'
import { apiAccessDenied, wrongCredentials } from '../http/api-error.ts'
import type { RequestHead } from '../http/envelope.ts'
import type { World } from '../state/world.ts'
import { isSameSecret } from './login.ts'

/**
 * The account of a request. Every request carries user name and password (getting_started.htm). Throws an
 * ApiError if they are wrong or the account has no access to the API.
 */
export function authenticate(world: World, head: RequestHead): Account {
  const account = findAccount(world, head.headers.authorization ?? '')
  if (!account) throw wrongCredentials()
  if (account.saqRights === 'none') throw apiAccessDenied()
  return account
}

function findAccount(world: World, authorization: string): Account | undefined {
  const { tokens, knobs } = world
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? []
  if (/^bearer$/i.test(scheme) && knobs.saqBearer) {
    const check = tokens.verify(authorization)
    return typeof check === 'string' ? undefined : check.account
  }
  if (!/^basic$/i.test(scheme)) return undefined
  const [, username, password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? []
  return accounts.find((account) => {
    const expected = world.passwordOf(account)
    return account.username === username && expected !== undefined && isSameSecret(expected, password)
  })
}
