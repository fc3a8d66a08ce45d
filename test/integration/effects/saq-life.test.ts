import { expect } from 'vitest'
import type { Assistant } from '../../support/assistant.ts'
import { approver, changesAt, reviewer, rowOf } from '../../support/effects/saq.ts'
import { testOn, unattended } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// A whole life through the tools: each step goes on with what the one before has left.

/** An assistant that reads and changes, and the clock of its sandbox. */
interface Life {
  readonly assistant: Assistant
  readonly sandbox: TestSandbox
  readonly told: (tool: string, args: object) => Promise<string>
  readonly rowsOf: (tool: string, args: object) => Promise<Readonly<Record<string, unknown>>[]>
  readonly idIn: (tool: string, args: object, pattern: RegExp) => Promise<string>
  readonly advance: (days: number) => Promise<void>
  readonly statesOf: (campaignId: string) => Promise<Readonly<Record<string, number>>>
}

const test = testOn({ jobs: 100 }, unattended).extend<{ life: Life }>({
  life: async ({ sandbox, assistant }, use) => {
    const told = async (tool: string, args: object): Promise<string> => {
      const { text, isError } = await assistant.call(tool, args)
      expect(isError, text).toBe(false)
      return text
    }
    const rowsOf: Life['rowsOf'] = async (tool, args) => {
      const { structured, text, isError } = await assistant.call(tool, { pageSize: 200, ...args }, 'json')
      expect(isError, text).toBe(false)
      return structured.rows
    }
    await use({
      assistant,
      sandbox,
      told,
      rowsOf,
      idIn: async (tool, args, pattern) => {
        const text = await told(tool, args)
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

/** People come in bulk. */
async function peopleCome({ told, rowsOf }: Life): Promise<void> {
  expect(await told('saq_create_users', { users: people })).toMatch(/^20 users .*20 created/)
  expect(await rowsOf('saq_search_users', { tagName: tag })).toHaveLength(15)
}

/** A template is written, read back, changed and published. */
async function templateIsPublished({ assistant, sandbox, told, rowsOf, idIn }: Life): Promise<string> {
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
    /^template (\d+) created; Qualys counts all 2 quest/,
  )
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
  return templateId
}

/** Its next version is a draft of the same family, and may go again. */
async function versionComesAndGoes({ sandbox, told, idIn }: Life, templateId: string): Promise<void> {
  const draftId = await idIn(
    'saq_create_template_version',
    { templateId },
    /it is template (\d+), revision 2/,
  )
  expect(draftId).not.toBe(templateId)
  const before = await rowOf(sandbox.control, 'templates', templateId)
  expect(await rowOf(sandbox.control, 'templates', draftId)).toMatchObject({
    familyId: before?.['familyId'],
    state: 'DRAFT',
  })
  await told('saq_delete_template', { templateId: draftId })
  expect(await rowOf(sandbox.control, 'templates', draftId)).toBeUndefined()
  expect(await rowOf(sandbox.control, 'templates', templateId)).toBeDefined()
}

/** A campaign is prepared by tag: nobody is mailed. */
async function campaignIsPrepared({ sandbox, rowsOf, idIn }: Life, templateId: string): Promise<string> {
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
  return campaignId
}

/** It is launched, once. */
async function launched({ assistant, told, statesOf }: Life, campaignId: string): Promise<void> {
  expect(await told('saq_launch_campaign', { campaignId })).toMatch(
    /launched\nFollow it with saq_campaign_st/,
  )
  expect(await statesOf(campaignId)).toEqual({ INFORMATION_GATHERING: 15 })
  const { text, isError } = await assistant.call('saq_launch_campaign', { campaignId })
  expect(isError).toBe(true)
  expect(text).toMatch(/is ACTIVE, and only INACTIVE ones can be launched/)
}

/** Answers come in, as time goes by. */
async function answersCome({ advance, statesOf }: Life, campaignId: string): Promise<void> {
  await advance(3)
  const states = await statesOf(campaignId)
  expect(sum(states)).toBe(15)
  expect(states['INFORMATION_GATHERING']).toBeLessThan(15)
}

/** Late vendors are added: each gets a questionnaire, and nobody a second one. */
async function lateVendorsJoin({ assistant, told, statesOf }: Life, campaignId: string): Promise<void> {
  expect(await told('saq_update_campaign', { campaignId, addRecipientCompany: 'Late Vendors' })).toMatch(
    /^campaign \d+ updated/,
  )
  expect(sum(await statesOf(campaignId))).toBe(20)
  const again = await assistant.call('saq_update_campaign', { campaignId, addRecipientTag: tag })
  expect(again.text).toMatch(/recipients of this campaign already/)
  expect(sum(await statesOf(campaignId))).toBe(20)
}

/** One is taken out: the open questionnaire is canceled. */
async function oneLeaves({ told, rowsOf, statesOf }: Life, campaignId: string): Promise<void> {
  const late = await rowsOf('saq_search_users', { company: 'Late Vendors' })
  await told('saq_update_campaign', { campaignId, removeRecipientIds: [late[0]?.['id']] })
  expect((await statesOf(campaignId))['CANCELED']).toBe(1)
}

/** It is canceled, once, and then only read. */
async function canceled({ assistant, sandbox, told, statesOf }: Life, campaignId: string): Promise<void> {
  expect(await told('saq_cancel_campaign', { campaignId })).toMatch(/^campaign \d+ canceled/)
  const states = await statesOf(campaignId)
  for (const open of ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL']) expect(states[open]).toBeUndefined()
  await sandbox.control.forget()
  expect((await assistant.call('saq_cancel_campaign', { campaignId })).text).toMatch(/canceled already/)
  expect((await assistant.call('saq_update_campaign', { campaignId, name: 'x' })).text).toMatch(
    /only be read/,
  )
  expect(await changesAt(sandbox.control)).toEqual([])
}

/** It is deleted, and its questionnaires with it. */
async function deleted({ assistant, sandbox, told, statesOf }: Life, campaignId: string): Promise<void> {
  expect(await told('saq_delete_campaign', { campaignId })).toMatch(/^campaign \d+ deleted/)
  expect(await rowOf(sandbox.control, 'campaigns', campaignId)).toBeUndefined()
  expect(await statesOf(campaignId)).toEqual({})
  expect((await assistant.call('saq_get_campaign', { campaignId })).text).toMatch(/OBJECT_NOT_FOUND/)
}

/** People change, one and many, and go. */
async function peopleGo({ sandbox, told, rowsOf }: Life): Promise<void> {
  const living = (await rowsOf('saq_search_users', { company: 'Living Vendors' })).map(({ id }) => String(id))
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
}

test('a questionnaire from its first word to its end', async ({ life }) => {
  await peopleCome(life)
  const templateId = await templateIsPublished(life)
  await versionComesAndGoes(life, templateId)
  const campaignId = await campaignIsPrepared(life, templateId)
  await launched(life, campaignId)
  await answersCome(life, campaignId)
  await lateVendorsJoin(life, campaignId)
  await oneLeaves(life, campaignId)
  await canceled(life, campaignId)
  await deleted(life, campaignId)
  await peopleGo(life)
})

test('a copy from the library is a draft of its own, which can be changed and published', async ({
  life: { sandbox, told, idIn },
}) => {
  const args = { libraryTemplateId: '10030', name: 'Our vendor risk' }
  const templateId = await idIn('saq_create_template_from_library', args, /^template (\d+) created from the/)
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
