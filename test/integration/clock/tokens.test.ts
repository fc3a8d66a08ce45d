import { describe, expect } from 'vitest'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'

// Tokens and clocks at the sandbox; what tokens say about their lifetime is covered by the unit tests.

const test = testOn({ jobs: 100, assets: 60 }, { ...unattendedSettings, QUALYS_MAX_WAIT_SECONDS: '0' })

const isLogin = ({ path }: { readonly path: string }): boolean => path === '/auth'

// On a machine that sleeps, the clock stands still: the token expires without notice.
describe('after the machine slept', () => {
  test('ten calls that wake at once log in once', async ({ sandbox, assistant }) => {
    await assistant.call('car_search_jobs')
    await sandbox.control.revoke()
    await sandbox.control.clearRequests()
    const sizes = Array.from({ length: 10 }, (_, index) => index + 2)
    const all = await Promise.all(sizes.map((pageSize) => assistant.call('car_search_jobs', { pageSize })))
    expect(all.map(({ isError }) => isError)).toEqual(sizes.map(() => false))
    const seen = await sandbox.control.requests()
    expect(seen.filter(isLogin)).toHaveLength(1)
    const refused = seen.filter(({ status }) => status === 401)
    expect(refused.length).toBeGreaterThan(0)
    expect(seen).toHaveLength(1 + 10 + refused.length)
  })

  test('a token that is refused even when fresh ends in one sentence', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'expired' }])
    const reply = await assistant.call('car_search_jobs')
    expect(reply.error).toMatchObject({ kind: 'setup', status: 401 })
    expect(reply.text).toMatch(/^Qualys refuses the token, also a fresh one \(401: "JWT expired"\)/)
    expect((await sandbox.control.requests()).map(({ path }) => path)).toEqual([
      '/auth',
      '/sm/v2/jobs/search',
      '/auth',
      '/sm/v2/jobs/search',
    ])
  })

  test('an effect whose token was refused is done once', async ({ sandbox, assistant }) => {
    await assistant.call('car_search_scripts')
    const scripts = (await sandbox.control.dump('scripts')).length
    await sandbox.control.clearRequests()
    const route = 'POST /sm/v1/scripts/{scriptId}/clone'
    await sandbox.control.faults([{ route, kind: 'expired', times: 1 }])
    const reply = await assistant.call('car_clone_script', { scriptId: 19218, title: 'Copy of it' })
    expect(reply.isError, reply.text).toBe(false)
    const seen = await sandbox.control.requests()
    expect(seen.filter(({ path }) => path.endsWith('/clone')).map(({ status }) => status)).toEqual([401, 200])
    expect(seen.filter(isLogin)).toHaveLength(1)
    expect(await sandbox.control.dump('scripts')).toHaveLength(scripts + 1)
  })
})

test('a platform whose clock is wrong: tokens last as long as they say, and are not requested again', async ({
  sandbox,
  assistant,
}) => {
  await sandbox.control.faults([{ route: '*', kind: 'clockSkew', seconds: -3 * 86_400 }])
  for (let call = 0; call < 3; call++)
    expect((await assistant.call('car_search_jobs', { pageSize: call + 1 })).isError).toBe(false)
  expect((await sandbox.control.requests()).filter(isLogin)).toHaveLength(1)
  expect((await assistant.call('qualys_status')).text).toContain('token renewed in 235 min')
})
