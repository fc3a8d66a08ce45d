import type { Environment } from '../../../src/config/settings.ts'
import { simpleReturn } from '../session/qps-answers.ts'
import type { Outcome, Shape } from './shape.ts'

// Answers of the login service (qualys-platform.md 1.3), and of what may answer in its place.

const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body>${title}</body></html>`
const refused = (exception: string): object => ({
  authentication_exceptions: [
    [`Authentication Failure: 1 errors, 0 successes:authenticationFailure.${exception}`],
  ],
})
const generic =
  /^Ask the operator to check (user name and password|QUALYS_CLIENT_ID, .*), the platform .*API access \(Community Edition has none\), an expired password, SSO-only accounts and the IP allow-list; the login is not repeated for 30 s, since accounts lock\.$/
const setup = (says: RegExp, next: RegExp = generic): Outcome => ['setup', says, next]
const quoting = (exception: string, seems: string): RegExp =>
  new RegExp(
    `^Qualys refuses the login for CAR at platform \\S+ \\(401\\) and says "[^"]*${exception}"${seems}\\.$`,
  )

export const logins: readonly Shape[] = [
  {
    name: 'a wrong password',
    status: 401,
    body: refused('InvalidCredentialsException'),
    all: setup(quoting('InvalidCredentialsException', '')),
  },
  {
    name: 'a locked account',
    status: 401,
    body: refused('AccountLockedException'),
    all: setup(
      quoting('AccountLockedException', ': the account seems to be locked'),
      /have a Manager unlock the user/,
    ),
  },
  {
    name: 'an expired password',
    status: 401,
    body: refused('CredentialExpiredException'),
    all: setup(
      quoting('CredentialExpiredException', ': the password seems to have expired'),
      /set a new password, then to change QUALYS_PASSWORD/,
    ),
  },
  {
    name: 'a password that must be changed',
    status: 401,
    body: refused('AccountPasswordMustChangeException'),
    all: setup(
      quoting('AccountPasswordMustChangeException', ': the password seems to have to be changed first'),
      /set a new password/,
    ),
  },
  {
    name: 'a user that is off',
    status: 401,
    body: refused('AccountDisabledException'),
    all: setup(
      quoting('AccountDisabledException', ': the user seems to be deactivated, or without API access'),
      /activate the user/,
    ),
  },
  {
    name: 'an address that may not',
    status: 401,
    body: refused('InvalidLoginLocationException'),
    all: setup(
      quoting('InvalidLoginLocationException', ": this machine's address seems not to be allowed"),
      /IP allow-list/,
    ),
  },
  {
    name: 'an exception that nobody knows',
    status: 401,
    body: refused('OddException'),
    all: setup(quoting('OddException', '')),
  },
  { name: 'nothing', status: 401, all: setup(/\(401\)\.$/) },
  {
    name: 'Spring',
    status: 401,
    body: { status: 401, error: 'Unauthorized', message: 'No' },
    all: setup(/\(401\) and says "No"/),
  },
  {
    name: 'the API server',
    status: 401,
    body: simpleReturn(undefined, 'Bad Login/Password'),
    contentType: 'text/xml',
    all: setup(/\(401\)/),
  },
  {
    name: 'the API server, with success',
    body: simpleReturn(undefined, 'Bad Login/Password'),
    contentType: 'text/xml',
    all: setup(/\(401\)/),
  },
  {
    name: 'a refusal inside a success',
    body: refused('AccountLockedException'),
    all: setup(/\(200\) and says "AccountLockedException": the account seems to be locked/, /unlock/),
  },
  { name: 'an error inside a success', body: { errorCode: '7', message: 'No' }, all: setup(/\(200\)\.$/) },
  {
    name: 'a field that is missing',
    status: 400,
    body: { message: 'username' },
    all: setup(/\(400\) and says "username"/),
  },
  {
    name: 'no permission',
    status: 403,
    body: { message: 'Access is denied' },
    all: setup(/\(403\) and says "Access is denied"/),
  },
  {
    name: 'a firewall',
    status: 403,
    body: page('403'),
    all: setup(/^Not the Qualys API.*\(403, with a web page\)/, /allow-list/),
  },
  {
    name: 'no login there',
    status: 404,
    all: setup(/^There is no login at http\S+ \(404\)\.$/, /QUALYS_PLATFORM, or the two URLs/),
  },
  {
    name: 'a web site',
    status: 404,
    body: page('404'),
    all: setup(/^There is no login at http\S+ \(404\), but a web page\.$/, /QUALYS_PLATFORM/),
  },
  {
    name: 'no such method',
    status: 405,
    body: page('405'),
    all: setup(/^There is no login at/, /QUALYS_PLATFORM/),
  },
  {
    name: 'another format',
    status: 415,
    all: setup(/does not take the documented request \(415\)/, /proxy/),
  },
  { name: 'a proxy', status: 407, body: page('407'), all: setup(/^A proxy in between asks/, /HTTPS_PROXY/) },
  {
    name: 'a network',
    status: 511,
    body: page('511'),
    all: setup(/log in before it lets anything through/, /HTTPS_PROXY/),
  },
  {
    name: 'a limit',
    status: 429,
    all: ['busy', /limits the calls of this account \(429\)/, /Call again in \d+ s/],
  },
  {
    name: 'a limit in its body',
    body: { errorCode: '429', message: 'x' },
    all: ['busy', /limits the logins of this account/, /Call again in 60 s/],
  },
  {
    name: 'an exception',
    status: 500,
    body: { message: 'NullPointer' },
    all: ['vendor', /login failed with 500 and says "NullPointer"/, /^Try again/],
  },
  {
    name: 'maintenance',
    status: 503,
    body: page('503'),
    all: ['vendor', /login failed with 503, with a web page/, /maintenance, see the Qualys status page/],
  },
  { name: 'a gateway that waited', status: 504, all: ['vendor', /login failed with 504/, /status page/] },
  { name: 'nothing', status: 204, all: ['drift', /what came back is no token/, /platform address/] },
  { name: 'nothing', status: 201, all: ['drift', /no token/, /platform address/] },
  {
    name: 'a web page',
    body: page('Sign in'),
    contentType: 'text/html',
    all: ['drift', /is a web page/, /platform address/],
  },
  {
    name: 'a web page that says it is text',
    body: page('Sign in'),
    contentType: 'text/plain',
    all: ['drift', /is a web page/],
  },
  { name: 'JSON without a token', body: { ok: true }, all: ['drift', /no token/] },
  { name: 'null', body: 'null', all: ['drift', /no token/] },
  {
    name: 'a token of two lines',
    body: 'eyJhbGciOiJIUzUxMiJ9.e30.x\r\nX-Evil: 1',
    all: ['drift', /no token/],
  },
]

/** Where each kind of account logs in, and its settings. */
export const loginRoutes: readonly (readonly [route: `POST ${string}`, settings: Environment])[] = [
  ['POST /auth', {}],
  ['POST /auth/oidc', { QUALYS_CLIENT_LEVEL: 'user' }],
  ['POST /auth/oauth', { QUALYS_CLIENT_LEVEL: 'subscription' }],
]

/** A token as the login service sends it, in the forms that clients have seen (qualys-platform.md 1.1 and 1.4). */
export const tokenForms: readonly (readonly [name: string, form: (token: string) => string])[] = [
  ['bare', (token) => token],
  ['between blanks', (token) => `\r\n${token} \n`],
  ['after a byte order mark', (token) => `\ufeff${token}`],
  ['quoted', (token) => `"${token}"\n`],
  ...['access_token', 'token', 'id_token', 'jwt'].map(
    (name) => [name, (token: string) => JSON.stringify({ [name]: token, expires_in: 3600 })] as const,
  ),
]
