import { describe, expect, test } from 'vitest'
import { type Answer, openInMemory, type SentRequest } from '../../support/session/memory.ts'

// A token's own times come from another clock, or may be wrong: they must neither lock a call out nor make every
// call log in.

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const at = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
const noRows = { body: { body: { totalCount: 0, list: [] } } }
const expired: Answer = { status: 401, body: { status: 401, error: 'Unauthorized', message: 'JWT expired' } }
const hour = 3600

/** An account whose tokens have these claims; it accepts only the last one issued, while that is `fresh`. */
function openWith(claims: object, fresh: (logins: number) => boolean = () => true) {
  let logins = 0
  let refusals = 0
  const token = (): string =>
    `${part({ alg: 'HS512' })}.${part({ ...claims, jti: String(logins) })}.c2lnbmF0dXJl`
  const answer = ({ headers }: SentRequest): Answer => {
    if (headers['authorization'] === `Bearer ${token()}` && fresh(logins)) return noRows
    refusals++
    return expired
  }
  const memory = openInMemory(answer, {
    login: () => {
      logins++
      return { status: 201, body: token() }
    },
  })
  const counted = () => ({ logins, calls: memory.sent.length, refusals })
  return { memory, counted }
}

describe('one login serves many calls, whatever the token says about its time', () => {
  test.each([
    ['a clock five hours ahead', { iat: at(5 * hour), exp: at(9 * hour) }],
    ['a clock five hours behind', { iat: at(-5 * hour), exp: at(-hour) }],
    ['a clock three days ahead', { iat: at(72 * hour), exp: at(76 * hour) }],
    ['a clock three days behind', { iat: at(-72 * hour), exp: at(-68 * hour) }],
    ['no start', { exp: at(4 * hour) }],
    ['no start, and an end that is past', { exp: at(-hour) }],
    ['no end', { iat: at(0) }],
    ['an end before its start', { iat: at(0), exp: at(-hour) }],
    ['an end at its start', { iat: at(0), exp: at(0) }],
    ['milliseconds', { iat: at(0) * 1000, exp: at(4 * hour) * 1000 }],
    ['milliseconds at the end alone', { iat: at(0), exp: at(4 * hour) * 1000 }],
    ['a hundred years', { iat: at(0), exp: at(3_155_760_000) }],
    ['no end in sight', { iat: at(0), exp: 1e308 }],
    ['negative times', { iat: -4 * hour, exp: 0 }],
    ['words', { iat: 'now', exp: 'later' }],
    ['nothing', {}],
  ])('%s', async (name, claims) => {
    const { memory, counted } = openWith(claims)
    for (let call = 0; call < 3; call++)
      expect((await memory.call('car_search_jobs', { pageSize: call + 1 })).text).toBe('no jobs found')
    expect(counted()).toEqual({ logins: 1, calls: 3, refusals: 0 })
    // Four hours less five minutes, unless it has another plausible lifetime; a day at most.
    const longer = /hundred years|no end in sight/.test(name)
    expect((await memory.session.state()).minutesLeft).toBe(longer ? 24 * 60 - 5 : 235)
  })
})

// On a machine that sleeps, the clock stands still: the token expires without notice.
describe('after the machine slept', () => {
  const claims = { iat: at(0), exp: at(4 * hour) }

  test('a token is refused: one login, and the call once more', async () => {
    let asleep = false
    const { memory, counted } = openWith(claims, (logins) => !asleep || logins > 1)
    await memory.call('car_search_jobs')
    asleep = true
    expect((await memory.call('car_search_jobs', { pageSize: 2 })).text).toBe('no jobs found')
    expect(counted()).toEqual({ logins: 2, calls: 3, refusals: 1 })
    await memory.call('car_search_jobs', { pageSize: 3 })
    expect(counted().logins).toBe(2)
  })

  test('ten calls that wake at once log in once', async () => {
    let asleep = false
    const { memory, counted } = openWith(claims, (logins) => !asleep || logins > 1)
    await memory.call('car_search_jobs')
    asleep = true
    const sizes = Array.from({ length: 10 }, (_, index) => index + 2)
    const all = await Promise.all(sizes.map((pageSize) => memory.call('car_search_jobs', { pageSize })))
    expect(all.map(({ text }) => text)).toEqual(sizes.map(() => 'no jobs found'))
    expect(counted().logins).toBe(2)
    expect(counted().calls).toBe(1 + 10 + counted().refusals)
  })

  test('a token that is refused even when fresh ends in one sentence', async () => {
    const { memory, counted } = openWith(claims, () => false)
    const { error, text } = await memory.call('car_search_jobs')
    expect(error).toMatchObject({ kind: 'setup', status: 401 })
    expect(text).toMatch(/^Qualys refuses the token, also a fresh one \(401: "JWT expired"\)/)
    expect(counted()).toEqual({ logins: 2, calls: 2, refusals: 2 })
  })
})
