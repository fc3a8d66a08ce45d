import { describe, expect, test } from 'vitest'
import type { Effect, Input } from '../../../src/operations/operation.ts'
import { minimalArgumentsInMemory } from '../../support/consent/replies.ts'
import { effects, operationNamed, validated } from '../../support/effects/in-memory.ts'
import { campaign, recipient } from '../../support/effects/saq/saq-objects.ts'

// An input may raise the effect of a call: what runs or mails counts as execute.

const effectOf = (tool: string, args: object, seen?: Input): Effect => {
  const operation = operationNamed(tool)
  return operation.change?.effect?.(validated(operation, args), seen) ?? operation.effect
}

const repository = { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1', branch: 'main' }
const content = { content: 'Get-Date', comment: 'simpler' }

describe('an update of a script', () => {
  test.each([
    ['content', content],
    ['edits', { edits: [{ find: 'a', replace: '' }], comment: 'simpler' }],
    ['a repository', { sourceUrl: repository.sourceUrl }],
    ['another branch', { branch: 'main' }],
    ['a repository to sync with', { ...repository, sync: true }],
    ['no more sync', { sync: false }],
    ['parameters', { params: [{ key: 'path', value: '/' }] }],
    ['no parameters', { params: [] }],
    ['a title beside content', { title: 'New', ...content }],
    ['an approval', { scriptApprovalUserConsent: true }],
  ])('with %s is execute', (_what, changes) => {
    expect(effectOf('car_update_script', { scriptId: 5, ...changes })).toBe('execute')
  })

  test.each([
    ['a title', { title: 'Only a title' }],
    ['a description', { description: 'Content of the reporting database' }],
    ['a severity', { severity: 2 }],
    ['a comment alone', { comment: 'why' }],
    ['no approval', { scriptApprovalUserConsent: false, title: 'T' }],
  ])('with %s is update', (_what, changes) => {
    expect(effectOf('car_update_script', { scriptId: 5, ...changes })).toBe('update')
  })
})

const script = {
  ...{ title: 'New', typeId: 1, subType: 'Response', languageId: 201, platform: 'WINDOWS', severity: 1 },
  content: 'Get-Date',
}
const fromLibrary = {
  ...{ id: 234564, title: 'x', categoryId: 1, typeId: 1, typeName: 'Custom Script', subType: 'Detection' },
}

test.each<readonly [string, object, Effect]>([
  ['car_create_script', script, 'create'],
  ['car_create_script', { ...script, scriptApprovalUserConsent: false }, 'create'],
  ['car_create_script', { ...script, scriptApprovalUserConsent: true }, 'execute'],
  ['car_import_library_script', { ...fromLibrary, approved: false }, 'create'],
  ['car_import_library_script', { ...fromLibrary, approved: true }, 'execute'],
])('%s %j is %s', (tool, args, effect) => {
  expect(effectOf(tool, args)).toBe(effect)
})

describe('an update of a campaign', () => {
  const mailing: Readonly<Record<string, object>> = {
    'adds recipients': { addRecipientIds: [recipient] },
    'adds a company': { addRecipientCompany: 'ABC Freight' },
    'adds a tag': { addRecipientTag: 'Germany' },
    'removes recipients': { removeRecipientIds: [recipient] },
    'changes notifications': { notifications: [{ kind: 'reminder', noOfDays: 1 }] },
    'switches a notification off': { notifications: [{ kind: 'overdue', enabled: false }] },
    'gives it a reviewer': { reviewerId: '71077391' },
    'gives it an approver': { approverId: '89375990' },
    'names it and adds recipients': { name: 'x', addRecipientIds: [recipient] },
  }
  const quiet: Readonly<Record<string, object>> = {
    'changes its name': { name: 'Another name' },
    'changes its due date': { dueDate: '2096-12-31' },
    'changes its workflow': { workflowType: 'SIMPLE' },
  }
  /** For a campaign that cannot be read, the strongest effect is assumed. */
  const notQuiet = ['ACTIVE', 'COMPLETE', 'CANCELED', 'inactive', 'Active', 'LAUNCHED', undefined]
  const of = (changes: object, status: unknown) =>
    effectOf('saq_update_campaign', { campaignId: 5, ...changes }, { status })

  test.each(Object.entries(mailing))('that %s is execute, unless it is inactive', (_what, changes) => {
    for (const status of notQuiet) expect(of(changes, status), String(status)).toBe('execute')
    expect(effectOf('saq_update_campaign', { campaignId: 5, ...changes })).toBe('execute')
    expect(of(changes, 'INACTIVE')).toBe('update')
  })

  test.each(Object.entries(quiet))('that %s is update', (_what, changes) => {
    for (const status of [...notQuiet, 'INACTIVE']) expect(of(changes, status)).toBe('update')
  })
})

describe('an update of blocked commands', () => {
  const of = (commands: readonly string[], seen?: Input) =>
    effectOf('car_update_blocked_commands', { languageId: 201, commandId: 102, commands }, seen)
  const stored = { commandId: 102, commands: ['runas', 'Get-Service'] }

  test.each([
    ['leaves one out', ['runas']],
    ['leaves all out', ['zzzz']],
    ['leaves one out and adds another', ['runas', 'reg']],
    ['spells one differently', ['runas', 'get-service']],
    ['narrows one', ['runas', 'Get-Service spooler']],
  ])('that %s is delete', (_what, commands) => {
    expect(of(commands, stored)).toBe('delete')
  })

  test.each([
    ['keeps all', ['runas', 'Get-Service']],
    ['keeps all in another order', ['Get-Service', 'runas']],
    ['keeps all with blanks around them', [' runas ', 'Get-Service']],
    ['adds one', ['runas', 'Get-Service', 'reg']],
  ])('that %s is update', (_what, commands) => {
    expect(of(commands, stored)).toBe('update')
  })

  test.each([
    ['cannot be looked up', undefined],
    ['shows no commands', { commandId: 102 }],
    ['shows them as one text', { commands: 'runas' }],
    ['shows one that is no text', { commands: ['runas', 7] }],
  ])('of a set that %s is delete', (_what, seen) => {
    expect(of(['runas', 'Get-Service'], seen)).toBe('delete')
  })
})

test('no other effect depends on its input', async () => {
  const least = await minimalArgumentsInMemory()
  const varying = effects.filter(({ change }) => change?.effect !== undefined).map(({ name }) => name)
  expect(varying).toEqual([
    'car_create_script',
    'car_update_script',
    'car_import_library_script',
    'car_update_blocked_commands',
    'saq_update_campaign',
  ])
  const quiet = { status: 'INACTIVE', commands: [] }
  for (const { name, effect } of effects) expect(effectOf(name, least[name] ?? {}, quiet)).toBe(effect)
  expect(effectOf('saq_create_campaign', campaign('x'))).toBe('create')
})
