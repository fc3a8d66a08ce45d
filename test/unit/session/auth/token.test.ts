import { describe, expect, test } from 'vitest'
import { claimsOf, TokenKeeper } from '../../../../src/session/auth/token.ts'
import { BusyError, SetupError, VendorError } from '../../../../src/shared/errors.ts'

// The JWT of an account, on a fake clock: how long it is used, and what a failed login means.

const minute = 60_000

function jwt(claims: unknown): string {
  return `eyJhbGciOiJIUzUxMiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`
}

/** A token source whose logins return these in turn: tokens, or errors. */
function keeperOf(...logins: readonly (string | Error)[]) {
  const clock = { now: 5 }
  let count = 0
  const keeper = new TokenKeeper(
    async () => {
      const next = logins[count++] ?? `token ${count}`
      if (next instanceof Error) throw next
      return next
    },
    () => clock.now,
  )
  return { keeper, clock, logins: () => count }
}

describe('lifetime', () => {
  test.each([
    { name: 'four hours, five minutes early', claims: { iat: 0, exp: 14_400 }, minutes: 235 },
    { name: 'a clock ten hours slow', claims: { iat: 1_800_036_000, exp: 1_800_050_400 }, minutes: 235 },
    { name: 'a clock years ahead', claims: { iat: 1_000_000_000, exp: 1_000_003_600 }, minutes: 55 },
    { name: 'ten minutes: at half of it', claims: { iat: 0, exp: 600 }, minutes: 5 },
    { name: 'shorter than ten minutes: at half of it', claims: { iat: 0, exp: 480 }, minutes: 4 },
    { name: 'no claims', claims: {}, minutes: 235 },
    { name: 'a list for claims', claims: [1], minutes: 235 },
    { name: 'no start', claims: { exp: 1_800_000_000 }, minutes: 235 },
    { name: 'an end before its start', claims: { iat: 500, exp: 100 }, minutes: 235 },
    { name: 'both in milliseconds', claims: { iat: 1_800_000_000_000, exp: 1_800_003_600_000 }, minutes: 55 },
    {
      name: 'only the end in milliseconds',
      claims: { iat: 1_800_000_000, exp: 1_800_003_600_000 },
      minutes: 55,
    },
    { name: 'an end at its start', claims: { iat: 500, exp: 500 }, minutes: 235 },
    { name: 'a negative start', claims: { iat: -3600, exp: 3600 }, minutes: 115 },
    { name: 'a day', claims: { iat: 0, exp: 86_400 }, minutes: 1_435 },
    { name: 'a hundred years', claims: { iat: 0, exp: 3_155_760_000 }, minutes: 1_435 },
    { name: 'no end in sight', claims: { iat: 0, exp: 1e308 }, minutes: 1_435 },
    { name: 'no start, and an end that is past', claims: { exp: 1_000 }, minutes: 235 },
    { name: 'words for numbers', claims: { iat: 'now', exp: 'later' }, minutes: 235 },
  ])('$name: renewed after $minutes minutes', async ({ claims, minutes }) => {
    const { keeper, clock, logins } = keeperOf(`${jwt(claims)}1`, `${jwt(claims)}2`)
    const token = await keeper.get()
    expect(keeper.minutesLeft()).toBe(minutes)
    clock.now += minutes * minute - 1
    expect(await keeper.get()).toBe(token)
    expect(keeper.current).toBe(token)
    clock.now += 1
    expect(keeper.current).toBeUndefined()
    expect(await keeper.get()).not.toBe(token)
    expect(logins()).toBe(2)
  })

  test('a token that cannot be read lives for four hours', async () => {
    const { keeper } = keeperOf('opaque')
    expect(keeper.minutesLeft()).toBeUndefined()
    await keeper.get()
    expect(keeper.minutesLeft()).toBe(235)
  })

  test('an expired token has no minutes left', async () => {
    const { keeper, clock } = keeperOf('opaque')
    await keeper.get()
    clock.now += 300 * minute
    expect(keeper.minutesLeft()).toBe(0)
  })
})

test.each([
  [jwt({ iat: 1, exp: 2, sub: 'me', other: 3 }), { iat: 1, exp: 2, sub: 'me' }],
  [jwt({ iat: '1', exp: null, sub: 7 }), {}],
  [jwt(['me']), {}],
  ['no token', {}],
  ['a.b.c', {}],
])('the claims of %s', (token, claims) => {
  expect(claimsOf(token)).toEqual(claims)
})

