import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { noRows, openGateway } from '../../support/session/gateway.ts'

// What a token says of its time is said by another clock, or by nobody who knows: it must neither lock a call out nor
// make every call log in.

let gateway: Sandbox | undefined
let assistant: Assistant | undefined
afterEach(async () => {
  await assistant?.close()
  await gateway?.close()
})

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const at = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

interface Counted {
  logins: number
  calls: number
  refusals: number
}

/** A gateway whose tokens hold these claims; it takes only the last one issued, while that is `fresh`. */
async function openWith(claims: object, fresh: (count: Counted) => boolean = () => true): Promise<Counted> {
  const count = { logins: 0, calls: 0, refusals: 0 }
  const token = (): string =>
    `${part({ alg: 'HS512' })}.${part({ ...claims, jti: String(count.logins) })}.c2lnbmF0dXJl`
  gateway = await openGateway(
    ({ headers }, response) => {
      count.calls++
      const sound = headers.authorization === `Bearer ${token()}` && fresh(count)
      if (sound) return void response.writeHead(200, { 'content-type': 'application/json' }).end(noRows)
      count.refusals++
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"status":401,"error":"Unauthorized","message":"JWT expired"}')
    },
    (_request, response) => {
      count.logins++
      response.writeHead(201).end(token())
    },
  )
  assistant = await assistantOn(gateway, { QUALYS_MAX_WAIT_SECONDS: '0' })
  return count
}

const hour = 3600

describe('one login serves many calls, whatever the token says of its time', () => {
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
    const count = await openWith(claims)
    for (let call = 0; call < 3; call++)
      expect((await assistant?.call('car_search_jobs', { pageSize: call + 1 }))?.text).toBe('no jobs found')
    expect(count).toEqual({ logins: 1, calls: 3, refusals: 0 })
    const status = await assistant?.call('qualys_status', {}, 'json')
    const [, minutes] = /token renewed in (\d+) min/.exec(String(status?.structured.rows[0]?.['login'])) ?? []
    // Four hours less five minutes, unless it says something else that can be; a day at most.
    const longer = /hundred years|no end in sight/.test(name)
    expect(Number(minutes)).toBe(longer ? 24 * 60 - 5 : 235)
  })
})

// The clock of a machine that sleeps stands still: the token ends without a sign.
describe('a machine that slept', () => {
  const claims = { iat: at(0), exp: at(4 * hour) }

  test('finds its token refused: one login, and the call once more', async () => {
    let asleep = false
    const count = await openWith(claims, ({ logins }) => !asleep || logins > 1)
    await assistant?.call('car_search_jobs')
    asleep = true
    expect((await assistant?.call('car_search_jobs', { pageSize: 2 }))?.text).toBe('no jobs found')
    expect(count).toEqual({ logins: 2, calls: 3, refusals: 1 })
    await assistant?.call('car_search_jobs', { pageSize: 3 })
    expect(count.logins).toBe(2)
  })

  test('ten calls that wake together log in once', async () => {
    let asleep = false
    const count = await openWith(claims, ({ logins }) => !asleep || logins > 1)
    await assistant?.call('car_search_jobs')
    asleep = true
    const sizes = Array.from({ length: 10 }, (_, index) => index + 2)
    const all = await Promise.all(sizes.map((pageSize) => assistant?.call('car_search_jobs', { pageSize })))
    expect(all.map((heard) => heard?.text)).toEqual(sizes.map(() => 'no jobs found'))
    expect(count.logins).toBe(2)
    expect(count.calls).toBe(1 + 10 + count.refusals)
  })

  test('a token that is refused also when fresh ends in one sentence', async () => {
    const count = await openWith(claims, () => false)
    const heard = await assistant?.call('car_search_jobs')
    expect(heard?.error).toMatchObject({ kind: 'setup', status: 401 })
    expect(heard?.text).toMatch(/^Qualys refuses the token, also a fresh one \(401: "JWT expired"\)/)
    expect(count).toEqual({ logins: 2, calls: 2, refusals: 2 })
  })

  test('an effect whose token is refused is done once', async () => {
    const sandbox = await openSandbox({ jobs: 100, assets: 60 })
    gateway = sandbox
    assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
    await assistant.call('car_search_scripts')
    const scripts = (await sandbox.control.truth('scripts')).length
    await sandbox.control.forget()
    const route = 'POST /sm/v1/scripts/{scriptId}/clone'
    await sandbox.control.faults([{ route, kind: 'expired', times: 1 }])
    const heard = await assistant.call('car_clone_script', { scriptId: 19218, scriptTitle: 'Copy of it' })
    expect(heard.isError, heard.text).toBe(false)
    const seen = await sandbox.control.requests()
    expect(seen.filter(({ path }) => path.endsWith('/clone')).map(({ status }) => status)).toEqual([401, 200])
    expect(seen.filter(({ path }) => path === '/auth')).toHaveLength(1)
    expect(await sandbox.control.truth('scripts')).toHaveLength(scripts + 1)
  })
})

test('a platform whose clock is off: tokens last as long as they say, and are not asked for again', async () => {
  const sandbox = await openSandbox({ jobs: 100, assets: 60 })
  gateway = sandbox
  await sandbox.control.faults([{ route: '*', kind: 'clockSkew', seconds: -3 * 86_400 }])
  assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
  for (let call = 0; call < 3; call++)
    expect((await assistant.call('car_search_jobs', { pageSize: call + 1 })).isError).toBe(false)
  const seen = await sandbox.control.requests()
  expect(seen.filter(({ path }) => path === '/auth')).toHaveLength(1)
  expect((await assistant.call('qualys_status')).text).toContain('token renewed in 235 min')
})
