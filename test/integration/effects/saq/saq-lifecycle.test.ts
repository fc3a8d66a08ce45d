import { expect } from 'vitest'
import type { Assistant } from '../../../support/assistant.ts'
import { approver, reviewer, rowOf, saqChangeRequests } from '../../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../../support/fixtures.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'

// A whole lifecycle through the tools: each step continues from the state that the step before has left.

/** An assistant that reads and changes, and the clock of its sandbox. */
interface Lifecycle {
  readonly assistant: Assistant
  readonly sandbox: TestSandbox
  readonly callOk: (tool: string, args: object) => Promise<string>
  readonly rowsOf: (tool: string, args: object) => Promise<Readonly<Record<string, unknown>>[]>
  readonly idIn: (tool: string, args: object, pattern: RegExp) => Promise<string>
  readonly advance: (days: number) => Promise<void>
  readonly statesOf: (campaignId: string) => Promise<Readonly<Record<string, number>>>
}

const test = testOn({ jobs: 100 }, unattendedSettings).extend<{ lifecycle: Lifecycle }>({
  lifecycle: async ({ sandbox, assistant }, use) => {
    const callOk = async (tool: string, args: object): Promise<string> => {
      const { text, isError } = await assistant.call(tool, args)
      expect(isError, text).toBe(false)
      return text
    }
    const rowsOf: Lifecycle['rowsOf'] = async (tool, args) => {
      const { structured, text, isError } = await assistant.call(tool, { pageSize: 200, ...args }, 'json')
      expect(isError, text).toBe(false)
      return structured.rows
    }
    await use({
      assistant,
      sandbox,
      callOk,
      rowsOf,
      idIn: async (tool, args, pattern) => {
        const text = await callOk(tool, args)
        const id = pattern.exec(text)?.[1]
        expect(id, text).toBeDefined()
        return String(id)
      },
      advance: async (days) => {
        const body = JSON.stringify({ seconds: days * 86_400 })
        const response = await fetch(`${sandbox.gatewayUrl}/_sandbox/advance`, { method: 'POST', body })
        expect(response.ok).toBe(true)
      },
      statesOf: async (campaignId) => {
        const counts: Record<string, number> = {}
        for (const { state } of await rowsOf('saq_search_questionnaires', { campaignId: [campaignId] }))
          counts[String(state)] = (counts[String(state)] ?? 0) + 1
        return counts
      },
    })
  },
})

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

/** Creates people in bulk. */
async function createPeople({ callOk, rowsOf }: Lifecycle): Promise<void> {
  expect(await callOk('saq_create_users', { users: people })).toMatch(/^20 users .*20 created/)
  expect(await rowsOf('saq_search_users', { tagName: tag })).toHaveLength(15)
}

/** Creates a template, reads it back, changes and publishes it. */
async function publishTemplate({ assistant, sandbox, callOk, rowsOf, idIn }: Lifecycle): Promise<string> {
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
  const templateId = await idIn(
    'saq_create_template',
    args,
    /^template (\d+) created; "Life of a vendor", DRAFT, revision 1; Qualys counts all 2 quest/,
  )
  // What is read equals what was written, so that it can be passed on.
  const { structured } = await assistant.call('saq_get_template', { templateId }, 'json')
  expect(structured.rows[0]).toMatchObject({ id: templateId, state: 'DRAFT', revision: 1 })
  expect(await callOk('saq_update_templates', { ids: [templateId], description: 'Twice a year' })).toMatch(
    /^1 template updated/,
  )
  expect(await callOk('saq_publish_template', { templateId })).toMatch(/published/)
  const [row] = await rowsOf('saq_search_templates', { id: templateId })
  expect(row).toMatchObject({ state: 'PUBLISHED' })
  expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
    description: 'Twice a year',
    scorings: [
      { label: 'Good', value: '10' },
      { label: 'Bad', value: '0' },
    ],
  })
  return templateId
}

/** Its next version is a draft of the same family, and can be deleted again. */
async function createAndDeleteVersion(
  { sandbox, callOk, idIn }: Lifecycle,
  templateId: string,
): Promise<void> {
  const draftId = await idIn(
    'saq_create_template_version',
    { templateId },
    /it is template (\d+), "Life of a vendor", DRAFT, revision 2, 2 questions$/,
  )
  expect(draftId).not.toBe(templateId)
  const before = await rowOf(sandbox.control, 'templates', templateId)
  expect(await rowOf(sandbox.control, 'templates', draftId)).toMatchObject({
    familyId: before?.['familyId'],
    state: 'DRAFT',
  })
  await callOk('saq_delete_template', { templateId: draftId })
  expect(await rowOf(sandbox.control, 'templates', draftId)).toBeUndefined()
  expect(await rowOf(sandbox.control, 'templates', templateId)).toBeDefined()
}

/** Creates a campaign by tag: nobody is mailed. */
async function prepareCampaign({ sandbox, rowsOf, idIn }: Lifecycle, templateId: string): Promise<string> {
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
  const campaignId = await idIn(
    'saq_create_campaign',
    args,
    /^campaign (\d+) created; "[^"]+", INACTIVE, 15 recipients, due 2096-12/,
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
  return campaignId
}

/** Launches it, once. */
async function launchCampaign({ assistant, callOk, statesOf }: Lifecycle, campaignId: string): Promise<void> {
  expect(await callOk('saq_launch_campaign', { campaignId })).toMatch(
    /launched; "[^"]+", ACTIVE, due 2096-12-\S+, 15 questionnaires sent\nFollow it with saq_campaign_st/,
  )
  expect(await statesOf(campaignId)).toEqual({ INFORMATION_GATHERING: 15 })
  const { text, isError } = await assistant.call('saq_launch_campaign', { campaignId })
  expect(isError).toBe(true)
  expect(text).toMatch(/is ACTIVE, and only INACTIVE ones can be launched/)
}