describe('one login for all', () => {
  test('calls during a login get its token, and are told what it waits for', async () => {
    let finish = (_token: string): void => undefined
    let count = 0
    const keeper = new TokenKeeper((notify) => {
      count++
      notify('Qualys limits the logins.')
      return new Promise((resolve) => {
        finish = (token) => {
          notify('There it is.')
          resolve(token)
        }
      })
    })
    const news: string[][] = [[], []]
    const callers = news.map((list) => ({ notify: (news: string) => void list.push(news) }))
    const both = callers.map((caller) => keeper.get(caller))
    finish('a')
    expect(await Promise.all(both)).toEqual(['a', 'a'])
    expect(count).toBe(1)
    expect(news).toEqual([['Qualys limits the logins.', 'There it is.'], ['There it is.']])
    // A waiter of the first login does not get the next one.
    keeper.invalidate('a')
    const next = keeper.get()
    finish('b')
    expect(await next).toBe('b')
    expect(news.map(({ length }) => length)).toEqual([2, 1])
  })

  test('a late refusal of the old token does not drop the new one', async () => {
    const { keeper } = keeperOf('first', 'second', 'third')
    const old = await keeper.get()
    expect(keeper.invalidate(old)).toBe(true)
    expect(await keeper.get()).toBe('second')
    expect(keeper.invalidate(old)).toBe(false)
    expect(await keeper.get()).toBe('second')
  })
})

describe('a login that fails', () => {
  const caller = (): { notify: () => void } => ({ notify: () => undefined })
  const refused = new SetupError('refused', 'check it', { status: 401 })

  test('a refusal is repeated to every call for half a minute', async () => {
    const { keeper, clock, logins } = keeperOf(refused, 'a')
    await expect(keeper.get(caller())).rejects.toBe(refused)
    clock.now += 29_999
    await expect(keeper.get(caller())).rejects.toBe(refused)
    await expect(keeper.get()).rejects.toBe(refused)
    expect(logins()).toBe(1)
    clock.now += 1
    expect(await keeper.get(caller())).toBe('a')
  })

  test('a refusal is forgotten with the next token', async () => {
    const { keeper, clock } = keeperOf(refused, 'a', 'b')
    await keeper.get().catch(() => undefined)
    clock.now += 30_000
    expect(await keeper.get()).toBe('a')
    keeper.invalidate('a')
    expect(await keeper.get()).toBe('b')
  })

  test.each([
    ['a limit', new BusyError('busy', 'wait', { status: 429 })],
    ['an outage', new VendorError('away', 'wait', { status: 503 })],
    ['a setting', new SetupError('no file', 'set it')],
  ])('%s: the next call tries again, the same one does not for half a minute', async (_name, error) => {
    const { keeper, clock, logins } = keeperOf(error, error, 'a')
    const [first, second] = [caller(), caller()]
    await expect(keeper.get(first)).rejects.toBe(error)
    await expect(keeper.get(first)).rejects.toBe(error)
    expect(logins()).toBe(1)
    await expect(keeper.get(second)).rejects.toBe(error)
    expect(logins()).toBe(2)
    clock.now += 29_999
    await expect(keeper.get(first)).rejects.toBe(error)
    clock.now += 1
    expect(await keeper.get(first)).toBe('a')
  })

  test('an early renewal that fails keeps the token that is still valid, for half a minute', async () => {
    const { keeper, clock, logins } = keeperOf('a', new VendorError('away', 'wait'), 'b')
    await keeper.get()
    clock.now += 235 * minute
    expect(await keeper.get()).toBe('a')
    expect(logins()).toBe(2)
    clock.now += 29_999
    expect(await keeper.get()).toBe('a')
    expect(logins()).toBe(2)
    clock.now += 1
    expect(await keeper.get()).toBe('b')
  })

  test('a renewal that fails at the end of the token’s time is an error', async () => {
    const away = new VendorError('away', 'wait')
    const { keeper, clock } = keeperOf('a', away, away)
    await keeper.get()
    clock.now += 240 * minute - 1
    expect(await keeper.get()).toBe('a')
    clock.now += 1
    await expect(keeper.get()).rejects.toBe(away)
  })

  test('a renewal that is refused is a refusal', async () => {
    const { keeper, clock } = keeperOf('a', refused)
    await keeper.get()
    clock.now += 235 * minute
    await expect(keeper.get()).rejects.toBe(refused)
  })
})
