import type { SecureContextOptions } from 'node:tls'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openCertificates } from '../../../src/service/network/certificates.ts'
import { dayMs } from '../../../src/shared/clock.ts'
import { recordedLog } from '../../support/listener/log.ts'
import { pairFiles } from '../../support/listener/tls.ts'
import { issueCertificate, selfSigned } from '../../support/session/certificate.ts'

// Certificates that follow their files, with a clock and looks that the test makes.

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const [first, second] = [selfSigned('localhost'), selfSigned('localhost')]
const now = Date.UTC(2026, 10, 30)

/** Certificates of these files, and a server that records what it is given. */
function open(pair = first, clock = { now }) {
  const files = pairFiles(pair)
  const { log, lines } = recordedLog()
  const certificates = openCertificates({ ...files, log, now: () => clock.now })
  onTestFinished(() => certificates.close())
  const given: SecureContextOptions[] = []
  certificates.attach({ setSecureContext: (options) => void given.push(options) })
  const messages = (level: string) => lines.filter((line) => line.level === level).map(({ msg }) => msg)
  return { ...files, ...certificates, given, messages, clock, look: () => void vi.advanceTimersByTime(1_000) }
}

describe('files that change', () => {
  test('are given to the servers, with the least version', () => {
    const { replace, look, given, options, messages } = open()
    expect(options()).toEqual({ cert: first.cert, key: first.key.trimEnd(), minVersion: 'TLSv1.2' })
    replace(second)
    look()
    look()
    expect(given).toEqual([{ cert: second.cert, key: second.key.trimEnd(), minVersion: 'TLSv1.2' }])
    expect(options()).toEqual(given[0])
    expect(messages('info')).toEqual(['the certificate was read again'])
  })

  test('are not read again without a change', () => {
    const { look, given } = open()
    for (let time = 0; time < 5; time++) look()
    expect(given).toEqual([])
  })

  test('are read only when they are at rest: one comes after the other', () => {
    const { replace, look, given, fault, messages } = open()
    replace({ cert: second.cert })
    look()
    replace({ key: second.key })
    look()
    expect([given.length, fault(), messages('error')]).toEqual([0, undefined, []])
    look()
    expect(given).toHaveLength(1)
  })
})

describe('a change that cannot be used', () => {
  const ended = issueCertificate({ names: ['localhost'], until: '261129' })

  test.each([
    ['the key of another certificate', { key: second.key }, /another key/],
    ['half a certificate', { cert: second.cert.slice(0, 200) }, /damaged/],
    ['a certificate that has ended', { cert: ended.cert, key: ended.key }, /ended/],
  ])('leaves the certificate before in use, and is told once: %s', (_name, change, reason) => {
    const { replace, look, given, options, fault, messages } = open()
    replace(change)
    for (let time = 0; time < 5; time++) look()
    expect(given).toEqual([])
    expect(options()).toMatchObject({ cert: first.cert })
    expect(fault()).toMatch(reason)
    expect(messages('error')).toEqual([expect.stringContaining('stays in use')])
    replace(second)
    for (let time = 0; time < 5; time++) look()
    expect(given).toEqual([expect.objectContaining({ cert: second.cert })])
    expect(fault()).toBeUndefined()
  })
})

test('reload reads at once', () => {
  const { replace, reload, given, fault } = open()
  replace(second)
  reload()
  expect(given).toEqual([expect.objectContaining({ cert: second.cert })])
  replace({ key: first.key })
  reload()
  expect(fault()).toMatch(/another key/)
})

test('nothing is looked at after the end', () => {
  const { replace, close, look, given } = open()
  close()
  replace(second)
  look()
  look()
  expect(given).toEqual([])
})

describe('the end of the certificate in use', () => {
  const soon = issueCertificate({ names: ['localhost'], until: '261213' })
  const later = issueCertificate({ names: ['localhost'], until: '261215' })

  test('is told from fourteen days before, once a day', () => {
    const { look, clock, messages } = open(soon)
    expect(messages('warn')).toEqual([expect.stringContaining('ends soon')])
    look()
    expect(messages('warn')).toHaveLength(1)
    clock.now += dayMs
    look()
    look()
    expect(messages('warn')).toHaveLength(2)
  })

  test('is told when those days begin, not before', () => {
    const { look, clock, messages } = open(later)
    look()
    expect(messages('warn')).toEqual([])
    clock.now += 2 * dayMs
    look()
    expect(messages('warn')).toHaveLength(1)
  })

  test('is a fault once it is over, until there is another one', () => {
    const { look, clock, fault, replace } = open(soon)
    expect(fault()).toBeUndefined()
    clock.now += 15 * dayMs
    expect(fault()).toBe('The certificate ended at 2026-12-13T23:59Z: renew it.')
    replace(second)
    look()
    look()
    expect(fault()).toBeUndefined()
  })
})

test('what cannot be used stops the start', () => {
  expect(() => open({ ...first, key: second.key })).toThrow(/another key/)
})
