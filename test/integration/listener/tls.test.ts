import { Agent, request } from 'node:https'
import { connect } from 'node:tls'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { networks } from '../../../src/config/service/parsers.ts'
import { openCertificates } from '../../../src/service/network/certificates.ts'
import type { ListenerOptions } from '../../../src/service/network/listener.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { connectTo, rawClient, statusesIn } from '../../support/listener/client.ts'
import { openService, shortTimeouts } from '../../support/listener/service.ts'
import { pairFiles, shakeHands } from '../../support/listener/tls.ts'
import { selfSigned } from '../../support/session/certificate.ts'

const [first, second] = [selfSigned('localhost'), selfSigned('localhost')]

/** A service that speaks TLS and looks at its files all the time. */
async function openTlsService(options: Partial<ListenerOptions> = {}) {
  const files = pairFiles(first)
  const certificates = openCertificates({ ...files, log: silentLog, intervalMs: 20 })
  onTestFinished(() => certificates.close())
  const service = await openService({ tls: certificates, ...options })
  return { ...files, ...service, fault: certificates.fault }
}

/** A connection whose requests a test writes by hand. */
const speakTls = (port: number) => rawClient(connect({ port, host: '127.0.0.1', rejectUnauthorized: false }))

describe('TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('of version %s is served', async (version) => {
    const { port } = await openTlsService()
    const agent = new Agent({ ca: first.cert, minVersion: version, maxVersion: version })
    onTestFinished(() => agent.destroy())
    const status = await new Promise((resolve, reject) =>
      request({ port, host: 'localhost', agent }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end(),
    )
    expect(status).toBe(200)
    expect((await shakeHands(port, { minVersion: version, maxVersion: version })).version).toBe(version)
  })

  test.each(['TLSv1', 'TLSv1.1'] as const)('of version %s is refused', async (version) => {
    const { port } = await openTlsService()
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(shakeHands(port, old)).rejects.toThrow(/protocol version/)
  })

  test('is for HTTP/1.1 alone', async () => {
    const { port } = await openTlsService()
    const { application } = await shakeHands(port, { ALPNProtocols: ['h2', 'http/1.1'] })
    expect(application).toBe('http/1.1')
    await expect(shakeHands(port, { ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol/)
  })

  test('is not left for plain HTTP', async () => {
    const { port } = await openTlsService()
    const { write, ended } = connectTo(port)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(statusesIn(await ended)).toEqual([])
    expect((await shakeHands(port)).version).toBe('TLSv1.3')
  })

  test('is not waited for', async () => {
    const { port } = await openTlsService({ timeouts: shortTimeouts })
    // It says nothing at all.
    expect(statusesIn(await connectTo(port).ended)).toEqual([])
  })

  test('is waited for no longer than plain HTTP once it is there', async () => {
    const { port } = await openTlsService({ timeouts: shortTimeouts })
    expect(statusesIn(await speakTls(port).ended)).toEqual([408])
  })

  test('begins for the proxy alone', async () => {
    const { port } = await openTlsService({ host: 'localhost', behindProxy: networks.parse('::1') })
    // Closed without a word of the client.
    expect(await connectTo(port, '127.0.0.1').ended).toBe('')
    expect((await shakeHands(port, { host: '::1' })).version).toBe('TLSv1.3')
  })

  test('connections that ended leave their place to others', async () => {
    const { port } = await openTlsService({ maxConnections: 1 })
    for (let round = 0; round < 5; round++)
      await vi.waitFor(async () => expect((await shakeHands(port)).version).toBe('TLSv1.3'))
  })

  test('that is under way ends with the service', async () => {
    const { port, close } = await openTlsService()
    const { ended, socket } = connectTo(port)
    await new Promise((resolve) => socket.once('connect', resolve))
    // Another connection after it: the service has seen both.
    await shakeHands(port)
    await close()
    expect(await ended).toBe('')
  })
})

describe('a certificate that is replaced', () => {
  test('is shown to new connections; older ones go on', async () => {
    const { port, replace } = await openTlsService()
    const before = await shakeHands(port)
    const { write, received } = speakTls(port)
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await received(/ok$/)
    replace(second)
    await vi.waitFor(async () => {
      expect((await shakeHands(port)).fingerprint).not.toBe(before.fingerprint)
    })
    write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(statusesIn(await received(/ok(?:.|\s)+ok$/))).toEqual([200, 200])
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(shakeHands(port, old)).rejects.toThrow(/protocol version/)
    expect((await shakeHands(port, { ALPNProtocols: ['http/1.1'] })).application).toBe('http/1.1')
  })

  test('by what cannot be used is still shown', async () => {
    const { port, replace, fault } = await openTlsService()
    const before = await shakeHands(port)
    replace({ cert: second.cert })
    await vi.waitFor(() => expect(fault()).toMatch(/another key/))
    expect((await shakeHands(port)).fingerprint).toBe(before.fingerprint)
  })

  test('is shown on both addresses of localhost', async () => {
    const { port, replace } = await openTlsService({ host: 'localhost' })
    const shown = async () =>
      Promise.all(['127.0.0.1', '::1'].map(async (host) => (await shakeHands(port, { host })).fingerprint))
    const [before] = await shown()
    replace(second)
    await vi.waitFor(async () => expect(await shown()).not.toContain(before))
  })
})
