import { channel } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { Via } from '../../../src/session/http/agent.ts'
import { brokenError } from '../../../src/session/http/network-errors.ts'

// Failures below HTTP, by their codes: who can do something about each, and what is said.

const origin = 'https://gateway.example'
const waits = { connect: '10 s (CONNECT)', headers: '30 s (HEADERS)', body: '20 s' }
const proxy: Via = { url: new URL('http://user:word@proxy.example:3128'), setting: 'HTTPS_PROXY' }

const coded = (code: string, message = 'broken', cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { code })

/** An error of a connection that was never made: undici says of each where it should have led. */
function unmade(error: Error, host: string): Error {
  channel('undici:client:connectError').publish({ error, connectParams: { host } })
  return error
}
const said = (error: unknown, via?: Via) => {
  const failure = brokenError(error, origin, via, waits)
  return failure && { name: failure.name, text: `${failure.message} ${failure.next}` }
}
const direct = (code: string) => said(unmade(coded(code), 'gateway.example'))

describe('a connection that broke', () => {
  test.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])('%s', (code) => {
    expect(said(coded(code))).toEqual({
      name: 'VendorError',
      text: `The connection to ${origin} broke before the answer was complete (${code}). Try again; if it stays so, ask the operator to check the network and the Qualys status page.`,
    })
  })

  test.each([
    ['UND_ERR_HEADERS_TIMEOUT', `${origin} did not begin to answer within 30 s (HEADERS).`],
    [
      'UND_ERR_BODY_TIMEOUT',
      `${origin} fell silent for 20 s in the middle of its answer (QUALYS_BODY_TIMEOUT_SECONDS).`,
    ],
  ])('%s', (code, sentence) => {
    const failure = said(coded(code))
    expect(failure?.name).toBe('SlowError')
    expect(failure?.text.startsWith(sentence), failure?.text).toBe(true)
  })

  test('the code nearest to the surface is told', () => {
    const inner = coded('ECONNRESET')
    expect(said(new Error('fetch failed', { cause: inner }))?.text).toContain('(ECONNRESET)')
    expect(said(coded('UND_ERR_SOCKET', 'other side closed', inner))?.text).toContain('(UND_ERR_SOCKET)')
  })

  test.each([new TypeError('a bug'), new Error('x', { cause: 'ECONNRESET' }), 'a word', undefined])(
    '%s has no code: a mistake of ours',
    (error) => {
      expect(said(error)).toBeUndefined()
    },
  )
})

describe('a connection that was never made', () => {
  const advice =
    'Ask the operator to check the platform, the network and HTTPS_PROXY with `qualys-mcp doctor`.'
  test.each([
    ['ENOTFOUND', 'its name is not known'],
    ['EAI_AGAIN', 'its name cannot be looked up'],
    ['ECONNREFUSED', 'it refuses the connection'],
    ['EHOSTUNREACH', 'there is no way to it'],
    ['ENETUNREACH', 'there is no way to it'],
    ['UND_ERR_CONNECT_TIMEOUT', 'nothing answers there within 10 s (CONNECT)'],
    ['ETIMEDOUT', 'nothing answers there'],
  ])('%s: %s', (code, cause) => {
    expect(direct(code)).toEqual({
      name: 'SetupError',
      text: `${origin} cannot be reached: ${cause} (${code}). ${advice}`,
    })
  })

  const clock = 'Ask the operator to check the date of this machine, and the certificate.'
  const caFile = 'Ask the operator to set QUALYS_CA_FILE to the CA of the network, if a proxy inspects TLS.'
  test.each([
    ['CERT_HAS_EXPIRED', 'has expired', clock],
    ['CERT_NOT_YET_VALID', 'is not valid yet', clock],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'is for another name',
      'Ask the operator to check the address: the platform, the two URLs, or HTTPS_PROXY.',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'signs itself, and is not trusted',
      'Ask the operator to check the address, and to set QUALYS_CA_FILE to the certificate if it is meant to be so.',
    ],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'is not trusted', caFile],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'is not trusted', caFile],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is not trusted', caFile],
    ['UNABLE_TO_GET_CRL', 'is not trusted', caFile],
  ])('%s: the certificate %s', (code, what, next) => {
    expect(direct(code)).toEqual({
      name: 'SetupError',
      text: `The certificate of ${origin} ${what} (${code}). ${next}`,
    })
  })

  test.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_PROTOCOL_VERSION_CONFLICT'])(
    '%s: no TLS',
    (code) => {
      expect(direct(code)).toEqual({
        name: 'SetupError',
        text: `${origin} speaks no TLS of version 1.2 or later (${code}). Ask the operator to check the address and its port; an old proxy in between may be the cause.`,
      })
    },
  )

  test('anything else: nothing was sent, so that another try does no harm', () => {
    expect(direct('ECONNRESET')).toEqual({
      name: 'UnsentError',
      text: `No connection to ${origin} came about (ECONNRESET). Try again; if it stays so, ask the operator to check the network and the Qualys status page.`,
    })
  })
})

