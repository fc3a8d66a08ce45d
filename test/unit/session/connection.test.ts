import { describe, expect, test } from 'vitest'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { type Answer, inMemory, operationNamed } from '../../support/session/memory.ts'
import { fixRandom, skipPauses } from '../../support/waiting/time.ts'

// The one link of an account, and the secrets that are taken out of what it says.

const types = operationNamed('car_list_script_types')
const rows: Answer = { body: { body: { totalCount: 0, list: [] } } }
const password = 'not the password'
const basic = Buffer.from(`memory_ab1:${password}`).toString('base64')

test('the account is looked up with the first call, again where that failed, and then no more', async () => {
  const { settings } = inMemory(rows)
  let times = 0
  const missing = new SetupError('No account.', 'Set one.')
  const session = openSession(settings, async () => {
    times++
    if (times === 1) throw missing
    return accountOf(settings)
  })
  expect(times).toBe(0)
  await expect(session.call(types, {})).rejects.toBe(missing)
  await session.call(types, {})
  await Promise.all([session.call(types, {}), session.call(types, {})])
  expect(times).toBe(2)
  await session.close()
})

test('a session that was never used is closed without an account', async () => {
  const { settings } = inMemory(rows)
  const session = openSession(settings, async () => expect.fail('nobody asked'))
  await expect(session.close()).resolves.toBeUndefined()
})

describe('what is taken out of texts', () => {
  test('the secrets of the settings, from the start', () => {
    const { session } = inMemory(rows)
    expect(session.redact(`log ${password} in`)).toBe('log [secret] in')
  })

  test('the header of the password, once it is known whose it is', async () => {
    const { session } = inMemory(rows)
    await session.call(types, {})
    expect(session.redact(`x${basic}x`)).not.toContain(basic.slice(4, -4))
  })

  test('the token in force, and the one before, which may still be under way', async () => {
    const tokens = ['first-token-of-all', 'second-token-of-all', 'third-token-of-all']
    let logins = 0
    const { session } = inMemory((_sent, nth) => (nth % 2 === 0 ? { status: 401 } : rows), {
      login: () => ({ status: 201, body: tokens[logins++] }),
    })
    const shown = (): (string | undefined)[] => tokens.map((token) => session.redact(token))
    expect(shown()).toEqual(tokens)
    await session.call(types, {})
    expect(shown()).toEqual(['[secret]', tokens[1], tokens[2]])
    await session.call(types, {})
    expect(shown()).toEqual(['[secret]', '[secret]', tokens[2]])
    await session.call(types, {})
    expect(shown()).toEqual([tokens[0], '[secret]', '[secret]'])
  })
})

test('what is waited for is said to the call that waits', async () => {
  fixRandom(0)
  skipPauses()
  const memory = inMemory(rows, {
    login: (_sent, nth) =>
      nth === 1
        ? { status: 429, headers: { 'x-ratelimit-towait-sec': '3' } }
        : { status: 201, body: 'x'.repeat(20) },
    extra: { QUALYS_MAX_WAIT_SECONDS: '5' },
  })
  const told: string[] = []
  await memory.session.for((news) => told.push(news)).call(types, {})
  expect(told).toEqual(['Qualys limits the calls of this account (429): the next try is in 3 s.'])
})
