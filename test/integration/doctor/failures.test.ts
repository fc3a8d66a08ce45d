import { expect } from 'vitest'
import { test, unusedAddress } from '../../support/doctor/doctor-fixtures.ts'

// What `doctor` reports about a failed login or first read, and what to do.

test.for([
  {
    name: 'nothing set',
    extra: { QUALYS_GATEWAY_URL: '', QUALYS_API_URL: '' },
    says: /No Qualys platform is set\.\n +Ask .*QUALYS_PLATFORM/,
  },
  {
    name: 'wrong password',
    extra: { QUALYS_PASSWORD: 'not the password' },
    says: /Qualys refuses the login .*\(401\).*\n +Ask .*user name and password/,
  },
])('$name', async ({ extra, says }, { runDoctor }) => {
  const { ok, text } = await runDoctor(extra)
  expect(ok).toBe(false)
  expect(text).toMatch(new RegExp(`^FAIL {2}login: .*${says.source}`, 'm'))
  expect(text).not.toMatch(/not the password|first CAR read/)
})

test('wrong port', async ({ runDoctor }) => {
  const { ok, text } = await runDoctor({ QUALYS_GATEWAY_URL: await unusedAddress() })
  expect(ok).toBe(false)
  expect(text).toMatch(
    /^FAIL {2}login: .*cannot be reached: it refuses the connection \(ECONNREFUSED\)\.\n +Ask .*check the platform/m,
  )
  expect(text).not.toContain('first CAR read')
})

test('a login that works, and CAR that refuses', async ({ runDoctor }) => {
  const { ok, text } = await runDoctor({ QUALYS_USERNAME: 'no-car' })
  expect(ok).toBe(false)
  expect(text).toMatch(/^ok {4}login: .*\nFAIL {2}first CAR read: .*403.*\n +Ask .*CAR is licensed/m)
})

test('the path of a secret file is not shown, since it may be the secret by mistake', async ({
  runDoctor,
}) => {
  const { text } = await runDoctor({ QUALYS_TOKEN_FILE: '/srv/Longenough1' })
  expect(text).toContain('QUALYS_TOKEN_FILE = [path of a secret]')
  expect(text).not.toContain('Longenough1')
})
