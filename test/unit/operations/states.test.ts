import { describe, expect, test } from 'vitest'
import { approver, reviewer } from '../../support/effects/saq/saq-objects.ts'
import { callInMemory, expectRefusal, operationNamed } from '../../support/operations/calls.ts'
import { answeringWith, draftTemplate, saqAnswer } from '../../support/operations/rows.ts'

// What the state of a campaign or a template forbids.

const campaignId = '5'
const stored = { id: campaignId, name: 'Any', recipients: [{ id: 1, company: 'A' }] }

/** One campaign, as Qualys shows it. */
const repliesHolding = (campaign: object) =>
  answeringWith(
    'GET',
    `/qps/rest/1.0/get/saq/questionnairecampaign/${campaignId}`,
    saqAnswer('QuestionnaireCampaign', [{ ...stored, ...campaign }]),
  )

const refused = async (tool: string, args: object, campaign: object, says: RegExp): Promise<void> =>
  expectRefusal(
    await callInMemory(tool, { campaignId, ...args }, { answers: repliesHolding(campaign) }),
    says,
  )

test.for(['ACTIVE', 'COMPLETE', 'CANCELED'])('launching a campaign that is %s', (status) =>
  refused(
    'saq_launch_campaign',
    {},
    { status },
    new RegExp(`^Campaign 5 is ${status}, and only INACTIVE ones can be launched\\.`),
  ),
)

test('cancelling a campaign that is canceled', () =>
  refused(
    'saq_cancel_campaign',
    {},
    { status: 'CANCELED' },
    /is canceled already\. Nothing is left to do\.$/,
  ))

test('updating a campaign that is canceled', () =>
  refused(
    'saq_update_campaign',
    { name: 'x' },
    { status: 'CANCELED' },
    /^Campaign 5 is canceled and can only be read\. Create a new one\.$/,
  ))

describe('a SIMPLE campaign', () => {
  const simple = { status: 'INACTIVE', workflowType: 'SIMPLE' }

  test('that is changed to another workflow, without the people it needs', async () => {
    const become = (workflowType: string, says: RegExp) =>
      refused('saq_update_campaign', { workflowType }, simple, says)
    await become('FULL', /^A FULL campaign needs an approver\./)
    await become('REVIEWABLE', /^A REVIEWABLE campaign needs a reviewer\./)
  })

  test('that stays SIMPLE has no reviewer and no approver', async () => {
    await refused('saq_update_campaign', { reviewerId: reviewer }, simple, /SIMPLE campaign has no reviewer/)
    await refused('saq_update_campaign', { approverId: approver }, simple, /SIMPLE campaign has no approver/)
  })
})

test('a recipient who is added and removed at once', () =>
  refused(
    'saq_update_campaign',
    { addRecipientIds: ['339590'], removeRecipientIds: ['339590'] },
    { status: 'INACTIVE' },
    /^Recipient 339590 is to be added and removed at once\. Pass the id in one of the lists\.$/,
  ))

test('a due date beyond the year 9999', () =>
  refused('saq_update_campaign', { dueDate: '9999-12-31T23:59:59-01:00' }, { status: 'INACTIVE' }, /dueDate/))

test('a new version of a draft', async () =>
  expectRefusal(
    await callInMemory('saq_create_template_version', { templateId: draftTemplate }),
    /^Template \d+ is a draft itself\. Change it with saq_update_templates\.$/,
  ))

describe('the people a campaign needs, as it is stored:', () => {
  const people = { reviewer: { id: reviewer }, approver: { id: approver } }
  const refusalOf = (seen: object, input: object): string | undefined =>
    operationNamed('saq_update_campaign').change?.validateAgainst?.({ ...seen }, { campaignId, ...input })

  test.for([
    ['FULL', { workflowType: 'SIMPLE', ...people }],
    ['REVIEWABLE', { workflowType: 'FULL', ...people }],
    ['SIMPLE', { workflowType: 'FULL', ...people }],
  ] as const)('%s is accepted', ([workflowType, seen]) => {
    expect(refusalOf(seen, { workflowType })).toBeUndefined()
  })

  test('a campaign whose workflow Qualys does not show is not checked', () => {
    expect(refusalOf({ status: 'ACTIVE' }, { reviewerId: reviewer })).toBeUndefined()
  })
})

describe('a time that has just passed', () => {
  const now = Date.parse('2096-02-29T08:30:00Z')
  const said = (tool: string, input: object, at: number): string | undefined =>
    operationNamed(tool).change?.validate?.({ ...input }, at)

  test.for([
    [
      'saq_create_campaign',
      { workflowType: 'SIMPLE', dueDate: '2096-02-29T08:30:00Z' },
      /^The due date .* is past/,
    ],
    ['saq_update_campaign', { campaignId, dueDate: '2096-02-29T08:30:00Z' }, /^The due date .* is past/],
    [
      'car_create_schedule',
      { scripts: [], startDate: '2096-02-29', startTime: '08:30', assets: ['1'] },
      /^The start lies in the past \(now is 2096-02-29T08:30Z\)/,
    ],
  ] as const)('%s', ([tool, input, says]) => {
    expect(said(tool, input, now - 1)).toBeUndefined()
    expect(said(tool, input, now)).toMatch(says)
    expect(said(tool, input, now + 1)).toMatch(says)
  })

  test('an end on the day of the start is refused, one on the next day is not', () => {
    const plan = {
      scripts: [],
      startDate: '2096-02-29',
      startTime: '08:30',
      assets: ['1'],
      recurrence: 'DAILY',
    }
    const ending = (endDate: string) => said('car_create_schedule', { ...plan, endDate }, now - 1)
    expect(ending('2096-02-29')).toBe('endDate does not lie behind startDate: pass a later day.')
    expect(ending('2096-03-01')).toBeUndefined()
  })
})
