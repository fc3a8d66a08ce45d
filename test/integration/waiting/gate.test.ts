import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../../src/session/gate.ts'
import { assistantOn } from '../../support/assistant.ts'
import { moment, noRows } from '../../support/session/gateway.ts'
import { gatewayFor, named, read, sessionFor } from '../../support/waiting/ground.ts'

// Who goes next, and how many at once: as set, or as the platform says.

const script = named('car_get_script')
const tick = (): Promise<void> => new Promise(setImmediate)

/** Answers what it is asked when it is told to; counts who is inside. */
async function counting(headers: Readonly<Record<string, string>> = {}) {
  const seen: string[] = []
  const inside: (() => void)[] = []
  let most = 0
  const gateway = await gatewayFor(({ url = '' }, response) => {
    seen.push(url.split('/').at(-1) ?? '')
    inside.push(() => response.writeHead(200, headers).end('{"body":{"id":1}}'))
    most = Math.max(most, inside.length)
  })
  const letOut = (): void => {
    for (const answer of inside.splice(0)) answer()
  }
  /** Answers in waves, each when nobody else has come for a while, until nobody is left. */
  const drain = async (all: Promise<unknown>): Promise<number> => {
    most = 0
    let done = false
    const end = all.finally(() => {
      done = true
    })
    while (!done) {
      const before = seen.length
      await new Promise((resolve) => setTimeout(resolve, 10))
      if (seen.length === before) letOut()
    }
    await end
    return most
  }
  return { gateway, seen, drain }
}
const ids = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, place) => `${prefix}${place}`)

describe('as set', () => {
  test.each([
    [{}, 2],
    [{ QUALYS_CONCURRENCY: '1' }, 1],
    [{ QUALYS_CONCURRENCY: '5' }, 5],
  ])('%j: %i at once', async (extra, width) => {
    const { gateway, drain } = await counting()
    const on = sessionFor(gateway, extra)
    const all = Promise.all(ids(20).map((scriptId) => on.call(script, { scriptId })))
    expect(await drain(all)).toBe(width)
  })
})

describe('fair', () => {
  test('a call with fifty requests keeps the single one of another waiting behind one of its own', async () => {
    const { gateway, seen, drain } = await counting()
    const session = sessionFor(gateway, { QUALYS_CONCURRENCY: '1' })
    await drain(session.call(script, { scriptId: 'login' }))
    const greedy = session.for(() => undefined)
    const modest = session.for(() => undefined)
    const many = ids(50).map((scriptId) => greedy.call(script, { scriptId }))
    // The first is on its way before the other call comes.
    await expect.poll(() => seen.includes('0'), { interval: 1 }).toBe(true)
    const one = modest.call(script, { scriptId: 'single' })
    await drain(Promise.all([...many, one]))
    expect(seen.indexOf('single') - seen.indexOf('0')).toBeLessThanOrEqual(2)
    expect(seen.filter((id) => /^\d+$/.test(id))).toEqual(ids(50))
  })

  test('three calls take turns, each in its own order', async () => {
    const { gateway, seen, drain } = await counting()
    const session = sessionFor(gateway, { QUALYS_CONCURRENCY: '1' })
    await drain(session.call(script, { scriptId: 'login' }))
    const blocker = session.call(script, { scriptId: 'first' })
    await expect.poll(() => seen.includes('first'), { interval: 1 }).toBe(true)
    const work = ['a', 'b', 'c'].flatMap((name) => {
      const caller = session.for(() => undefined)
      return ids(3, name).map((scriptId) => caller.call(script, { scriptId }))
    })
    await drain(Promise.all([blocker, ...work]))
    expect(seen.slice(2)).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  })
})

