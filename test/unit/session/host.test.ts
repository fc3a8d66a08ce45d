import { describe, expect, test, vi } from 'vitest'
import { Host } from '../../../src/session/http/host.ts'
import { settingsFrom } from '../../support/environment.ts'
import { holdClock } from '../../support/waiting/time.ts'

// What a host says of itself, and how long that holds.

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

test('before anything is said', () => {
  const host = hostOf()
  expect(host.traffic).toEqual({ width: 4 })
  expect(host.proxy?.setting).toBe('HTTPS_PROXY')
})

describe('the calls that are left', () => {
  test.each([
    ['the window', { 'x-ratelimit-window-sec': '300' }, 300_000],
    ['an hour, where no window is told', {}, 3_600_000],
  ])('hold for %s', (_name, headers, ms) => {
    const pass = holdClock()
    const host = hostOf()
    host.learn(reply({ 'x-ratelimit-remaining': '7', ...headers }))
    pass(ms - 1)
    expect(host.traffic).toMatchObject({ callsLeft: 7 })
    pass(1)
    expect(host.traffic).not.toHaveProperty('callsLeft')
  })

  test('are those of the newest answer that says so; an answer that says nothing makes them no newer', () => {
    const pass = holdClock()
    const host = hostOf()
    host.learn(reply({ 'x-ratelimit-remaining': '7', 'x-ratelimit-limit': '300' }))
    pass(3_000_000)
    host.learn(reply({}))
    expect(host.traffic).toMatchObject({ callsLeft: 7, callsPerWindow: 300 })
    pass(600_000)
    expect(host.traffic).not.toHaveProperty('callsLeft')
    host.learn(reply({ 'x-ratelimit-remaining': '5' }))
    expect(host.traffic).toMatchObject({ callsLeft: 5, callsPerWindow: 300 })
  })
})

describe('how many go to it at once', () => {
  test('as it says', () => {
    const host = hostOf()
    host.learn(reply({ 'x-concurrency-limit-limit': '2' }))
    expect(host.traffic).toMatchObject({ width: 2, atOnce: 2 })
    host.learn(reply({}))
    expect(host.traffic.width).toBe(2)
  })

  test('half as many for a minute after it refused one', () => {
    const pass = holdClock()
    const host = hostOf()
    host.learn(reply({}, 409, '<CODE>1960</CODE>'))
    expect(host.traffic.width).toBe(2)
    pass(60_000)
    expect(host.traffic.width).toBe(4)
    host.learn(reply({}, 409, '<CODE>1965</CODE>'))
    expect(host.traffic.width).toBe(4)
  })
})

test('its clock is compared with ours, and remembered', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8, 0, 0) })
  const host = hostOf()
  host.learn(reply({ date: 'Sun, 22 Nov 2026 07:00:00 GMT' }))
  host.learn(reply({}))
  vi.useRealTimers()
  expect(host.traffic.clockSkew).toBe(3_600)
})
