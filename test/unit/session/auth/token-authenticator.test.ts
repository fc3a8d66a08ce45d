import { describe, expect, test } from 'vitest'
import { type Authorization, tokenAuthenticator } from '../../../../src/session/auth/authenticator.ts'
import { TokenKeeper } from '../../../../src/session/auth/token.ts'

const minute = 60_000

/** A token of four hours; it is renewed five minutes before it expires. */
const jwt = (nth: number, seconds = 14_400): string =>
  `e30.${Buffer.from(JSON.stringify({ iat: 0, exp: seconds, nth })).toString('base64url')}.c2lnbmF0dXJl`

const nthOf = (header: string): number =>
  JSON.parse(Buffer.from(header.split('.')[1] ?? '', 'base64url').toString()).nth

/** An account whose tokens are numbered from 1, with a clock that the test advances. */
function account(seconds?: number) {
  const clock = { now: 0 }
  let logins = 0
  const keeper = new TokenKeeper(
    async () => jwt(++logins, seconds),
    () => clock.now,
  )
  const access = tokenAuthenticator(keeper)
  return {
    clock,
    keeper,
    logins: () => logins,
    /** The headers of one request, and its outcome. */
    request: <T>(work: (opening: Authorization) => Promise<T>): Promise<T> => access.run(work, undefined),
  }
}

const sendNow = ({ send }: Authorization): Promise<number> => send(async (header) => nthOf(header()))

describe('the token of a request is chosen when its turn comes', () => {
  test('another token replaced it meanwhile', async () => {
    const { clock, logins, request } = account()
    const sent = await request(({ send }) =>
      send(async (header) => {
        clock.now += 236 * minute
        await request(sendNow)
        return nthOf(header())
      }),
    )
    expect([sent, logins()]).toEqual([2, 2])
  })

  test('each try of a request asks for the token again', async () => {
    const { clock, request } = account()
    const sent = await request(({ send }) =>
      send(async (header) => {
        const first = nthOf(header())
        clock.now += 236 * minute
        await request(sendNow)
        return [first, nthOf(header())]
      }),
    )
    expect(sent).toEqual([1, 2])
  })

  test('if it ended meanwhile, the request gives its turn back, and gets another token', async () => {
    const { clock, logins, request } = account()
    let turns = 0
    const sent = await request(({ send }) =>
      send(async (header) => {
        if (++turns === 1) clock.now += 236 * minute
        return nthOf(header())
      }),
    )
    expect({ sent, turns, logins: logins() }).toEqual({ sent: 2, turns: 2, logins: 2 })
  })

  test('one that is shorter than any wait is used in the end', async () => {
    const { clock, request } = account(2)
    let turns = 0
    const sent = await request(({ send }) =>
      send(async (header) => {
        turns++
        clock.now += minute
        return nthOf(header())
      }),
    )
    expect({ sent, turns }).toEqual({ sent: 4, turns: 4 })
  })

  test('another failure ends the request', async () => {
    const { request } = account()
    const failure = new Error('broken')
    await expect(request(({ send }) => send(async () => Promise.reject(failure)))).rejects.toBe(failure)
  })
})

describe('a token that is refused', () => {
  /** Sends until no credentials are left, and returns the tokens that were refused. */
  const refuseAll = async (opening: Authorization): Promise<number[]> => {
    const sent = [await sendNow(opening)]
    while (opening.refresh()) sent.push(await sendNow(opening))
    return sent
  }

  test('is replaced once where the next one is fresh', async () => {
    const { logins, request } = account()
    expect(await request(refuseAll)).toEqual([1, 2])
    expect(logins()).toBe(2)
  })

  test('is replaced twice where another one was there already: it may have ended with the first', async () => {
    const { clock, logins, request } = account()
    const sent = await request(async (opening) => {
      const first = await sendNow(opening)
      clock.now += 236 * minute
      await request(sendNow)
      const others: number[] = []
      while (opening.refresh()) others.push(await sendNow(opening))
      return [first, ...others]
    })
    expect(sent).toEqual([1, 2, 3])
    expect(logins()).toBe(3)
  })

  test('is replaced twice where a login was under way: its token may have ended with the first', async () => {
    const { keeper, request } = account()
    const sent = await request(async (opening) => {
      const first = await sendNow(opening)
      keeper.invalidate(jwt(1))
      const underWay = keeper.get()
      const others: number[] = []
      while (opening.refresh()) others.push(await sendNow(opening))
      await underWay
      return [first, ...others]
    })
    expect(sent).toEqual([1, 2, 3])
  })
})
