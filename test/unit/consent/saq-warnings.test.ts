import { describe, expect, test } from 'vitest'
import type { SaqTargets } from '../../../src/tools/effects/targets/saq-targets.ts'
import {
  active,
  inactive,
  lookedUp,
  peopleOf,
  type SaqTargetIds,
  saqPartsOf,
} from '../../support/consent/saq-targets.ts'

// The warnings of a preview, and the arguments that it shows by their looked-up objects.

describe('warnings', () => {
  const warningsOf = (audience: Partial<SaqTargets>, touched: SaqTargetIds): readonly string[] =>
    saqPartsOf(audience, touched).warnings

  test.each<readonly [string, Partial<SaqTargets>, readonly string[]]>([
    ['one recipient', { currentRecipients: peopleOf(1) }, ['1 recipient is mailed at once.']],
    ['two recipients', { currentRecipients: peopleOf(2) }, ['2 recipients are mailed at once.']],
    ['no recipients', { currentRecipients: [] }, ['It has no recipients.']],
    ['unknown recipients', {}, ['Qualys does not show who the recipients are, nor how many.']],
  ])('of a launch to %s', (_what, audience, says) => {
    expect(warningsOf({ campaigns: [inactive], ...audience }, { mailsRecipients: true })).toEqual(says)
    expect(warningsOf({ campaigns: [inactive], ...audience }, {})).toEqual([])
  })

  test('of a launch whose date has passed', () => {
    const past = lookedUp('9', { status: 'INACTIVE', dueDate: '2020-01-01T00:00:00Z' })
    const launch = { mailsRecipients: true }
    expect(warningsOf({ campaigns: [past], currentRecipients: peopleOf(1) }, launch).at(-1)).toBe(
      'Its due date is past.',
    )
    const undated = lookedUp('9', { status: 'INACTIVE' })
    expect(warningsOf({ campaigns: [undated], currentRecipients: peopleOf(1) }, launch)).toHaveLength(1)
  })

  test('of recipients that are added to an active campaign', () => {
    expect(warningsOf({ campaigns: [active], newRecipients: peopleOf(2) }, {})).toEqual([
      'The campaign is active: 2 recipients are mailed at once.',
    ])
    expect(warningsOf({ campaigns: [inactive], newRecipients: peopleOf(2) }, {})).toEqual([])
    expect(warningsOf({ campaigns: [active] }, {})).toEqual([])
  })

  test('of an unknown status as of an active one', () => {
    const odd = lookedUp('9', { status: 'Launched' })
    expect(warningsOf({ campaigns: [odd], newRecipients: peopleOf(1) }, {})).toHaveLength(1)
    expect(warningsOf({ campaigns: [lookedUp('9', {})], newRecipients: peopleOf(1) }, {})).toHaveLength(1)
  })

  test('of changed mails', () => {
    const reminds = { changesReminders: true }
    expect(warningsOf({ campaigns: [active], currentRecipients: peopleOf(420) }, reminds)).toEqual([
      'The campaign is active: its 420 recipients get these mails.',
    ])
    expect(warningsOf({ campaigns: [active] }, reminds)).toEqual([
      'The campaign is active: its recipients get these mails.',
    ])
    expect(warningsOf({ campaigns: [inactive], currentRecipients: peopleOf(1) }, reminds)).toEqual([])
  })

  test('of another due date, by which reminders go', () => {
    const moves = { movesReminders: true }
    expect(warningsOf({ campaigns: [active], currentRecipients: peopleOf(420) }, moves)).toEqual([
      'The campaign is active: reminders that it sends to its 420 recipients go by the new due date.',
    ])
    expect(warningsOf({ campaigns: [inactive] }, moves)).toEqual([])
    expect(warningsOf({ campaigns: [active] }, { ...moves, changesReminders: true })).toHaveLength(1)
  })

  test.each(['reviewer', 'approver'])('of another %s', (role) => {
    expect(warningsOf({ campaigns: [active] }, { [role]: '5' })).toEqual([
      'The campaign is active: the new reviewer or approver is mailed.',
    ])
    expect(warningsOf({ campaigns: [inactive] }, { [role]: '5' })).toEqual([])
  })

  test('of published templates', () => {
    const published = lookedUp('1', { state: 'PUBLISHED' })
    const templates = [published, lookedUp('2', { state: 'DRAFT' }), published]
    expect(warningsOf({ templates }, { bulkSize: 3 })).toEqual([
      '2 templates of these: published. Qualys may refuse, or change what campaigns use.',
    ])
    expect(warningsOf({ templates }, {})).toEqual([])
    expect(warningsOf({ templates: [lookedUp('2', { state: 'DRAFT' })] }, { bulkSize: 1 })).toEqual([])
  })

  test('of drafts in the same family', () => {
    expect(warningsOf({ draftIds: ['1'] }, {})).toEqual(['The family has 1 draft already.'])
    expect(warningsOf({ draftIds: ['1', '2'] }, {})).toEqual(['The family has 2 drafts already.'])
    expect(warningsOf({ draftIds: [] }, {})).toEqual([])
  })

  test('of a campaign on a draft', () => {
    const recipients = { recipients: { into: 'recipientIds' } }
    const templates = [lookedUp('1', { state: 'DRAFT' })]
    const says = ['The template is a draft: publish it first, Qualys may refuse it.']
    expect(warningsOf({ templates }, recipients)).toEqual(says)
    expect(warningsOf({ templates, campaigns: [inactive] }, recipients)).toEqual([])
    expect(warningsOf({ templates: [lookedUp('1', { state: 'PUBLISHED' })] }, recipients)).toEqual([])
    expect(warningsOf({ templates }, {})).toEqual([])
  })
})

describe('arguments that are covered by their looked-up objects', () => {
  const always = ['users', 'sections', 'scoring', 'notifications']
  test.each<readonly [string, SaqTargetIds, readonly string[]]>([
    ['nothing', {}, []],
    ['a campaign', { campaigns: ['1'] }, ['campaignId']],
    ['a template', { templates: ['1'] }, ['templateId']],
    ['templates in bulk', { templates: ['1'], bulkSize: 1 }, ['templateId', 'ids']],
    ['a library template', { libraryTemplates: ['1'] }, ['libraryTemplateId']],
    ['users', { users: ['1'] }, ['userId', 'ids']],
    ['who reviews', { reviewer: '1' }, ['reviewerId']],
    ['who approves', { approver: '1' }, ['approverId']],
    ['recipients', { recipients: { into: 'addRecipientIds' } }, ['addRecipientIds']],
    ['who leaves', { removed: ['1'] }, ['removeRecipientIds']],
  ])('%s', (_what, touched, named) => {
    expect([...saqPartsOf({}, touched).coveredArguments].sort()).toEqual([...named, ...always].sort())
  })
})
