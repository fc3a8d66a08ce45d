import { describe, expect, test } from 'vitest'
import { VendorError } from '../../../src/shared/errors.ts'
import { performInMemory, previewIn, toolContextOn, unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// Sets of blocked commands: a person reads which commands fall, stay and come, and a smaller set is a deletion.

const sets = [
  {
    languageId: 201,
    commandId: 102,
    language: 'PowerShell',
    platform: 'WINDOWS',
    commands: ['runas', 'Get-Service'],
  },
  { languageId: 508, commandId: 107, language: 'Shell', platform: 'LINUX', commands: ['curl, wget"'] },
]
const languages = [
  { id: 201, name: 'PowerShell', platform: 'WINDOWS' },
  { id: 508, name: 'Shell', platform: 'LINUX' },
]
const replies: Replies = { car_search_blocked_commands: sets, car_list_script_languages: languages }
const unreadable: Replies = {
  ...replies,
  car_search_blocked_commands: () => {
    throw new VendorError('Qualys answered 403.', '')
  },
}
const remove = 'car_delete_blocked_commands'
const update = 'car_update_blocked_commands'
const to = (...commands: readonly string[]) => ({ languageId: '201', commandId: '102', commands })
const linesOf = async (tool: string, args: object, answers: Replies = replies): Promise<string[]> =>
  (await previewIn(answers, tool, args)).split('\n')

test('a deletion shows language, platform and every command of each set', async () => {
  expect(await linesOf(remove, { commandIds: ['107', '102'] })).toEqual([
    'Unblock commands (delete): 2 command sets',
    '! 3 blocked commands fall: new scripts may hold them again.',
    'set 107 of blocked commands: "Shell", "LINUX"',
    expect.stringMatching(/^commands of set 107 that fall: "curl, wget.{1,10}"$/),
    'set 102 of blocked commands: "PowerShell", "WINDOWS"',
    'commands of set 102 that fall: "runas", "Get-Service"',
    'account: "memory somebody"',
  ])
})

test('a change shows the commands that fall, stay and come', async () => {
  expect(await linesOf(update, to('Get-Service', 'reg'))).toEqual([
    'Change blocked commands (delete): 1 command set',
    '! 1 blocked command falls: new scripts may hold it again.',
    'set 102 of blocked commands: "PowerShell", "WINDOWS"',
    'commands of set 102 that fall: "runas"',
    'commands of set 102 that stay: "Get-Service"',
    'commands of set 102 that come: "reg"',
    'language 201: "PowerShell", "WINDOWS"',
    'languageId: "201"',
    'account: "memory somebody"',
  ])
})

test('a new set shows its language by name, and its commands', async () => {
  const lines = await linesOf('car_add_blocked_commands', { languageId: '201', commands: ['reg'] })
  expect(lines.slice(1)).toEqual([
    'commands that come: "reg"',
    'language 201: "PowerShell", "WINDOWS"',
    'languageId: "201"',
    'account: "memory somebody"',
  ])
})

test('commands that cannot be read count as falling', async () => {
  const lines = await linesOf(update, to('runas', 'Get-Service'), unreadable)
  expect(lines.slice(0, 3)).toEqual([
    'Change blocked commands (delete): 1 command set',
    '! The commands of set 102 could not be read: all of them count as falling.',
    'set 102 of blocked commands could not be looked up',
  ])
})

describe('a set that the list does not show', () => {
  test.each([
    [remove, { commandIds: ['102', '999'] }],
    [update, { ...to('runas'), commandId: '999' }],
  ])('is an input error: %s', async (tool, args) => {
    const { text, kind, sent } = await unattendedCall(new MemorySession(replies), tool, args)
    expect([kind, sent]).toEqual(['input', 0])
    expect(text).toMatch(/^car_search_blocked_commands shows no command set 999\./)
  })

  test.each<readonly [string, Replies[string]]>([
    ['rows without ids', [...sets, { languageId: 4, commands: ['mkfs'] }]],
    ['fewer rows than it counts', { rows: sets, total: 3 }],
    ['not all that there are', { rows: sets, resultLimit: 'only the first.' }],
  ])('may be among those that cannot be seen where the list shows %s', async (_what, listing) => {
    const lines = await linesOf(
      remove,
      { commandIds: ['999'] },
      { ...replies, car_search_blocked_commands: listing },
    )
    expect(lines).toContain('set 999 of blocked commands could not be looked up')
  })
})

test('a set of another language than the call says is an input error', async () => {
  const args = { languageId: '508', commandId: '102', commands: ['runas', 'Get-Service'] }
  const { text, sent } = await unattendedCall(new MemorySession(replies), update, args)
  expect(text).toMatch(
    /^Set 102 is of language 201, not 508\. Pass the pair as car_search_blocked_commands shows it\./,
  )
  expect(sent).toBe(0)
})

describe('with QUALYS_CONFIRM=execute,delete', () => {
  const asks = async (commands: readonly string[], answers: Replies = replies): Promise<boolean> => {
    const session = new MemorySession(answers)
    const running = toolContextOn(session, { QUALYS_CONFIRM: 'execute,delete' })
    return 'question' in (await performInMemory(session, update, to(...commands), running))
  }

  test.each([
    ['one falls', ['runas'], true],
    ['all fall', ['zzzz'], true],
    ['none falls', ['Get-Service', 'runas'], false],
    ['one comes', ['runas', 'Get-Service', 'reg'], false],
  ])('%s: a person is asked if a guard falls', async (_what, commands, isAsked) => {
    expect(await asks(commands)).toBe(isAsked)
  })

  test('a set that cannot be read: a person is asked', async () => {
    expect(await asks(['runas', 'Get-Service'], unreadable)).toBe(true)
  })
})
