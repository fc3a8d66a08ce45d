import { expect, test } from 'vitest'
import { FailureDelays } from '../../../src/service/callers/failures.ts'
import { openLoginRoutes } from '../../../src/service/page/login/login-routes.ts'
import type { Logins } from '../../../src/service/page/login/logins.ts'
import { Sessions } from '../../../src/service/page/session/sessions.ts'
import { silentLog } from '../../../src/shared/log.ts'
import type { PageRequest } from '../../../src/tools/effects/approval/page/contract.ts'

const post = (token: string): PageRequest => ({
  method: 'POST',
  path: '/login',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from(new URLSearchParams({ token }).toString()),
})

test('wrong tokens are slowed by address, and right ones never', async () => {
  const counted: string[] = []
  const delays = new FailureDelays()
  const watched = Object.assign(Object.create(delays), {
    failed: (address: string) => void counted.push(address),
    delayFor: () => 0,
  }) as FailureDelays
  const response = { status: 200, headers: {}, body: '' }
  const logins = {
    byToken: (text: string) => ({ response, isRefused: text !== 'right' }),
  } as unknown as Logins
  const routes = openLoginRoutes({ logins, sessions: new Sessions(), delays: watched, log: silentLog })
  const client = { address: '192.0.2.1', controller: new AbortController() }
  expect(await routes(post('right'), client, undefined)).toEqual({ response, isRefused: false })
  expect(counted).toEqual([])
  expect(await routes(post('wrong'), client, undefined)).toEqual({ response, isRefused: true })
  expect(counted).toEqual(['192.0.2.1'])
})

test('an answer that is slowed ends when the client is gone', async () => {
  const slow = Object.assign(Object.create(new FailureDelays()), {
    failed: () => undefined,
    delayFor: () => 3_600_000,
  }) as FailureDelays
  const logins = {
    byToken: () => ({ response: { status: 403, headers: {}, body: '' }, isRefused: true }),
  } as unknown as Logins
  const routes = openLoginRoutes({ logins, sessions: new Sessions(), delays: slow, log: silentLog })
  const controller = new AbortController()
  const answer = routes(post('wrong'), { address: '192.0.2.1', controller }, undefined)
  controller.abort()
  expect(await answer).toMatchObject({ isRefused: true })
})
