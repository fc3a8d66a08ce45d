import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { connect, temporaryFolder } from '../../support/consent/raw-client.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests } from '../../support/sandbox.ts'

// A call that a person approved in a terminal, and other servers with the same state folder.

const test = testOn()

const codeIn = (text: string): string => /qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(text)?.[1] ?? ''

describe.for<readonly [string, Environment, RegExp, number]>([
  ['with the same account', {}, /^script 19218 "[^"]*" started/, 1],
  [
    'with another account',
    { QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' },
    /qualys-mcp approve [2-9A-Z]{4}-[2-9A-Z]{4}/,
    0,
  ],
  ['with a limit', { QUALYS_MAX_ASSETS_PER_RUN: '0' }, /^The operator’s limits forbid it/, 0],
])('a server %s', ([, extra, says, effects]) => {
  test('makes the same call', async ({ sandbox }) => {
    const QUALYS_STATE_DIR = temporaryFolder()
    const capabilities = {}
    const server = await connect(sandbox, 'legacy', { settings: { QUALYS_STATE_DIR }, capabilities })
    const { text } = await server.call(execute, run)
    expect(approveCode(QUALYS_STATE_DIR, codeIn(text))).toBe(true)
    const settings = { QUALYS_STATE_DIR, ...extra }
    const other = await connect(sandbox, 'legacy', { settings, capabilities })
    expect((await other.call(execute, run)).text).toMatch(says)
    expect(await effectRequests(sandbox.control)).toHaveLength(effects)
  })
})
