import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { approver, changesAt, reviewer, rowOf } from './saq-ground.ts'

// A whole life through the tools, on one sandbox and in this order.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

async function told(tool: string, args: object): Promise<string> {
  const { text, isError } = await assistant.call(tool, args)
  expect(isError, text).toBe(false)
  return text
}

async function rowsOf(tool: string, args: object): Promise<Readonly<Record<string, unknown>>[]> {
  const { structured, text, isError } = await assistant.call(tool, { pageSize: 200, ...args }, 'json')
  expect(isError, text).toBe(false)
  return structured.rows
}

async function idIn(tool: string, args: object, pattern: RegExp): Promise<string> {
  const text = await told(tool, args)
  const id = pattern.exec(text)?.[1]
  expect(id, text).toBeDefined()
  return String(id)
}

async function advance(days: number): Promise<void> {
  const body = JSON.stringify({ seconds: days * 86_400 })
  const response = await fetch(`${sandbox.gatewayUrl}/_sandbox/advance`, { method: 'POST', body })
  expect(response.ok).toBe(true)
}

const statesOf = async (campaignId: string): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {}
  for (const { state } of await rowsOf('saq_search_questionnaires', { campaignId: [campaignId] }))
    counts[String(state)] = (counts[String(state)] ?? 0) + 1
  return counts
}
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0)

const tag = 'Tier 1 of a life'
const people = Array.from({ length: 20 }, (_, at) => ({
  firstName: `Person${at}`,
  lastName: 'of Life',
  company: at < 15 ? 'Living Vendors' : 'Late Vendors',
  emailAddress: `person.${at}@living.example`,
  ...(at < 15 && { tags: [tag] }),
}))

