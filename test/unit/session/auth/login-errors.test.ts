import { describe, expect, test } from 'vitest'
import type { Account } from '../../../../src/session/auth/account.ts'
import { loginErrorOf, noTokenMessage } from '../../../../src/session/auth/login-errors.ts'
import { Secret } from '../../../../src/shared/secrets.ts'

// Why a login failed, and who can solve it.

const byPassword: Account = {
  platform: 'US1',
  gatewayUrl: 'https://gateway.example',
  apiUrl: 'https://api.example',
  credentials: { kind: 'password', username: 'acme_ab1', password: new Secret('not the password') },
  sandbox: false,
}
const byClient: Account = {
  ...byPassword,
  credentials: {
    kind: 'client',
    clientId: 'client',
    clientSecret: new Secret('not the secret'),
    level: 'user',
  },
}
const page = '<html><body><h1>502</h1></body></html>'

const messageFor = (status: number, message?: string, account = byPassword, text = '') => {
  const refusal = { fromProduct: false, ...(message !== undefined && { message }) }
  const error = loginErrorOf(account, status, text, refusal)
  return { kind: error.kind, message: error.message, next: error.next, details: error.details }
}

describe('by the exception that the service names', () => {
  const renew =
    'Ask the operator to log in to the Qualys UI as this user and set a new password, then to change QUALYS_PASSWORD'
  test.each([
    [
      'AccountLockedException',
      'the account seems to be locked',
      'Ask the operator to have a Manager unlock the user in the Qualys UI, and to check the password before the next try',
    ],
    ['CredentialExpiredException', 'the password seems to have expired', renew],
    ['AccountPasswordMustChangeException', 'the password seems to have to be changed first', renew],
    [
      'AccountDisabledException',
      'the user seems to be deactivated, or without API access',
      'Ask the operator to have a Manager activate the user, with API access, in the Qualys UI',
    ],
    [
      'InvalidLoginLocationException',
      "this machine's address seems not to be allowed",
      "Ask the operator to add the address from which this machine is seen to the subscription's IP allow-list",
    ],
  ])('%s', (exception, seems, next) => {
    expect(messageFor(401, `javax.security.auth.login.${exception}`)).toEqual({
      kind: 'setup',
      message: `Qualys refuses the login for CAR at platform US1 (401) and says "javax.security.auth.login.${exception}": ${seems}.`,
      next: `${next}; the login is not repeated for 30 s, since accounts lock.`,
      details: { status: 401 },
    })
  })

  test.each([
    ['user name and password', byPassword],
    ['QUALYS_CLIENT_ID, QUALYS_CLIENT_SECRET and QUALYS_CLIENT_LEVEL', byClient],
  ])('another one: %s are to be checked', (what, account) => {
    const { message, next } = messageFor(401, 'FailedLoginException', account)
    expect(message).toBe(
      'Qualys refuses the login for CAR at platform US1 (401) and says "FailedLoginException".',
    )
    expect(next).toBe(
      `Ask the operator to check ${what}, the platform (a wrong one looks like a wrong password; Help, About in the Qualys UI names its servers), the Login ID (not the e-mail address), API access (Community Edition has none), an expired password, SSO-only accounts and the IP allow-list; the login is not repeated for 30 s, since accounts lock.`,
    )
  })

  // A success is not redacted yet.
  test('for a success, only that word is quoted', () => {
    expect(messageFor(200, 'password=not the password: AccountLockedException at x').message).toBe(
      'Qualys refuses the login for CAR at platform US1 (200) and says "AccountLockedException": the account seems to be locked.',
    )
    expect(messageFor(200, 'password=not the password').message).toBe(
      'Qualys refuses the login for CAR at platform US1 (200).',
    )
  })
})

describe('by its status', () => {
  test.each([401, 400, 403, 409, 422])('%i: a refusal', (status) => {
    expect(messageFor(status)).toMatchObject({
      kind: 'setup',
      message: `Qualys refuses the login for CAR at platform US1 (${status}).`,
      details: { status },
    })
  })

  test.each([404, 405, 410, 501])('%i: there is no login at that address', (status) => {
    expect(messageFor(status)).toMatchObject({
      kind: 'setup',
      message: `There is no login at https://gateway.example (${status}).`,
    })
    expect(messageFor(status, undefined, byPassword, page).message).toBe(
      `There is no login at https://gateway.example (${status}), but a web page.`,
    )
  })

  test.each([408, 500, 502, 503, 504])('%i: Qualys failed', (status) => {
    expect(messageFor(status, 'no')).toMatchObject({
      kind: 'vendor',
      message: `The Qualys login failed with ${status} and says "no".`,
    })
    expect(messageFor(status, undefined, byPassword, page).message).toBe(
      `The Qualys login failed with ${status}, with a web page.`,
    )
  })

  test.each([406, 415])('%i: the request is not accepted', (status) => {
    expect(messageFor(status)).toMatchObject({
      kind: 'setup',
      message: `The login at https://gateway.example does not take the documented request (${status}).`,
    })
  })

  test.each([
    [407, 'A proxy in between asks for user name and password (407).'],
    [421, 'What answers at this address does not answer for Qualys (421).'],
    [451, 'The way to Qualys is blocked for legal reasons (451).'],
    [511, 'The network wants somebody to log in before it lets anything through (511).'],
  ])('%i: an intermediary', (status, message) => {
    expect(messageFor(status)).toMatchObject({ kind: 'setup', message })
  })

  test.each([400, 403])('%i with a web page: an intermediary', (status) => {
    expect(messageFor(status, undefined, byPassword, page).message).toMatch(
      /^Not the Qualys API, but a web server/,
    )
  })

  test('a limit, whatever the status', () => {
    const error = loginErrorOf(byPassword, 200, '', { message: 'no', category: 'busy', fromProduct: false })
    expect(error).toMatchObject({
      kind: 'busy',
      message: 'Qualys limits the logins of this account (200).',
      next: 'Call again in 60 s.',
      details: { status: 200, retryAfterSeconds: 60 },
    })
  })
})

test.each([
  [page, /^The answer is a web page, not the Qualys API/],
  ['{"ok":true}', /^The login succeeded, but what came back is no token\.$/],
])('%s with a success is no token', (text, says) => {
  const [what, next] = noTokenMessage(text)
  expect(what).toMatch(says)
  expect(next).toMatch(/^Ask the operator to check the platform address/)
})
