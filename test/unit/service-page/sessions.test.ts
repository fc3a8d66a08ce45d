import { describe, expect, test } from 'vitest'
import type { ServiceCaller } from '../../../src/service/callers/caller.ts'
import { PendingLogins } from '../../../src/service/page/session/pending-logins.ts'
import { Sessions, type Standing } from '../../../src/service/page/session/sessions.ts'
import { testClock } from '../../support/callers/callers-folder.ts'

const caller = (person: string): ServiceCaller => ({
  name: person,
  person,
  knownBy: 'issuer',
  roles: new Set(['approver']),
})
const good = (): Standing => 'good'
const hour = 3_600_000

describe('a session', () => {
  test('is found by its id alone, which is nowhere in it', () => {
    const sessions = new Sessions()
    const id = sessions.begin(caller('eve'), good)
    const found = sessions.find(id)
    expect(found).toMatchObject({ caller: { person: 'eve' }, key: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(JSON.stringify(found)).not.toContain(id)
    expect(sessions.find(found?.key)).toBeUndefined()
    for (const other of [undefined, '', 'x', `${id} `]) expect(sessions.find(other)).toBeUndefined()
    expect(sessions.begin(caller('eve'), good)).not.toBe(id)
  })

  test('ends by time, also when the clock is set back', () => {
    for (const ms of [8 * hour, -8 * hour]) {
      const clock = testClock()
      const sessions = new Sessions(clock.now)
      const id = sessions.begin(caller('eve'), good)
      clock.pass(ms - Math.sign(ms))
      expect(sessions.find(id)).toBeDefined()
      clock.pass(Math.sign(ms))
      expect(sessions.find(id)).toBeUndefined()
    }
  })

  test('that is suspended comes back, and one that ended does not', () => {
    let standing: Standing = 'suspended'
    const sessions = new Sessions()
    const id = sessions.begin(caller('eve'), () => standing)
    expect(sessions.find(id)).toBeUndefined()
    standing = 'good'
    expect(sessions.find(id)).toBeDefined()
    standing = 'ended'
    expect(sessions.find(id)).toBeUndefined()
    standing = 'good'
    expect(sessions.find(id)).toBeUndefined()
  })

  test('ends once, for whoever has the id', () => {
    const sessions = new Sessions()
    const id = sessions.begin(caller('eve'), good)
    expect(sessions.end(id)).toMatchObject({ person: 'eve' })
    expect([sessions.end(id), sessions.find(id), sessions.end(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('of one person makes room for their newest alone: nobody pushes out others', () => {
    const sessions = new Sessions()
    const other = sessions.begin(caller('tom'), good)
    const ids = Array.from({ length: 21 }, () => sessions.begin(caller('eve'), good))
    expect(sessions.find(ids[0])).toBeUndefined()
    expect(ids.slice(1).every((id) => sessions.find(id))).toBe(true)
    expect(sessions.find(other)).toBeDefined()
  })

  test('is one of some thousands: the oldest go', () => {
    const sessions = new Sessions()
    const ids = Array.from({ length: 5_001 }, (_, index) => sessions.begin(caller(`p${index}`), good))
    expect([sessions.find(ids[0]), sessions.find(ids[1]) !== undefined]).toEqual([undefined, true])
  })
})

describe('a login that has begun', () => {
  test('is found by its state and its browser together', () => {
    const logins = new PendingLogins()
    const state = logins.begin('/decisions', 'browser')
    expect(logins.find(state, 'browser')).toMatchObject({
      back: '/decisions',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      verifier: expect.stringMatching(/^[\w-]{43}$/),
    })
    for (const [one, other] of [
      [state, 'another'],
      [state, undefined],
      ['x', 'browser'],
      [null, 'browser'],
    ] as const)
      expect(logins.find(one, other)).toBeUndefined()
  })

  test('is taken once, and not by another browser', () => {
    const logins = new PendingLogins()
    const state = logins.begin('/waiting', 'browser')
    expect(logins.take(state, 'another')).toBeUndefined()
    expect(logins.take(state, 'browser')).toBeDefined()
    expect(logins.take(state, 'browser')).toBeUndefined()
  })

  test('is over after ten minutes, also when the clock is set back', () => {
    for (const ms of [600_000, -600_000]) {
      const clock = testClock()
      const logins = new PendingLogins(clock.now)
      const state = logins.begin('/waiting', 'browser')
      clock.pass(ms - Math.sign(ms))
      expect(logins.find(state, 'browser')).toBeDefined()
      clock.pass(Math.sign(ms))
      expect(logins.find(state, 'browser')).toBeUndefined()
    }
  })

  test('has secrets of its own', () => {
    const logins = new PendingLogins()
    const all = [0, 1].map(() => {
      const state = logins.begin('/waiting', 'browser')
      return [state, ...Object.values(logins.find(state, 'browser') ?? {})]
    })
    const secrets = all.flat().filter((text) => /^[\w-]{43}$/.test(String(text)))
    expect([secrets.length, new Set(secrets).size]).toEqual([6, 6])
  })

  test('is one of ten thousand: the oldest go', () => {
    const logins = new PendingLogins()
    const states = Array.from({ length: 10_001 }, () => logins.begin('/waiting', 'browser'))
    expect(states.map((state) => logins.find(state, 'browser') !== undefined).indexOf(true)).toBe(1)
  })
})
