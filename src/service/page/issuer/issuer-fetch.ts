import type { CustomFetch } from 'openid-client'
import { messageOf } from '../../../shared/errors.ts'
import { isSafeAddress } from '../../outbound/safe-address.ts'
import { textIn, type Web, WebError } from '../../outbound/web.ts'

/** Answers of an issuer take a few kilobytes. */
const maxBytes = 1024 * 1024
const timeoutMs = 10_000

/** Statuses with which a Response has no body. */
const bodiless = [204, 205, 304]

const asText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '')

/**
 * How the login library sends requests: with the proxies, CAs and limits of this service, over https or on this machine,
 * and without following redirects. Rejects with a WebError, or with the reason of the time-out.
 */
export const issuerFetchBy =
  (web: Web): CustomFetch =>
  async (address, { method, headers, body }) => {
    const refused = { isSent: false, isAway: false }
    if (!isSafeAddress(address))
      throw new WebError('the issuer names an address that is not https://', refused)
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await web.send({
      url: new URL(address),
      method: method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'user-agent')),
      ...(body !== null && body !== undefined && { body: String(body) }),
      signal,
    })
    const text = await textIn(answer.body, maxBytes).catch((error: unknown) => {
      signal.throwIfAborted()
      throw new WebError(messageOf(error), { isSent: true, isAway: false })
    })
    return new Response(bodiless.includes(answer.statusCode) ? null : text, {
      status: answer.statusCode,
      headers: Object.entries(answer.headers).map(([name, value]): [string, string] => [name, asText(value)]),
    })
  }
