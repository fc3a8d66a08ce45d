import { describe, expect, test } from 'vitest'
import {
  activeCampaign,
  campaignIn,
  changesAt,
  draftOf,
  expectOneSentence,
  inactiveCampaign,
} from '../effects/saq-ground.ts'
import { assistantWithSandbox } from './saq-refusing.ts'
import { campaigns } from './saq-wrong-campaigns.ts'
import { templates } from './saq-wrong-templates.ts'
import { users } from './saq-wrong-users.ts'

// Effects of SAQ that make no sense: each is refused in one sentence that says what to do, and nothing is sent.

const there = assistantWithSandbox()

async function expectRefused(tool: string, args: object, says: RegExp): Promise<void> {
  const { text, isError } = await there.assistant.call(tool, args)
  expect(text).toMatch(says)
  expectOneSentence(text)
  expect(isError).toBe(true)
  expect(await changesAt(there.sandbox.control)).toEqual([])
}

describe.each(Object.entries({ campaigns, templates, users }))('%s', (_area, wrong) => {
  // Several tools are tried with the same mistake.
  test.each(wrong.map(([name, tool, ...rest]) => [`${tool}: ${name}`, tool, ...rest] as const))(
    '%s',
    (_name, tool, args, says) => expectRefused(tool, args, says),
  )
})

describe('what its state forbids', () => {
  const control = () => there.sandbox.control

  test.each(['ACTIVE', 'COMPLETE', 'CANCELED'])('launching a campaign that is %s', async (status) => {
    const campaignId = await campaignIn(control(), status)
    await expectRefused(
      'saq_launch_campaign',
      { campaignId },
      new RegExp(`^Campaign ${campaignId} is ${status}, and only INACTIVE ones can be launched\\.`),
    )
  })

  test('cancelling a campaign that is canceled', async () => {
    const campaignId = await campaignIn(control(), 'CANCELED')
    await expectRefused(
      'saq_cancel_campaign',
      { campaignId },
      /is canceled already\. Nothing is left to do\.$/,
    )
  })

  test('updating a campaign that is canceled', async () => {
    const campaignId = await campaignIn(control(), 'CANCELED')
    await expectRefused(
      'saq_update_campaign',
      { campaignId, name: 'x' },
      /^Campaign \d+ is canceled and can only be read\. Create a new one\.$/,
    )
  })

  test('a new version of a draft', async () => {
    const templateId = await draftOf(control())
    await expectRefused(
      'saq_create_template_version',
      { templateId },
      /^Template \d+ is a draft itself\. Change it with saq_update_templates\.$/,
    )
  })

  test('a SIMPLE campaign that is to become more, without anybody to do it', async () => {
    const simple = (await control().truth('campaigns')).find(
      ({ workflowType, status }) => workflowType === 'SIMPLE' && status === 'INACTIVE',
    )
    const campaignId = String(simple?.['id'])
    await expectRefused(
      'saq_update_campaign',
      { campaignId, workflowType: 'FULL' },
      /^A FULL campaign needs an approver\./,
    )
    await expectRefused(
      'saq_update_campaign',
      { campaignId, workflowType: 'REVIEWABLE' },
      /^A REVIEWABLE campaign needs a reviewer\./,
    )
  })

  test.each([
    ['FULL', activeCampaign],
    ['REVIEWABLE', inactiveCampaign],
    ['SIMPLE', inactiveCampaign],
  ])('but not a workflow, %s, that has whom it needs', async (workflowType, campaignId) => {
    const { text, isError } = await there.assistant.call('saq_update_campaign', { campaignId, workflowType })
    expect(isError, text).toBe(false)
  })

  test('a reviewer for a campaign that stays SIMPLE', async () => {
    const simple = (await control().truth('campaigns')).find(({ name }) => name === 'Policy attestation 2027')
    await expectRefused(
      'saq_update_campaign',
      { campaignId: simple?.['id'], reviewerId: '71077391' },
      /SIMPLE campaign has no reviewer/,
    )
  })

  test('a recipient who is to be added and removed at once', () =>
    expectRefused(
      'saq_update_campaign',
      { campaignId: inactiveCampaign, addRecipientIds: ['339590'], removeRecipientIds: ['339590'] },
      /339590/,
    ))

  test('a due date beyond the year 9999', () =>
    expectRefused(
      'saq_update_campaign',
      { campaignId: inactiveCampaign, dueDate: '9999-12-31T23:59:59-01:00' },
      /dueDate/,
    ))
})

describe('a wording of the assistant stays in its quotes', () => {
  test('with a colon in it', () =>
    expectRefused(
      'saq_create_template',
      {
        name: 'x',
        category: 'x',
        sections: [{ name: 'x', questions: [{ text: 'Region: which one?', kind: 'single' }] }],
      },
      /^Question "Region: which one\?" of kind single has nothing to choose from\. Pass options\.$/,
    ))
})