/** Answers arrive as time passes. */
async function waitForAnswers({ advance, statesOf }: Lifecycle, campaignId: string): Promise<void> {
  await advance(3)
  const states = await statesOf(campaignId)
  expect(sum(states)).toBe(15)
  expect(states['INFORMATION_GATHERING']).toBeLessThan(15)
}

/** Adds late vendors: each gets one questionnaire, and nobody a second one. */
async function addLateVendors({ assistant, callOk, statesOf }: Lifecycle, campaignId: string): Promise<void> {
  expect(await callOk('saq_update_campaign', { campaignId, addRecipientCompany: 'Late Vendors' })).toMatch(
    /^campaign \d+ updated; "[^"]+", ACTIVE, 20 recipients \(5 added\), due/,
  )
  expect(sum(await statesOf(campaignId))).toBe(20)
  const again = await assistant.call('saq_update_campaign', { campaignId, addRecipientTag: tag })
  expect(again.text).toMatch(/recipients of this campaign already/)
  expect(sum(await statesOf(campaignId))).toBe(20)
}

/** Removes one: the open questionnaire is canceled. */
async function removeVendor({ callOk, rowsOf, statesOf }: Lifecycle, campaignId: string): Promise<void> {
  const late = await rowsOf('saq_search_users', { company: 'Late Vendors' })
  await callOk('saq_update_campaign', { campaignId, removeRecipientIds: [late[0]?.['id']] })
  expect((await statesOf(campaignId))['CANCELED']).toBe(1)
}

/** Cancels it, once; after that it can only be read. */
async function cancelCampaign(
  { assistant, sandbox, callOk, statesOf }: Lifecycle,
  campaignId: string,
): Promise<void> {
  expect(await callOk('saq_cancel_campaign', { campaignId })).toMatch(/^campaign \d+ canceled/)
  const states = await statesOf(campaignId)
  for (const open of ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL']) expect(states[open]).toBeUndefined()
  await sandbox.control.clearRequests()
  expect((await assistant.call('saq_cancel_campaign', { campaignId })).text).toMatch(/canceled already/)
  expect((await assistant.call('saq_update_campaign', { campaignId, name: 'x' })).text).toMatch(
    /only be read/,
  )
  expect(await saqChangeRequests(sandbox.control)).toEqual([])
}

/** Deletes it, and its questionnaires with it. */
async function deleteCampaign(
  { assistant, sandbox, callOk, statesOf }: Lifecycle,
  campaignId: string,
): Promise<void> {
  expect(await callOk('saq_delete_campaign', { campaignId })).toMatch(/^campaign \d+ deleted/)
  expect(await rowOf(sandbox.control, 'campaigns', campaignId)).toBeUndefined()
  expect(await statesOf(campaignId)).toEqual({})
  expect((await assistant.call('saq_get_campaign', { campaignId })).text).toMatch(/OBJECT_NOT_FOUND/)
}

/** Changes and deletes people, one and many. */
async function deletePeople({ sandbox, callOk, rowsOf }: Lifecycle): Promise<void> {
  const living = (await rowsOf('saq_search_users', { company: 'Living Vendors' })).map(({ id }) => String(id))
  const [first = '', ...others] = living
  expect(await callOk('saq_update_user', { userId: first, lastName: 'Changed', tags: ['Left'] })).toMatch(
    /^user \d+ updated/,
  )
  expect(await rowOf(sandbox.control, 'users', first)).toMatchObject({
    firstName: 'Person0',
    lastName: 'Changed',
    tags: [{ name: 'Left' }],
  })
  expect(await callOk('saq_update_users', { ids: others, company: 'Moved Vendors' })).toMatch(/^14 users/)
  expect(await rowsOf('saq_search_users', { company: 'Moved Vendors' })).toHaveLength(14)
  expect(await callOk('saq_delete_user', { userId: first })).toMatch(/^user \d+ deleted/)
  expect(await callOk('saq_delete_users', { ids: others })).toMatch(/^14 users deleted/)
  expect(await rowsOf('saq_search_users', { lastName: 'of Life' })).toHaveLength(5)
}

test('a questionnaire from its creation to its end', async ({ lifecycle }) => {
  await createPeople(lifecycle)
  const templateId = await publishTemplate(lifecycle)
  await createAndDeleteVersion(lifecycle, templateId)
  const campaignId = await prepareCampaign(lifecycle, templateId)
  await launchCampaign(lifecycle, campaignId)
  await waitForAnswers(lifecycle, campaignId)
  await addLateVendors(lifecycle, campaignId)
  await removeVendor(lifecycle, campaignId)
  await cancelCampaign(lifecycle, campaignId)
  await deleteCampaign(lifecycle, campaignId)
  await deletePeople(lifecycle)
})

test('a copy from the library is its own draft, which can be changed and published', async ({
  lifecycle: { sandbox, callOk, idIn },
}) => {
  const args = { libraryTemplateId: '10030', name: 'Our vendor risk' }
  const templateId = await idIn('saq_create_template_from_library', args, /^template (\d+) created from the/)
  expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
    name: 'Our vendor risk',
    isLibrary: true,
    state: 'DRAFT',
  })
  await callOk('saq_update_templates', { ids: [templateId], category: 'Ours' })
  await callOk('saq_publish_template', { templateId })
  expect(await rowOf(sandbox.control, 'templates', templateId)).toMatchObject({
    category: 'Ours',
    state: 'PUBLISHED',
  })
})
