import { describe, expect, test, vi } from 'vitest'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { unmatchedEntries } from '../../../src/tools/effects/policy/limits/unmatched-entries.ts'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { performInMemory, toolContextOn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// What a limit names and nothing at Qualys bears: it allows or guards nothing, and is told.

const replies: Replies = {
  car_search_asset_tags: [{ id: 11, name: 'Tier 0' }],
  car_search_assets: [{ id: 21, name: 'WEB-1' }],
  car_search_scripts: [{ id: 7, title: 'Sweep' }],
  car_get_script: { id: 7, params: [{ key: 'path' }] },
}
const clausesWith = (environment: Environment, more: Replies = replies): Promise<readonly string[]> => {
  const session = new MemorySession(more)
  const { settings } = readSettings({}, environment)
  return unmatchedEntries(settings, { session: session.asSession, signal: new AbortController().signal })
}

test.each<readonly [string, string, readonly string[]]>([
  ['QUALYS_BLOCKED_TAGS', 'tier  0, 11', []],
  ['QUALYS_BLOCKED_TAGS', 'Tier O', ['QUALYS_BLOCKED_TAGS names "Tier O", and Qualys lists no such tag']],
  ['QUALYS_ALLOWED_TAGS', '11, 12', ['QUALYS_ALLOWED_TAGS names "12", and Qualys lists no such tag']],
  ['QUALYS_ALLOWED_ASSETS', 'web-1, 21', []],
  [
    'QUALYS_BLOCKED_ASSETS',
    'web-2, 22, web-1',
    [
      'QUALYS_BLOCKED_ASSETS names "web-2", and Qualys lists no such host',
      'QUALYS_BLOCKED_ASSETS names "22", and Qualys lists no such host',
    ],
  ],
  ['QUALYS_ALLOWED_SCRIPTS', '7', []],
  ['QUALYS_ALLOWED_SCRIPTS', '7,8', ['QUALYS_ALLOWED_SCRIPTS names "8", and Qualys lists no such script']],
  ['QUALYS_BLOCKED_SCRIPTS', '9', ['QUALYS_BLOCKED_SCRIPTS names "9", and Qualys lists no such script']],
  ['QUALYS_ALLOWED_PARAMETERS', '{"7":{"path":"/tmp"}}', []],
  [
    'QUALYS_ALLOWED_PARAMETERS',
    '{"7":{"pth":"/tmp"}}',
    ['QUALYS_ALLOWED_PARAMETERS names "pth", and script 7 has no such parameter'],
  ],
])('%s=%s', async (name, value, clauses) => {
  expect(await clausesWith({ [name]: value })).toEqual(clauses)
})

test('an id is a name too, as blocked lists take it', async () => {
  const more = { ...replies, car_search_asset_tags: [{ id: 11, name: '2024' }] }
  expect(await clausesWith({ QUALYS_BLOCKED_TAGS: '2024' }, more)).toEqual([])
})

test('without such settings nothing is read', async () => {
  expect(await clausesWith({}, {})).toEqual([])
})

describe('a list that cannot be read to its end', () => {
  const cannot = ['QUALYS_BLOCKED_TAGS could not be compared with the tags at Qualys']
  test.each<readonly [string, Replies]>([
    [
      'is refused',
      {
        car_search_asset_tags: () => {
          throw new SetupError('No.', 'Ask.')
        },
      },
    ],
    ['has a result limit', { car_search_asset_tags: { rows: [{ id: 1 }], resultLimit: 'no more' } }],
    [
      'has too many rows',
      { car_search_asset_tags: { rows: Array.from({ length: 30 }, (_, id) => ({ id })), batch: 1 } },
    ],
  ])('%s', async (_what, more) => {
    expect(await clausesWith({ QUALYS_BLOCKED_TAGS: 'Tier O' }, more)).toEqual(cannot)
  })
})

describe('before the first effect of a process', () => {
  const effect = (session: MemorySession, warn: (facts: object, text: string) => void) => {
    const context = toolContextOn(session, { QUALYS_BLOCKED_TAGS: 'Tier O' })
    const log = { ...context.log, warn }
    const safeguards = { ...context.safeguards }
    const call = () =>
      performInMemory(
        session,
        'car_execute_script',
        { scriptId: 7, assetIds: [1] },
        { ...context, log, safeguards },
      )
    return { call }
  }
  const fleet = fleetReplies({ hosts: [{ id: 1, tags: [] }] })

  test('the log tells of them, once', async () => {
    const warn = vi.fn()
    const { call } = effect(new MemorySession(fleet), warn)
    await call()
    await call()
    expect(warn.mock.calls).toEqual([
      [{}, 'QUALYS_BLOCKED_TAGS names "Tier O", and Qualys lists no such tag'],
    ])
  })

  test('a failure of it stops nothing', async () => {
    const warn = vi.fn()
    const session = new MemorySession({
      ...fleet,
      car_search_asset_tags: () => {
        throw new Error('odd')
      },
    })
    expect(await effect(session, warn).call()).toHaveProperty('question')
    expect(warn.mock.calls.map(([, text]) => text)).toEqual(['the limits could not be compared with Qualys'])
  })
})
