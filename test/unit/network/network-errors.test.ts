import { channel } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import type { ProxySetting } from '../../../src/session/http/agent.ts'
import { classifyNetworkError } from '../../../src/session/http/network-errors.ts'

// Failures below HTTP, by their codes: who can solve each, and the error text.

const origin = 'https://gateway.example'
const timeoutLabels = { connect: '10 s (CONNECT)', headers: '30 s (HEADERS)', body: '20 s' }
const proxy: ProxySetting = { url: new URL('http://user:word@proxy.example:3128'), setting: 'HTTPS_PROXY' }

const errorWithCode = (code: string, message = 'broken', cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { code })

/** An error of a failed connection: undici attaches its destination to each. */
function failedConnection(error: Error, host: string): Error {
  channel('undici:client:connectError').publish({ error, connectParams: { host } })
  return error
}
const describeError = (error: unknown, via?: ProxySetting) => {
  const failure = classifyNetworkError(error, origin, via, timeoutLabels)
  return failure && { name: failure.name, text: `${failure.message} ${failure.next}` }
}
const describeDirect = (code: string) =>
  describeError(failedConnection(errorWithCode(code), 'gateway.example'))

describe('a connection that breaks', () => {
  test.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])('%s', (code) => {
    expect(describeError(errorWithCode(code))).toEqual({
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
    const failure = describeError(errorWithCode(code))
    expect(failure?.name).toBe('TimeoutError')
    expect(failure?.text.startsWith(sentence), failure?.text).toBe(true)
  })

  test('the code nearest to the surface is reported', () => {
    const inner = errorWithCode('ECONNRESET')
    expect(describeError(new Error('fetch failed', { cause: inner }))?.text).toContain('(ECONNRESET)')
    expect(describeError(errorWithCode('UND_ERR_SOCKET', 'other side closed', inner))?.text).toContain(
      '(UND_ERR_SOCKET)',
    )
  })

  test.each([new TypeError('a bug'), new Error('x', { cause: 'ECONNRESET' }), 'a word', undefined])(
    '%s has no code: a bug of ours',
    (error) => {
      expect(describeError(error)).toBeUndefined()
    },
  )
})

describe('a connection that was never established', () => {
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
    expect(describeDirect(code)).toEqual({
      name: 'UnreachableError',
      text: `${origin} cannot be reached: ${cause} (${code}). ${advice}`,
    })
  })

  const clock = 'Ask the operator to check the date of this machine, and the certificate.'
  const caFile =
    'Ask the operator to put the CA of the network into the file that QUALYS_CA_FILE names, if a proxy inspects TLS.'
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
      'Ask the operator to check the address, and to put the certificate into the file that QUALYS_CA_FILE names if it is meant to be so.',
    ],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'is not trusted', caFile],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'is not trusted', caFile],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is not trusted', caFile],
    ['UNABLE_TO_GET_CRL', 'is not trusted', caFile],
  ])('%s: the certificate %s', (code, what, next) => {
    expect(describeDirect(code)).toEqual({
      name: 'SetupError',
      text: `The certificate of ${origin} ${what} (${code}). ${next}`,
    })
  })

  test.each(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_PROTOCOL_VERSION_CONFLICT'])(
    '%s: no TLS',
    (code) => {
      expect(describeDirect(code)).toEqual({
        name: 'SetupError',
        text: `${origin} speaks no TLS of version 1.2 or later (${code}). Ask the operator to check the address and its port; an old proxy in between may be the cause.`,
      })
    },
  )

  test('anything else: nothing was sent, so that a retry is safe', () => {
    expect(describeDirect('ECONNRESET')).toEqual({
      name: 'ConnectError',
      text: `No connection to ${origin} came about (ECONNRESET). Try again; if it stays so, ask the operator to check the network and the Qualys status page.`,
    })
  })
})

describe('a proxy in between', () => {
  const advice =
    'Ask the operator to check HTTPS_PROXY: its address and credentials, and whether it lets this host through; NO_PROXY names hosts that need none.'
  const throughProxy = (error: Error, host = 'gateway.example') =>
    describeError(failedConnection(error, host), proxy)
  const toProxy = (error: Error) => throughProxy(error, 'proxy.example:3128')

  test.each([
    ['407', 'SetupError'],
    ['403', 'SetupError'],
    ['301', 'SetupError'],
    ['500', 'ConnectError'],
    ['503', 'ConnectError'],
  ])('answers %s: %s', (status, name) => {
    const error = errorWithCode('UND_ERR_ABORTED', `Proxy response (${status}) !== 200 when HTTP Tunneling`)
    expect(throughProxy(error)).toEqual({
      name,
      text: `The proxy proxy.example:3128 refuses the way to ${origin} (${status}). ${advice}`,
    })
  })

  test('is silent', () => {
    expect(throughProxy(errorWithCode('UND_ERR_PROXY_SILENT'))).toEqual({
      name: 'SetupError',
      text: `The proxy proxy.example:3128 did not open the way to ${origin} within 10 s (CONNECT). ${advice}`,
    })
  })

  test('drops the connection', () => {
    expect(throughProxy(errorWithCode('UND_ERR_PROXY_DROPPED'))).toEqual({
      name: 'ConnectError',
      text: `The proxy proxy.example:3128 opens no way to ${origin} (UND_ERR_PROXY_DROPPED). ${advice}`,
    })
  })

  test.each([
    ['ECONNREFUSED', 'it refuses the connection'],
    ['ENOTFOUND', 'its name is not known'],
    ['UND_ERR_CONNECT_TIMEOUT', 'nothing answers there within 10 s (CONNECT)'],
  ])('cannot be reached: %s', (code, cause) => {
    expect(toProxy(errorWithCode(code))).toEqual({
      name: 'UnreachableError',
      text: `The proxy proxy.example:3128 cannot be reached: ${cause} (${code}). ${advice}`,
    })
  })

  test('has an untrusted certificate', () => {
    const error = errorWithCode('UND_ERR_PRX_TLS', 'no TLS', errorWithCode('SELF_SIGNED_CERT_IN_CHAIN'))
    for (const failure of [toProxy(error), throughProxy(error)])
      expect(failure?.text).toContain(
        'The certificate of the proxy proxy.example:3128 is not trusted (SELF_SIGNED_CERT_IN_CHAIN).',
      )
  })

  test('breaks before it is reached', () => {
    expect(toProxy(errorWithCode('ECONNRESET'))).toEqual({
      name: 'ConnectError',
      text: `No connection to the proxy proxy.example:3128 came about (ECONNRESET). ${advice}`,
    })
  })

  // Nested: first the error of the connection to the proxy, then of the tunnel.
  test('is blamed for failures on the way to it, wherever the error is reported', () => {
    const error = failedConnection(errorWithCode('ECONNREFUSED'), 'proxy.example:3128')
    expect(throughProxy(error)?.text).toContain('The proxy proxy.example:3128 cannot be reached')
  })

  test.each(['CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])('is not blamed for %s behind it', (code) => {
    const failure = throughProxy(errorWithCode(code))
    expect(failure?.name).toMatch(/^(Setup|Unreachable)Error$/)
    expect(failure?.text).not.toContain('proxy.example')
    expect(failure?.text).toContain(origin)
  })

  test('is named without its credentials', () => {
    expect(toProxy(errorWithCode('ECONNREFUSED'))?.text).not.toMatch(/user|word/)
  })
})
