import { expect } from 'vitest'
import { nobodyAt, test } from '../../support/doctor/examined.ts'

// What `doctor` says of a login or a first read that fails, and what to do.

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
])('$name', async ({ extra, says }, { examined }) => {
  const { ok, text } = await examined(extra)
  expect(ok).toBe(false)
  expect(text).toMatch(new RegExp(`^FAIL {2}login: .*${says.source}`, 'm'))
  expect(text).not.toMatch(/not the password|first CAR read/)
})

test('wrong port', async ({ examined }) => {
  const { ok, text } = await examined({ QUALYS_GATEWAY_URL: await nobodyAt() })
  expect(ok).toBe(false)
  expect(text).toMatch(
    /^FAIL {2}login: .*cannot be reached: it refuses the connection \(ECONNREFUSED\)\.\n +Ask .*check the platform/m,
  )
  expect(text).not.toContain('first CAR read')
})

test('a login that works, and CAR that refuses', async ({ examined }) => {
  const { ok, text } = await examined({ QUALYS_USERNAME: 'no-car' })
  expect(ok).toBe(false)
  expect(text).toMatch(/^ok {4}login: .*\nFAIL {2}first CAR read: .*403.*\n +Ask .*CAR is licensed/m)
})
