import { readFile } from 'node:fs/promises'
import type { Account } from './account.ts'
import { DriftError, SetupError, VendorError } from './errors.ts'
import { productRefusal } from './product.ts'
import type { Request } from './request.ts'
import { oneLine } from './untrusted.ts'
import type { Wire } from './wire.ts'

const form = 'application/x-www-form-urlencoded'

/** The login call of the account's credentials; undefined where the token comes from a file. */
function loginRequest({ gatewayUrl, credentials }: Account): Request | undefined {
  switch (credentials.kind) {
    case 'password': {
      // getting_started.htm; URLSearchParams encodes + & # as a form must.
      const body = new URLSearchParams({
        username: credentials.username,
        password: credentials.password.reveal(),
        token: 'true',
      })
      return {
        method: 'POST',
        url: new URL(`${gatewayUrl}/auth`),
        headers: { 'content-type': form },
        body: body.toString(),
      }
    }
    case 'client': {
      // oauth/oauth-phase2: the pair travels in headers, the body is empty.
      const path = credentials.level === 'subscription' ? '/auth/oauth' : '/auth/oidc'
      const headers = {
        clientId: credentials.clientId,
        clientSecret: credentials.clientSecret.reveal(),
        accept: 'application/json',
        'content-type': form,
      }
      return { method: 'POST', url: new URL(gatewayUrl + path), headers, body: '' }
    }
    case 'tokenFile':
      return undefined
  }
}

async function tokenFromFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    throw new SetupError(
      'The file that QUALYS_TOKEN_FILE names cannot be read.',
      'Ask the operator to check that it exists and that this server may read it.',
    )
  }
}

/** The answer is the bare JWT; some clients met JSON around it. */
function tokenIn(text: string): string {
  const body = text.trim()
  if (!body.startsWith('{')) return body.replace(/^"(.*)"$/, '$1')
  try {
    const answer: Record<string, unknown> = JSON.parse(body)
    const found = ['access_token', 'token', 'id_token', 'jwt'].map((key) => answer[key])
    return String(found.find((value) => typeof value === 'string') ?? '')
  } catch {
    return ''
  }
}

function refusedLogin(account: Account, status: number, said: string | undefined): Error {
  const quote = said === undefined ? '' : ` and says "${oneLine(said)}"`
  if (status === 404) {
    return new SetupError(
      `There is no login at ${account.gatewayUrl} (404).`,
      'Ask the operator to check the platform: QUALYS_PLATFORM, or the two URLs.',
      { status },
    )
  }
  if (status >= 500) {
    return new VendorError(`The Qualys login failed with ${status}${quote}.`, 'Try again in some minutes.', {
      status,
    })
  }
  return new SetupError(
    `Qualys refuses the login at platform ${account.platform} (${status})${quote}.`,
    'Ask the operator to check user name and password, the platform (a wrong one looks like a wrong password), API access, an expired password, SSO-only accounts and the IP allow-list; the login is not repeated for 30 s, since accounts lock.',
    { status },
  )
}

/** Gets one JWT. A refusal is never repeated from here. */
export async function login(account: Account, wire: Wire): Promise<string> {
  const request = loginRequest(account)
  if (!request && account.credentials.kind === 'tokenFile')
    return usable(await tokenFromFile(account.credentials.path))
  if (!request) throw new SetupError('No way to log in is known.', 'Ask the operator to set credentials.')
  const reply = await wire.send(request, { repeatable: true })
  if (reply.status >= 300) throw refusedLogin(account, reply.status, productRefusal(reply.text).message)
  return usable(tokenIn(reply.text))
}

/** A header value of another shape would be an injection, or a web page. */
function usable(token: string): string {
  if (/^[\w.~+/=-]{16,16000}$/.test(token)) return token
  throw new DriftError(
    'The login succeeded, but what came back is no token.',
    'Ask the operator to check the platform address (a proxy or a web page may answer there) with `qualys-mcp doctor`.',
  )
}
