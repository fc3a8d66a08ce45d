import { z } from 'zod'
import { messageOf } from '../../../shared/errors.ts'
import { isObject, parseJson } from '../../../shared/json.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { Secret } from '../../../shared/secrets.ts'
import { textIn, type Web } from '../../outbound/web.ts'
import { TokenFault } from './token-source.ts'

/** Answers of an issuer take a few kilobytes. */
const maxBytes = 1024 * 1024

const timeoutMs = 30_000

/** An answer of an issuer to a form: a JSON object, or the word for its error (RFC 6749, 5.2). */
export type FormAnswer =
  | { readonly body: Readonly<Record<string, unknown>>; readonly error?: undefined }
  | { readonly error: string }

/** Posts a form to an issuer. Rejects with a TokenFault if no answer comes. */
export type PostForm = (
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<FormAnswer>

/** Posts forms to issuers over these connections. */
export const postFormBy =
  (web: Web): PostForm =>
  async (address, form, signal) => {
    const url = new URL(address)
    try {
      const { statusCode, body } = await web.send({
        url,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(form).toString(),
        signal,
        timeoutMs,
      })
      const answer = parseJson(await textIn(body, maxBytes))
      const error = isObject(answer) ? answer['error'] : undefined
      if (statusCode === 200 && isObject(answer) && error === undefined) return { body: answer }
      return { error: typeof error === 'string' ? oneLine(error, 60) : `status ${statusCode}` }
    } catch (error) {
      signal.throwIfAborted()
      throw new TokenFault(`The issuer cannot be asked: ${messageOf(error)}`)
    }
  }

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional(),
})

/** Tokens that an issuer gave out. */
export interface Tokens {
  readonly accessToken: Secret
  readonly refreshToken: Secret | undefined
  /** Epoch, in ms; undefined if the issuer does not say. */
  readonly expiresAt: number | undefined
}

/** The tokens in an answer (RFC 6749, 5.1). Throws a TokenFault. `now`: epoch, in ms. */
export function tokensIn(body: Readonly<Record<string, unknown>>, now: number): Tokens {
  const { data } = tokenAnswer.safeParse(body)
  if (!data) throw new TokenFault('The issuer answers with no bearer token: ask its operator.')
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = data
  return {
    accessToken: new Secret(access),
    refreshToken: refresh === undefined ? undefined : new Secret(refresh),
    expiresAt: seconds === undefined ? undefined : now + seconds * 1000,
  }
}
