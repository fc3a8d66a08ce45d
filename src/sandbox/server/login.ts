import { timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Account,
  accounts,
  client,
  firstManager,
  invalidCredentialsException,
} from '../data/accounts.ts'
import { gatewayError, jsonReply, type Reply } from '../http/reply.ts'
import { type Call, documented, type RouteTable } from '../route.ts'

const formType = 'application/x-www-form-urlencoded'

/** The logins: with a password, and with a client of Auth ID Client Management. */
export const loginRoutes: RouteTable = {
  'POST /auth': documented(loginWithPassword),
  'POST /auth/oidc': documented(loginWithClient),
  'POST /auth/oauth': documented(loginWithClient),
}

async function loginWithPassword(call: Call): Promise<Reply> {
  const { world } = call
  const type = String(call.headers['content-type'] ?? '')
  if (world.knobs.strictContentType && !type.startsWith(formType)) {
    return gatewayError(415, `Content type '${type}' not supported`, call.path)
  }
  const form = new URLSearchParams(call.body)
  const username = form.get('username')
  const password = form.get('password')
  // All fields are form fields, as documented. No page shows the reply to a missing field.
  for (const [field, value] of Object.entries({ username, password, token: form.get('token') })) {
    if (!value) return gatewayError(400, `Required parameter '${field}' is not present`, call.path)
  }
  if (form.get('token') !== 'true') return gatewayError(400, "Parameter 'token' must be true", call.path)
  const account = accounts.find((candidate) => candidate.username === username)
  if (account?.loginException) return loginFailure(account.loginException)
  const expected = account && world.passwordOf(account)
  if (!expected || !isSameSecret(expected, password ?? '')) return loginFailure(invalidCredentialsException)
  return issueToken(call, account, 'UsernamePasswordCredential')
}

/** clientId and clientSecret are headers, the body is empty (generate_authentication_token.htm). */
async function loginWithClient(call: Call): Promise<Reply> {
  const { clientid, clientsecret } = call.headers
  if (!clientid || !clientsecret) {
    return gatewayError(400, "Required headers 'clientId' and 'clientSecret' are not present", call.path)
  }
  if (clientid !== client.clientId || !isSameSecret(call.world.keys.clientSecret, String(clientsecret))) {
    return loginFailure(invalidCredentialsException)
  }
  return issueToken(call, firstManager, 'ClientCredential')
}

async function issueToken(call: Call, account: Account, credentialType: string): Promise<Reply> {
  const { knobs, tokens } = call.world
  if (knobs.loginDelayMs > 0) await pause(knobs.loginDelayMs, undefined, { ref: false })
  const token = tokens.issue(account, credentialType, knobs, call)
  if (knobs.loginBody === 'json') return jsonReply(knobs.loginStatus, { access_token: token })
  const text = knobs.loginBody === 'quoted' ? JSON.stringify(token) : token
  return { status: knobs.loginStatus, content: { text, type: 'text/plain;charset=UTF-8' } }
}

/** The form of pcrs_error_codes.htm. The names of other exceptions are those of CAS, an assumption. */
function loginFailure(exception: string): Reply {
  return jsonReply(401, {
    authentication_exceptions: [
      [`Authentication Failure: 1 errors, 0 successes:authenticationFailure.${exception}`],
    ],
  })
}

/** Compares two secrets in constant time. */
export function isSameSecret(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)]
  return a.length === b.length && timingSafeEqual(a, b)
}
