import { type Account, accounts } from '../data/accounts.ts'
import { withoutApi, wrongCredentials } from '../http/api-error.ts'
import type { Addressed } from '../http/envelope.ts'
import type { World } from '../state/world.ts'
import { same } from './login.ts'

/** The account of a request: every request carries user name and password (getting_started.htm). */
export function signedIn(world: World, call: Addressed): Account {
  const account = accountOf(world, call.headers.authorization ?? '')
  if (!account) throw wrongCredentials()
  if (account.saq === 'none') throw withoutApi()
  return account
}

function accountOf(world: World, authorization: string): Account | undefined {
  const { tokens, knobs } = world
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? []
  if (/^bearer$/i.test(scheme) && knobs.saqBearer) {
    const verdict = tokens.verify(authorization)
    return typeof verdict === 'string' ? undefined : verdict.account
  }
  if (!/^basic$/i.test(scheme)) return undefined
  const [, username, password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? []
  return accounts.find((account) => {
    const expected = world.passwordOf(account)
    return account.username === username && expected !== undefined && same(expected, password)
  })
}