describe('a proxy in between', () => {
  const advice =
    'Ask the operator to check HTTPS_PROXY: its address and credentials, and whether it lets this host through; NO_PROXY names hosts that need none.'
  const throughProxy = (error: Error, host = 'gateway.example') => said(unmade(error, host), proxy)
  const toProxy = (error: Error) => throughProxy(error, 'proxy.example:3128')

  test.each([
    ['407', 'SetupError'],
    ['403', 'SetupError'],
    ['301', 'SetupError'],
    ['500', 'UnsentError'],
    ['503', 'UnsentError'],
  ])('answers %s: %s', (status, name) => {
    const error = coded('UND_ERR_ABORTED', `Proxy response (${status}) !== 200 when HTTP Tunneling`)
    expect(throughProxy(error)).toEqual({
      name,
      text: `The proxy proxy.example:3128 refuses the way to ${origin} (${status}). ${advice}`,
    })
  })

  test('is silent', () => {
    expect(throughProxy(coded('UND_ERR_PROXY_SILENT'))).toEqual({
      name: 'SetupError',
      text: `The proxy proxy.example:3128 did not open the way to ${origin} within 10 s (CONNECT). ${advice}`,
    })
  })

  test('drops the connection', () => {
    expect(throughProxy(coded('UND_ERR_PROXY_DROPPED'))).toEqual({
      name: 'UnsentError',
      text: `The proxy proxy.example:3128 opens no way to ${origin} (UND_ERR_PROXY_DROPPED). ${advice}`,
    })
  })

  test.each([
    ['ECONNREFUSED', 'it refuses the connection'],
    ['ENOTFOUND', 'its name is not known'],
    ['UND_ERR_CONNECT_TIMEOUT', 'nothing answers there within 10 s (CONNECT)'],
  ])('cannot be reached: %s', (code, cause) => {
    expect(toProxy(coded(code))).toEqual({
      name: 'SetupError',
      text: `The proxy proxy.example:3128 cannot be reached: ${cause} (${code}). ${advice}`,
    })
  })

  test('has a certificate that is not trusted', () => {
    const error = coded('UND_ERR_PRX_TLS', 'no TLS', coded('SELF_SIGNED_CERT_IN_CHAIN'))
    for (const failure of [toProxy(error), throughProxy(error)])
      expect(failure?.text).toContain(
        'The certificate of the proxy proxy.example:3128 is not trusted (SELF_SIGNED_CERT_IN_CHAIN).',
      )
  })

  test('breaks before it is reached', () => {
    expect(toProxy(coded('ECONNRESET'))).toEqual({
      name: 'UnsentError',
      text: `No connection to the proxy proxy.example:3128 came about (ECONNRESET). ${advice}`,
    })
  })

  // Told twice: first of the way to the proxy, then of the way through it.
  test('is blamed for what happened on the way to it, wherever the error went on', () => {
    const error = unmade(coded('ECONNREFUSED'), 'proxy.example:3128')
    expect(throughProxy(error)?.text).toContain('The proxy proxy.example:3128 cannot be reached')
  })

  test.each(['CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])('is not blamed for %s behind it', (code) => {
    const failure = throughProxy(coded(code))
    expect(failure?.name).toBe('SetupError')
    expect(failure?.text).not.toContain('proxy.example')
    expect(failure?.text).toContain(origin)
  })

  test('is named without its credentials', () => {
    expect(toProxy(coded('ECONNREFUSED'))?.text).not.toMatch(/user|word/)
  })
})
