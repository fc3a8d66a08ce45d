import { describe, expect, test } from 'vitest'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { type Answer, openInMemory, operationNamed } from '../../support/session/memory.ts'
import { fixRandom, skipPauses } from '../../support/waiting/fake-time.ts'

// The one connection of an account, and the secrets that are removed from its replies.

const types = operationNamed('car_list_script_types')
const rows: Answer = { body: { body: { totalCount: 0, list: [] } } }
const password = 'not the password'
const basic = Buffer.from(`memory_ab1:${password}`).toString('base64')

test('the account is looked up with the first call, again where that failed, and then no more', async () => {
  const { settings } = openInMemory(rows)
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
  const { settings } = openInMemory(rows)
  const session = openSession(settings, async () => expect.fail('nobody asked'))
  await expect(session.close()).resolves.toBeUndefined()
})

describe('what is redacted', () => {
  test('the secrets of the settings, from the start', () => {
    const { session } = openInMemory(rows)
    expect(session.redact(`log ${password} in`)).toBe('log [masked-by-qualys-mcp] in')
  })

  test('the header of the password, once it is known whose it is', async () => {
    const { session } = openInMemory(rows)
    await session.call(types, {})
    expect(session.redact(`x${basic}x`)).not.toContain(basic.slice(4, -4))
  })

  test('the current token, and the one before, which may still be in use', async () => {
    const tokens = ['first-token-of-all', 'second-token-of-all', 'third-token-of-all']
    let logins = 0
    const { session } = openInMemory((_sent, nth) => (nth % 2 === 0 ? { status: 401 } : rows), {
      login: () => ({ status: 201, body: tokens[logins++] }),
    })
    const shown = (): (string | undefined)[] => tokens.map((token) => session.redact(token))
    expect(shown()).toEqual(tokens)
    await session.call(types, {})
    expect(shown()).toEqual(['[masked-by-qualys-mcp]', tokens[1], tokens[2]])
    await session.call(types, {})
    expect(shown()).toEqual(['[masked-by-qualys-mcp]', '[masked-by-qualys-mcp]', tokens[2]])
    await session.call(types, {})
    expect(shown()).toEqual([tokens[0], '[masked-by-qualys-mcp]', '[masked-by-qualys-mcp]'])
  })
})

test('what a call waits for is reported to that call', async () => {
  fixRandom(0)
  skipPauses()
  const memory = openInMemory(rows, {
    login: (_sent, nth) =>
      nth === 1
        ? { status: 429, headers: { 'x-ratelimit-towait-sec': '3' } }
        : { status: 201, body: 'x'.repeat(20) },
    extra: { QUALYS_MAX_WAIT_SECONDS: '5' },
  })
  const messages: string[] = []
  await memory.session.forCall((news) => messages.push(news)).call(types, {})
  expect(messages).toEqual(['Qualys limits the calls of this account (429): the next try is in 3 s.'])
})
