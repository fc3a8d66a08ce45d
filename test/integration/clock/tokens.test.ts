import { describe, expect } from 'vitest'
import { testOn, unattended } from '../../support/fixtures.ts'

// Tokens and clocks at the sandbox; what tokens may say of their time is told apart in the unit tests.

const test = testOn({ jobs: 100, assets: 60 }, { ...unattended, QUALYS_MAX_WAIT_SECONDS: '0' })

const isLogin = ({ path }: { readonly path: string }): boolean => path === '/auth'

// The clock of a machine that sleeps stands still: the token ends without a sign.
describe('a machine that slept', () => {
  test('ten calls that wake together log in once', async ({ sandbox, assistant }) => {
    await assistant.call('car_search_jobs')
    await sandbox.control.revoke()
    await sandbox.control.forget()
    const sizes = Array.from({ length: 10 }, (_, index) => index + 2)
    const all = await Promise.all(sizes.map((pageSize) => assistant.call('car_search_jobs', { pageSize })))
    expect(all.map(({ isError }) => isError)).toEqual(sizes.map(() => false))
    const seen = await sandbox.control.requests()
    expect(seen.filter(isLogin)).toHaveLength(1)
    const refused = seen.filter(({ status }) => status === 401)
    expect(refused.length).toBeGreaterThan(0)
    expect(seen).toHaveLength(1 + 10 + refused.length)
  })

  test('a token that is refused also when fresh ends in one sentence', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'expired' }])
    const heard = await assistant.call('car_search_jobs')
    expect(heard.error).toMatchObject({ kind: 'setup', status: 401 })
    expect(heard.text).toMatch(/^Qualys refuses the token, also a fresh one \(401: "JWT expired"\)/)
    expect((await sandbox.control.requests()).map(({ path }) => path)).toEqual([
      '/auth',
      '/sm/v2/jobs/search',
      '/auth',
      '/sm/v2/jobs/search',
    ])
  })

  test('an effect whose token is refused is done once', async ({ sandbox, assistant }) => {
    await assistant.call('car_search_scripts')
    const scripts = (await sandbox.control.truth('scripts')).length
    await sandbox.control.forget()
    const route = 'POST /sm/v1/scripts/{scriptId}/clone'
    await sandbox.control.faults([{ route, kind: 'expired', times: 1 }])
    const heard = await assistant.call('car_clone_script', { scriptId: 19218, scriptTitle: 'Copy of it' })
    expect(heard.isError, heard.text).toBe(false)
    const seen = await sandbox.control.requests()
    expect(seen.filter(({ path }) => path.endsWith('/clone')).map(({ status }) => status)).toEqual([401, 200])
    expect(seen.filter(isLogin)).toHaveLength(1)
    expect(await sandbox.control.truth('scripts')).toHaveLength(scripts + 1)
  })
})

test('a platform whose clock is off: tokens last as long as they say, and are not asked for again', async ({
  sandbox,
  assistant,
}) => {
  await sandbox.control.faults([{ route: '*', kind: 'clockSkew', seconds: -3 * 86_400 }])
  for (let call = 0; call < 3; call++)
    expect((await assistant.call('car_search_jobs', { pageSize: call + 1 })).isError).toBe(false)
  expect((await sandbox.control.requests()).filter(isLogin)).toHaveLength(1)
  expect((await assistant.call('qualys_status')).text).toContain('token renewed in 235 min')
})