describe('narrowed by the platform', () => {
  test.each(['X-Concurrency-Limit-Limit', 'X-ConcurrencyLimit-Limit', 'x-CONCURRENCY-limit-LIMIT'])(
    '%s: 1',
    async (header) => {
      const { gateway, drain } = await counting({ [header]: '1' })
      const on = sessionFor(gateway, { QUALYS_CONCURRENCY: '4' })
      await drain(on.call(script, { scriptId: 'learns' }))
      const all = Promise.all(ids(8).map((scriptId) => on.call(script, { scriptId })))
      expect(await drain(all)).toBe(1)
    },
  )

  test('a limit above the setting widens nothing', async () => {
    const { gateway, drain } = await counting({ 'X-Concurrency-Limit-Limit': '10' })
    const on = sessionFor(gateway, { QUALYS_CONCURRENCY: '3' })
    await drain(on.call(script, { scriptId: 'learns' }))
    expect(await drain(Promise.all(ids(12).map((scriptId) => on.call(script, { scriptId }))))).toBe(3)
  })

  test.each(['0', '-1', 'many', '', '0.5'])('a limit of %j stops nothing', async (value) => {
    const { gateway, drain } = await counting({ 'X-Concurrency-Limit-Limit': value })
    const on = sessionFor(gateway)
    await drain(on.call(script, { scriptId: 'learns' }))
    expect(await drain(Promise.all(ids(6).map((scriptId) => on.call(script, { scriptId }))))).toBeGreaterThan(
      0,
    )
  })

  test.each([
    ['a 1960', {}],
    [
      'a 1960 beside a limit that others use up',
      { 'X-Concurrency-Limit-Limit': '2', 'X-Concurrency-Limit-Running': '3' },
    ],
  ])('%s', async (_name, headers) => {
    const limited = '<SIMPLE_RETURN><RESPONSE><CODE>1960</CODE></RESPONSE></SIMPLE_RETURN>'
    let refused = false
    let inside = 0
    let most = 0
    const gateway = await gatewayFor((_request, response) => {
      if (!refused) {
        refused = true
        return void response.writeHead(409, headers).end(limited)
      }
      most = Math.max(most, ++inside)
      setTimeout(() => {
        inside--
        response.end(noRows)
      }, 20)
    })
    const on = sessionFor(gateway)
    await expect(on.call(read, {})).rejects.toMatchObject({ kind: 'busy' })
    await Promise.all(ids(6).map(() => on.call(read, {})))
    expect(most).toBe(1)
  })

  test('one host’s limit is not the other’s', async () => {
    const { gateway, drain } = await counting()
    const api = await counting({ 'X-Concurrency-Limit-Limit': '1' })
    const on = sessionFor({ ...gateway, apiUrl: api.gateway.apiUrl }, { QUALYS_CONCURRENCY: '4' })
    await api.drain(on.call(named('saq_count_users'), {}).catch(() => undefined))
    expect(await drain(Promise.all(ids(8).map((scriptId) => on.call(script, { scriptId }))))).toBe(4)
  })
})

describe('two hosts', () => {
  test('share one setting: together no more than that many', async () => {
    let inside = 0
    let most = 0
    const slow: RequestListener = (_request, response) => {
      most = Math.max(most, ++inside)
      setTimeout(() => {
        inside--
        response.end(noRows)
      }, 20)
    }
    const [gateway, api] = [await gatewayFor(slow), await gatewayFor(slow)]
    const on = sessionFor({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '3' })
    const users = named('saq_get_user')
    const work = ids(12).flatMap((id) => [on.call(read, {}), on.call(users, { userId: id })])
    await Promise.allSettled(work)
    expect(most).toBe(3)
  })

  test('what one tells does not undo what the other told', async () => {
    const { gateway, drain } = await counting({ 'X-Concurrency-Limit-Limit': '1' })
    const api = await gatewayFor((_request, response) => {
      response.writeHead(200, { 'X-Concurrency-Limit-Limit': '9' }).end('<ServiceResponse/>')
    })
    const on = sessionFor({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '4' })
    await drain(on.call(script, { scriptId: 'learns' }))
    await on.call(named('saq_count_users'), {}).catch(() => undefined)
    expect(await drain(Promise.all(ids(8).map((scriptId) => on.call(script, { scriptId }))))).toBe(1)
  })
})

