import { describe, expect, test, vi } from 'vitest'
import { Host } from '../../../../src/session/http/host.ts'
import { settingsFrom } from '../../../support/environment.ts'
import { holdClock } from '../../../support/waiting/fake-time.ts'

// What is learned about a host, and how long it is kept.

const hostOf = () =>
  new Host(
    new URL('https://gateway.example'),
    settingsFrom({ QUALYS_CONCURRENCY: '4', HTTPS_PROXY: 'http://proxy.example:3128' }),
  )
const reply = (headers: Readonly<Record<string, string>>, status = 200, text = '') => ({
  status,
  headers,
  text,
})

test('before any answer', () => {
  const host = hostOf()
  expect(host.limits).toEqual({ concurrency: 4 })
  expect(host.proxy?.setting).toBe('HTTPS_PROXY')
})

describe('the remaining calls', () => {
  test.each([
    ['the window', { 'x-ratelimit-window-sec': '300' }, 300_000],
    ['an hour, if no window is given', {}, 3_600_000],
  ])('are valid for %s', (_name, headers, ms) => {
    const pass = holdClock()
    const host = hostOf()
    host.update(reply({ 'x-ratelimit-remaining': '7', ...headers }))
    pass(ms - 1)
    expect(host.limits).toMatchObject({ callsLeft: 7 })
    pass(1)
    expect(host.limits).not.toHaveProperty('callsLeft')
  })

  test('are those of the latest answer that reports them; another answer does not refresh them', () => {
    const pass = holdClock()
    const host = hostOf()
    host.update(reply({ 'x-ratelimit-remaining': '7', 'x-ratelimit-limit': '300' }))
    pass(3_000_000)
    host.update(reply({}))
    expect(host.limits).toMatchObject({ callsLeft: 7, callsPerWindow: 300 })
    pass(600_000)
    expect(host.limits).not.toHaveProperty('callsLeft')
    host.update(reply({ 'x-ratelimit-remaining': '5' }))
    expect(host.limits).toMatchObject({ callsLeft: 5, callsPerWindow: 300 })
  })
})

describe('the concurrency limit', () => {
  test('as the host reports it', () => {
    const host = hostOf()
    host.update(reply({ 'x-concurrency-limit-limit': '2' }))
    expect(host.limits).toMatchObject({ concurrency: 2, maxConcurrent: 2 })
    host.update(reply({}))
    expect(host.limits.concurrency).toBe(2)
  })

  test('is halved for a minute after the host refused a request', () => {
    const pass = holdClock()
    const host = hostOf()
    host.update(reply({}, 409, '<CODE>1960</CODE>'))
    expect(host.limits.concurrency).toBe(2)
    pass(60_000)
    expect(host.limits.concurrency).toBe(4)
    host.update(reply({}, 409, '<CODE>1965</CODE>'))
    expect(host.limits.concurrency).toBe(4)
  })
})

test('its clock is compared with ours, and remembered', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8, 0, 0) })
  const host = hostOf()
  host.update(reply({ date: 'Sun, 22 Nov 2026 07:00:00 GMT' }))
  host.update(reply({}))
  vi.useRealTimers()
  expect(host.limits.clockSkew).toBe(3_600)
})
