import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import type { LoginPlace } from './login-place.ts'
import { type FormAnswer, type PostForm, type Tokens, tokensIn } from './token-request.ts'
import { TokenFault } from './token-source.ts'

// The device authorization grant (RFC 8628): a person opens an address in any browser and types a code there.

/** What a login needs. */
export interface DeviceLogin {
  readonly place: LoginPlace
  readonly clientId: string
  readonly postForm: PostForm
  readonly clock: Clock
  /** Epoch, in ms. */
  readonly now: () => number
  /** Tells the person what to do. */
  readonly announce: (sentence: string) => void
  readonly signal: AbortSignal
}

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** RFC 8628, 3.2 and 3.5. */
const usualIntervalSeconds = 5
const slowerBySeconds = 5

/** A code that lives longer is still given up: nobody remembers it. */
const maxLifeSeconds = 1800

const webAddress = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))

const deviceAnswer = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: webAddress,
  verification_uri_complete: webAddress.optional().catch(undefined),
  expires_in: z.number().positive(),
  interval: z.number().positive().optional().catch(undefined),
})

const wordsOfErrors: Readonly<Record<string, string>> = {
  access_denied: 'the person declined it',
  invalid_client: 'it does not know the client: check QUALYS_CONNECT_CLIENT_ID (--client-id)',
  unauthorized_client: 'the client may not log in this way: allow it the device authorization grant there',
}

const refusedBy = (issuer: string, error: string): TokenFault =>
  new TokenFault(
    `The issuer ${issuer} refuses the login (${error}): ${wordsOfErrors[error] ?? 'ask its operator'}.`,
  )

const isPending = ({ error }: FormAnswer): boolean =>
  error === 'authorization_pending' || error === 'slow_down'

/** Asks for a code, and tells the person where to type it. */
async function begin({ place, clientId, postForm, announce, signal }: DeviceLogin) {
  const { issuer, scope, resource, deviceEndpoint } = place
  const form = { client_id: clientId, resource, ...(scope !== '' && { scope }) }
  const answer = await postForm(deviceEndpoint, form, signal)
  if (answer.error !== undefined) throw refusedBy(issuer, answer.error)
  const { data } = deviceAnswer.safeParse(answer.body)
  if (!data) throw refusedBy(issuer, 'an answer without a code')
  const seconds = Math.min(data.expires_in, maxLifeSeconds)
  const [uri, code] = [oneLine(data.verification_uri, 2_000), oneLine(data.user_code, 100)]
  const direct = data.verification_uri_complete && ` (or ${oneLine(data.verification_uri_complete, 2_000)})`
  announce(
    `Log in: open ${uri}${direct ?? ''} in a browser within ${Math.ceil(seconds / 60)} min and enter the code ${code}.`,
  )
  return { deviceCode: data.device_code, seconds, interval: data.interval ?? usualIntervalSeconds }
}

/** Lets a person log in. Rejects with a TokenFault, or with the reason of the signal. */
export async function logIn(login: DeviceLogin): Promise<Tokens> {
  const { place, clientId, postForm, clock, now, signal } = login
  const { deviceCode, seconds, interval: first } = await begin(login)
  const form = {
    grant_type: grantType,
    device_code: deviceCode,
    client_id: clientId,
    resource: place.resource,
  }
  const end = clock.now() + seconds * 1000
  let interval = first
  while (clock.now() + interval * 1000 < end) {
    await clock.sleep(interval * 1000, signal)
    const answer = await postForm(place.tokenEndpoint, form, signal).catch((error: unknown): FormAnswer => {
      if (!(error instanceof TokenFault)) throw error
      // The issuer is away: it is asked less often, until the code ends (RFC 8628, 3.5).
      return { error: 'slow_down' }
    })
    if (answer.error === undefined) return tokensIn(answer.body, now())
    if (answer.error === 'expired_token') break
    if (!isPending(answer)) throw refusedBy(place.issuer, answer.error)
    if (answer.error === 'slow_down') interval += slowerBySeconds
  }
  throw new TokenFault('Nobody logged in before the code ended: make the request again for a new code.')
}
