import { describe, expect, test } from 'vitest'
import type { Touched } from '../../../src/operations/operation.ts'
import type { Audience } from '../../../src/tools/effects/targets/saq-targets.ts'
import { active, inactive, partsOf, people, seen } from '../../support/consent/audience.ts'

// What a preview warns of, and which arguments it shows by what lies behind them.

describe('warnings', () => {
  const warningsOf = (audience: Partial<Audience>, touched: Touched): readonly string[] =>
    partsOf(audience, touched).warnings

  test.each<readonly [string, Partial<Audience>, readonly string[]]>([
    ['one recipient', { invited: people(1) }, ['1 recipient is mailed at once.']],
    ['two recipients', { invited: people(2) }, ['2 recipients are mailed at once.']],
    ['no recipients', { invited: [] }, ['It has no recipients.']],
    ['unknown recipients', {}, ['Qualys does not show who the recipients are, nor how many.']],
  ])('of a launch to %s', (_what, audience, says) => {
    expect(warningsOf({ campaigns: [inactive], ...audience }, { launches: true })).toEqual(says)
    expect(warningsOf({ campaigns: [inactive], ...audience }, {})).toEqual([])
  })

  test('of a launch whose date is past', () => {
    const past = seen('9', { status: 'INACTIVE', dueDate: '2020-01-01T00:00:00Z' })
    const launch = { launches: true }
    expect(warningsOf({ campaigns: [past], invited: people(1) }, launch).at(-1)).toBe('Its due date is past.')
    const undated = seen('9', { status: 'INACTIVE' })
    expect(warningsOf({ campaigns: [undated], invited: people(1) }, launch)).toHaveLength(1)
  })

  test('of recipients that an active campaign gets', () => {
    expect(warningsOf({ campaigns: [active], added: people(2) }, {})).toEqual([
      'The campaign is active: 2 recipients are mailed at once.',
    ])
    expect(warningsOf({ campaigns: [inactive], added: people(2) }, {})).toEqual([])
    expect(warningsOf({ campaigns: [active] }, {})).toEqual([])
  })

  test('of a status that nobody knows as of an active one', () => {
    const odd = seen('9', { status: 'Launched' })
    expect(warningsOf({ campaigns: [odd], added: people(1) }, {})).toHaveLength(1)
    expect(warningsOf({ campaigns: [seen('9', {})], added: people(1) }, {})).toHaveLength(1)
  })

  test('of mails that change', () => {
    const reminds = { reminds: true }
    expect(warningsOf({ campaigns: [active], invited: people(420) }, reminds)).toEqual([
      'The campaign is active: its 420 recipients get these mails.',
    ])
    expect(warningsOf({ campaigns: [active] }, reminds)).toEqual([
      'The campaign is active: its recipients get these mails.',
    ])
    expect(warningsOf({ campaigns: [inactive], invited: people(1) }, reminds)).toEqual([])
  })

  test.each(['reviewer', 'approver'])('of another %s', (role) => {
    expect(warningsOf({ campaigns: [active] }, { [role]: '5' })).toEqual([
      'The campaign is active: the new reviewer or approver is mailed.',
    ])
    expect(warningsOf({ campaigns: [inactive] }, { [role]: '5' })).toEqual([])
  })

  test('of templates that are published', () => {
    const published = seen('1', { state: 'PUBLISHED' })
    const templates = [published, seen('2', { state: 'DRAFT' }), published]
    expect(warningsOf({ templates }, { bulk: 3 })).toEqual([
      '2 templates of these: published. Qualys may refuse, or change what campaigns use.',
    ])
    expect(warningsOf({ templates }, {})).toEqual([])
    expect(warningsOf({ templates: [seen('2', { state: 'DRAFT' })] }, { bulk: 1 })).toEqual([])
  })

  test('of drafts that the family has', () => {
    expect(warningsOf({ drafts: ['1'] }, {})).toEqual(['The family has 1 draft already.'])
    expect(warningsOf({ drafts: ['1', '2'] }, {})).toEqual(['The family has 2 drafts already.'])
    expect(warningsOf({ drafts: [] }, {})).toEqual([])
  })

  test('of a campaign on a draft', () => {
    const recipients = { recipients: { into: 'recipientIds' } }
    const templates = [seen('1', { state: 'DRAFT' })]
    const says = ['The template is a draft: publish it first, Qualys may refuse it.']
    expect(warningsOf({ templates }, recipients)).toEqual(says)
    expect(warningsOf({ templates, campaigns: [inactive] }, recipients)).toEqual([])
    expect(warningsOf({ templates: [seen('1', { state: 'PUBLISHED' })] }, recipients)).toEqual([])
    expect(warningsOf({ templates }, {})).toEqual([])
  })
})

describe('arguments that are shown by what lies behind them', () => {
  const always = ['users', 'sections', 'scoring', 'notifications']
  test.each<readonly [string, Touched, readonly string[]]>([
    ['nothing', {}, ['']],
    ['a campaign', { campaigns: ['1'] }, ['campaignId', '']],
    ['a template', { templates: ['1'] }, ['templateId', '']],
    ['templates in bulk', { templates: ['1'], bulk: 1 }, ['templateId', 'ids', '']],
    ['a library template', { libraryTemplates: ['1'] }, ['libraryTemplateId', '']],
    ['users', { users: ['1'] }, ['userId', 'ids', '']],
    ['who reviews', { reviewer: '1' }, ['reviewerId', '']],
    ['who approves', { approver: '1' }, ['approverId', '']],
    ['recipients', { recipients: { into: 'addRecipientIds' } }, ['addRecipientIds']],
    ['who leaves', { removed: ['1'] }, ['', 'removeRecipientIds']],
  ])('%s', (_what, touched, named) => {
    expect([...partsOf({}, touched).named].sort()).toEqual([...named, ...always].sort())
  })
})
