import { readSecretFile, UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { withDeadline } from '../../shared/deadline.ts'
import { DriftError, SetupError, TimeoutError, TooLargeError, VendorError } from '../../shared/errors.ts'
import { isObject, parseJson } from '../../shared/json.ts'
import type { HttpClient } from '../http/client.ts'
import type { HttpRequest } from '../http/request.ts'
import type { RetryBudget } from '../http/retry-budget.ts'
import { carHost } from '../products/car.ts'
import { gatewayRefusal } from '../products/car-refusal.ts'
import type { Account, Credentials } from './account.ts'
import { loginErrorOf, noTokenMessage } from './login-errors.ts'

/** A header value of another shape is an injection or a web page. */
const tokenShape = /^[\w.~+/=-]{16,16000}$/
/** All callers wait for the same login, so it has a time limit. */
const maxSeconds = 60
const timeoutMessage = () =>
  [
    `The login was not answered within ${maxSeconds} s.`,
    `Try again in some minutes; if it stays so, ask the operator to check the platform address and the network with \`${ownCommand('doctor')}\`.`,
  ] as const
const formType = 'application/x-www-form-urlencoded'

/** The login call of an account. */
function loginRequest(
  gatewayUrl: string,
  credentials: Exclude<Credentials, { kind: 'tokenFile' }>,
): HttpRequest {
  switch (credentials.kind) {
    case 'password': {
      // getting_started.htm; URLSearchParams encodes + & # for a form.
      const body = new URLSearchParams({
        username: credentials.username,
        password: credentials.password.reveal(),
        token: 'true',
      })
      return {
        method: 'POST',
        url: new URL(`${gatewayUrl}/auth`),
        headers: { 'content-type': formType },
        body: body.toString(),
      }
    }
    case 'client': {
      // oauth/oauth-phase2: id and secret travel in headers, the body is empty.
      const pair = credentials.clientId + credentials.clientSecret.reveal()
      if (/[^\t\x20-\x7e]/.test(pair)) {
        throw new SetupError(
          'The client id or secret holds a character that no HTTP header can carry.',
          'Ask the operator to check QUALYS_CLIENT_ID and QUALYS_CLIENT_SECRET.',
        )
      }
      const path = credentials.level === 'subscription' ? '/auth/oauth' : '/auth/oidc'
      const headers = {
        clientId: credentials.clientId,
        clientSecret: credentials.clientSecret.reveal(),
        accept: 'application/json',
        'content-type': formType,
      }
      return { method: 'POST', url: new URL(gatewayUrl + path), headers, body: '' }
    }
  }
}

function tokenFromFile(path: string): string {
  const token = readTokenFile(path).trim()
  if (tokenShape.test(token)) return token
  throw new SetupError(
    'The file that QUALYS_TOKEN_FILE names holds no token.',
    'Ask the operator to write a JWT into it, and nothing else.',
  )
}

function readTokenFile(path: string): string {
  try {
    return readSecretFile(path)
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    throw new SetupError(
      `The file that QUALYS_TOKEN_FILE names ${error.message}.`,
      `Ask the operator: ${error.next}.`,
    )
  }
}

/** The token in an answer: the bare JWT, or JSON around it, as some clients have seen. */
function tokenIn(text: string): string {
  const body = text.replace(/^\ufeff/, '').trim()
  if (!/^[{"]/.test(body)) return body
  const answer = parseJson(body)
  const candidates = ['access_token', 'token', 'id_token', 'jwt'].map((key) =>
    isObject(answer) ? answer[key] : undefined,
  )
  return [answer, ...candidates].find((value): value is string => typeof value === 'string')?.trim() ?? ''
}

/** Gets one JWT. A refused login is not retried here. */
export async function login(account: Account, client: HttpClient, budget: RetryBudget): Promise<string> {
  const { credentials } = account
  if (credentials.kind === 'tokenFile') return tokenFromFile(credentials.path)
  const request = loginRequest(carHost(account), credentials)
  const response = await withDeadline(maxSeconds, timeoutMessage(), undefined, (signal) =>
    client.send(request, { repeatable: true, budget, signal }),
  ).catch((error: unknown) => {
    // The advice to ask for fewer rows does not apply to a login.
    if (error instanceof TooLargeError || error instanceof TimeoutError)
      throw new VendorError(`The login failed: ${error.message}`, error.next)
    throw error
  })
  const refusal = gatewayRefusal(parseJson(response.text), response.status)
  if (refusal) throw loginErrorOf(account, response.status, response.text, refusal)
  const token = tokenIn(response.text)
  // A wrong host answers like a wrong password, also with a 2xx status (qualys-platform.md 1.3).
  if (/\bBad Login\/Password\b/i.test(response.text))
    throw loginErrorOf(account, 401, '', { fromProduct: false })
  if (tokenShape.test(token)) return token
  throw new DriftError(...noTokenMessage(response.text))
}