describe('the gate itself, by a clock', () => {
  /** Work that ends when it is told to. */
  function workshop(width: number) {
    let now = 0
    const gate = new Gate(width, () => now)
    const started: string[] = []
    const ends = new Map<string, () => void>()
    const begin = (name: string, caller: object = {}, signal?: AbortSignal): Promise<void> => {
      const { come, now: end } = moment()
      ends.set(name, end)
      const work = async (): Promise<void> => {
        started.push(name)
        await come
      }
      return gate.through(work, caller, signal)
    }
    const finish = async (...names: string[]): Promise<void> => {
      for (const name of names) ends.get(name)?.()
      await tick()
    }
    return { gate, started, begin, finish, pass: (ms: number) => (now += ms) }
  }

  test('a refusal narrows it at once, and it widens again after a while', async () => {
    const { gate, started, begin, finish, pass } = workshop(2)
    expect(gate.width).toBe(2)
    gate.refused()
    expect(gate.width).toBe(1)
    const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
    await tick()
    expect(started).toEqual(['a'])
    pass(10 * 60_000)
    expect(gate.width).toBe(2)
    await finish('a')
    expect(started).toEqual(['a', 'b', 'c'])
    await finish('b', 'c', 'd')
    await Promise.all(work)
  })

  test('it never closes, however often it is refused', async () => {
    const { gate, begin, finish } = workshop(8)
    for (let time = 0; time < 10; time++) gate.refused()
    expect(gate.width).toBe(1)
    const work = begin('a')
    await finish('a')
    await work
  })

  test('a number that it is told holds until another one comes, and lets in who waits', async () => {
    const { gate, started, begin, finish, pass } = workshop(3)
    gate.told(1)
    const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
    await tick()
    expect(started).toEqual(['a'])
    pass(1_000)
    gate.told(2)
    await tick()
    expect(started).toEqual(['a', 'b'])
    gate.told(100)
    await tick()
    expect(started).toEqual(['a', 'b', 'c'])
    await finish('a', 'b', 'c', 'd')
    await Promise.all(work)
  })

  test('narrowed while many are inside, it lets in nobody until they are few', async () => {
    const { gate, started, begin, finish } = workshop(3)
    const work = ['a', 'b', 'c', 'd'].map((name) => begin(name))
    await tick()
    gate.told(1)
    await finish('a')
    await finish('b')
    expect(started).toEqual(['a', 'b', 'c'])
    await finish('c')
    expect(started).toEqual(['a', 'b', 'c', 'd'])
    await finish('d')
    await Promise.all(work)
  })

  test('who gives up leaves no hole, and no listener', async () => {
    const { gate, started, begin, finish } = workshop(1)
    const caller = {}
    const stop = new Error('the assistant gave up')
    const cancel = new AbortController()
    const first = begin('a', caller)
    const lost = ['b', 'c'].map((name) => begin(name, caller, cancel.signal))
    const other = begin('d')
    const last = begin('e', caller, cancel.signal).catch((error: unknown) => error)
    cancel.abort(stop)
    for (const one of lost) await expect(one).rejects.toBe(stop)
    expect(await last).toBe(stop)
    await finish('a')
    expect(started).toEqual(['a', 'd'])
    await finish('d')
    await Promise.all([first, other])
    const after = begin('f')
    await tick()
    expect(started.at(-1)).toBe('f')
    await finish('f')
    await after
    expect(gate.width).toBe(1)
  })

  test('work that throws gives its place back, once', async () => {
    const { gate, started, begin, finish } = workshop(1)
    const broken = gate.through(async () => {
      throw new Error('broken')
    }, {})
    await expect(broken).rejects.toThrow('broken')
    const sync = gate.through(() => {
      throw new Error('at once')
    }, {})
    await expect(sync).rejects.toThrow('at once')
    const work = ['a', 'b'].map((name) => begin(name))
    await tick()
    expect(started).toEqual(['a'])
    await finish('a')
    await finish('b')
    await Promise.all(work)
  })
})

test('qualys_status tells what each host takes, what is left, and the width', async () => {
  const headersOf = (left: number, atOnce: number) => ({
    'X-RateLimit-Limit': '300',
    'X-RateLimit-Window-Sec': '3600',
    'X-RateLimit-Remaining': String(left),
    'X-Concurrency-Limit-Limit': String(atOnce),
  })
  const gateway = await gatewayFor(
    () => undefined,
    (_request, response) => void response.writeHead(201, headersOf(17, 2)).end('header.payload.signature'),
  )
  const api = await gatewayFor((_request, response) => {
    response
      .writeHead(200, { ...headersOf(4, 1), 'content-type': 'text/xml' })
      .end(
        '<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><data><PortalVersion><Portal-Version>2.33</Portal-Version></PortalVersion></data></ServiceResponse>',
      )
  })
  const assistant = await assistantOn({ ...gateway, apiUrl: api.apiUrl }, { QUALYS_CONCURRENCY: '3' })
  const { structured } = await assistant.call('qualys_status', {}, 'json')
  await assistant.close()
  expect(structured.rows[0]).toMatchObject({
    limits: '17 calls left of 300 per 3600 s, 2 at once',
    requestsAtOnce: 2,
    saqLimits: '4 calls left of 300 per 3600 s, 1 at once',
    saqRequestsAtOnce: 1,
  })
})