describe('a questionnaire from its first word to its end', () => {
  let templateId = ''
  let draftId = ''
  let campaignId = ''

  test('people come in bulk', async () => {
    expect(await told('saq_create_users', { users: people })).toMatch(/^20 users .*20 created/)
    expect(await rowsOf('saq_search_users', { tagName: tag })).toHaveLength(15)
  })

  test('a template is written, read back, changed and published', async () => {
    const contents = {
      scoring: [
        { label: 'Good', value: 10 },
        { label: 'Bad', value: 0 },
      ],
      sections: [
        {
          name: 'Access',
          questions: [
            { text: 'Is MFA on?', kind: 'yesNo', yesScore: 'Good', noScore: 'Bad', criticality: 'HIGH' },
            {
              text: 'Which cloud?',
              kind: 'dropdown',
              options: [{ text: 'A', score: 'Good' }, { text: 'B' }],
            },
          ],
        },
      ],
    }
    const args = { name: 'Life of a vendor', category: 'Vendor Risk', description: 'All of it', ...contents }
    templateId = await idIn('saq_create_template', args, /^template (\d+) created; Qualys counts all 2 quest/)
    // What is read is what was written, so that it can be passed on.
    const { structured } = await assistant.call('saq_get_template', { templateId }, 'json')
    expect(structured.rows[0]).toMatchObject({ id: templateId, state: 'DRAFT', revision: 1 })
    expect(await told('saq_update_templates', { ids: [templateId], description: 'Twice a year' })).toMatch(
      /^1 template updated/,
    )
    expect(await told('saq_publish_template', { templateId })).toMatch(/published/)
    const [row] = await rowsOf('saq_search_templates', { id: templateId })
    expect(row).toMatchObject({ state: 'PUBLISHED' })
    expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
      description: 'Twice a year',
      scorings: [
        { label: 'Good', value: '10' },
        { label: 'Bad', value: '0' },
      ],
    })
  })

  test('its next version is a draft of the same family, and may go again', async () => {
    draftId = await idIn('saq_create_template_version', { templateId }, /it is template (\d+), revision 2/)
    expect(draftId).not.toBe(templateId)
    const before = await rowOf(sandbox.control, 'templates', templateId)
    expect(await rowOf(sandbox.control, 'templates', draftId)).toMatchObject({
      familyId: before?.['familyId'],
      state: 'DRAFT',
    })
    await told('saq_delete_template', { templateId: draftId })
    expect(await rowOf(sandbox.control, 'templates', draftId)).toBeUndefined()
    expect(await rowOf(sandbox.control, 'templates', templateId)).toBeDefined()
  })

  test('a campaign is prepared by tag: nobody is mailed', async () => {
    const args = {
      name: 'A whole life',
      templateId,
      workflowType: 'FULL',
      dueDate: '2096-12-31',
      reviewerId: reviewer,
      approverId: approver,
      recipientTag: tag,
      notifications: [{ kind: 'overdue', noOfDays: 5, interval: 1 }],
    }
    campaignId = await idIn(
      'saq_create_campaign',
      args,
      /^campaign (\d+) created; 15 recipients, due 2096-12/,
    )
    expect(await rowsOf('saq_search_questionnaires', { campaignId: [campaignId] })).toEqual([])
    expect(await rowOf(sandbox.control, 'campaigns', campaignId)).toMatchObject({
      status: 'INACTIVE',
      workflowType: 'FULL',
      dueDate: Date.parse('2096-12-31T23:59:59Z'),
      reviewerId: Number(reviewer),
      approverId: Number(approver),
      campaignNotification: { overdueNotification: { enabled: true, noOfDays: 5, interval: 1 } },
    })
  })

  test('it is launched, once', async () => {
    expect(await told('saq_launch_campaign', { campaignId })).toMatch(
      /launched\nFollow it with saq_campaign_st/,
    )
    expect(await statesOf(campaignId)).toEqual({ INFORMATION_GATHERING: 15 })
    const { text, isError } = await assistant.call('saq_launch_campaign', { campaignId })
    expect(isError).toBe(true)
    expect(text).toMatch(/is ACTIVE, and only INACTIVE ones can be launched/)
  })

  test('answers come in, as time goes by', async () => {
    await advance(3)
    const states = await statesOf(campaignId)
    expect(sum(states)).toBe(15)
    expect(states['INFORMATION_GATHERING']).toBeLessThan(15)
  })

  test('late vendors are added: each gets a questionnaire, and nobody a second one', async () => {
    expect(await told('saq_update_campaign', { campaignId, addRecipientCompany: 'Late Vendors' })).toMatch(
      /^campaign \d+ updated/,
    )
    expect(sum(await statesOf(campaignId))).toBe(20)
    const again = await assistant.call('saq_update_campaign', { campaignId, addRecipientTag: tag })
    expect(again.text).toMatch(/recipients of this campaign already/)
    expect(sum(await statesOf(campaignId))).toBe(20)
  })

  test('one is taken out: the open questionnaire is canceled', async () => {
    const late = await rowsOf('saq_search_users', { company: 'Late Vendors' })
    await told('saq_update_campaign', { campaignId, removeRecipientIds: [late[0]?.['id']] })
    expect((await statesOf(campaignId))['CANCELED']).toBe(1)
  })

  test('it is canceled, once, and then only read', async () => {
    expect(await told('saq_cancel_campaign', { campaignId })).toMatch(/^campaign \d+ canceled/)
    const states = await statesOf(campaignId)
    for (const open of ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL']) expect(states[open]).toBeUndefined()
    await sandbox.control.forget()
    expect((await assistant.call('saq_cancel_campaign', { campaignId })).text).toMatch(/canceled already/)
    expect((await assistant.call('saq_update_campaign', { campaignId, name: 'x' })).text).toMatch(
      /only be read/,
    )
    expect(await changesAt(sandbox.control)).toEqual([])
  })

  test('it is deleted, and its questionnaires with it', async () => {
    expect(await told('saq_delete_campaign', { campaignId })).toMatch(/^campaign \d+ deleted/)
    expect(await rowOf(sandbox.control, 'campaigns', campaignId)).toBeUndefined()
    expect(await statesOf(campaignId)).toEqual({})
    expect((await assistant.call('saq_get_campaign', { campaignId })).text).toMatch(/OBJECT_NOT_FOUND/)
  })

  test('people change, one and many, and go', async () => {
    const living = (await rowsOf('saq_search_users', { company: 'Living Vendors' })).map(({ id }) =>
      String(id),
    )
    const [first = '', ...others] = living
    expect(await told('saq_update_user', { userId: first, lastName: 'Changed', tags: ['Left'] })).toMatch(
      /^user \d+ updated/,
    )
    expect(await rowOf(sandbox.control, 'users', first)).toMatchObject({
      firstName: 'Person0',
      lastName: 'Changed',
      tags: [{ name: 'Left' }],
    })
    expect(await told('saq_update_users', { ids: others, company: 'Moved Vendors' })).toMatch(/^14 users/)
    expect(await rowsOf('saq_search_users', { company: 'Moved Vendors' })).toHaveLength(14)
    expect(await told('saq_delete_user', { userId: first })).toMatch(/^user \d+ deleted/)
    expect(await told('saq_delete_users', { ids: others })).toMatch(/^14 users deleted/)
    expect(await rowsOf('saq_search_users', { lastName: 'of Life' })).toHaveLength(5)
  })
})

describe('a copy from the library', () => {
  test('is a draft of its own, which can be changed and published', async () => {
    const args = { libraryTemplateId: '10030', name: 'Our vendor risk' }
    const templateId = await idIn(
      'saq_create_template_from_library',
      args,
      /^template (\d+) created from the/,
    )
    expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
      name: 'Our vendor risk',
      isLibrary: true,
      state: 'DRAFT',
    })
    await told('saq_update_templates', { ids: [templateId], category: 'Ours' })
    await told('saq_publish_template', { templateId })
    expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
      category: 'Ours',
      state: 'PUBLISHED',
    })
  })
})
