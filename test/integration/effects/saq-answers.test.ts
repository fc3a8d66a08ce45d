import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Audited } from './audited.ts'
import {
  activeCampaign,
  changesAt,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
} from './saq-ground.ts'

// A success that is about other objects, more, fewer or none: what is told of it, and what the log holds.

const log = new Audited()
let server: Awaited<ReturnType<typeof log.serve>>
beforeEach(async () => {
  server = await log.serve()
})
afterEach(() => log.close())

/** An answer of the QPS framework: its count, and the objects it names. */
function answer(object: string, ids: readonly string[], count: number | undefined, more = ''): object {
  const objects = ids.map((id) => `<${object}><id>${id}</id>${more}</${object}>`).join('')
  const counted = count === undefined ? '' : `<count>${count}</count>`
  return {
    route: '*',
    kind: 'reply',
    contentType: 'application/xml',
    body: `<ServiceResponse><responseCode>SUCCESS</responseCode>${counted}<data>${objects}</data></ServiceResponse>`,
  }
}

const bulkDelete = 'POST /qps/rest/1.0/delete/saq/user'
const launching = 'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}'
const canceling = 'POST /qps/rest/1.0/cancel/saq/questionnairecampaign/{campaignId}'
const publishing = 'POST /qps/rest/1.0/publish/saq/template'

async function told(route: string, fault: object, tool: string, args: object) {
  await log.sandbox.control.faults([{ ...fault, route }])
  await log.sandbox.control.forget()
  const heard = await server.call(tool, args)
  expect(await changesAt(log.sandbox.control)).toHaveLength(1)
  const outcome = log.lines().findLast(({ event }) => event === 'answered')?.facts['outcome']
  return { ...heard, outcome }
}

describe('a bulk deletion of two', () => {
  const ids = [recipient, otherRecipient]
  const deleted = (objects: readonly string[], count: number | undefined) =>
    told(bulkDelete, answer('User', objects, count), 'saq_delete_users', { ids })

  test('of which both are told is done', async () => {
    const { text, isError, outcome } = await deleted(ids, 2)
    expect(text).toMatch(/^2 users deleted$/m)
    expect([isError, outcome]).toEqual([false, 'done'])
  })

  test('of which nothing is told is done as far as anybody knows', async () => {
    const { text, isError } = await deleted([], undefined)
    expect(isError).toBe(false)
    expect(text).toContain('which gives no number')
  })

  test('of which one is told is done in part', async () => {
    const { text, isError, outcome } = await deleted([recipient], 1)
    expect(text).toContain(`only in part: 1 of 2, done ${recipient}`)
    expect([isError, outcome]).toEqual([false, 'in part'])
  })

  test.each([
    ['none', [], 0, /counts none/],
    ['more', [], 49, /counts 49 where 2 were named/],
    ['others', [recipient, '5551'], 2, /names 5551, which this call did not/],
  ] as const)('of %s is unclear', async (_name, objects, count, says) => {
    const { text, error, outcome } = await deleted(objects, count)
    expect(text).toMatch(says)
    expect(text).toContain('Do not repeat it')
    expect(error).toMatchObject({ kind: 'unclear' })
    expect(outcome).toBe('unclear')
  })
})

describe('one object', () => {
  test.each([
    [
      launching,
      answer('QuestionnaireCampaign', [inactiveCampaign], 1, '<status>INACTIVE</status>'),
      'saq_launch_campaign',
      { campaignId: inactiveCampaign },
      /shows it as INACTIVE/,
    ],
    [
      launching,
      answer('QuestionnaireCampaign', ['4711'], 1, '<status>ACTIVE</status>'),
      'saq_launch_campaign',
      { campaignId: inactiveCampaign },
      /names 4711/,
    ],
    [
      canceling,
      answer('QuestionnaireCampaign', [activeCampaign], 1, '<status>ACTIVE</status>'),
      'saq_cancel_campaign',
      { campaignId: activeCampaign },
      /shows it as ACTIVE/,
    ],
    [
      'POST /qps/rest/1.0/delete/saq/user/{userId}',
      answer('User', ['5551'], 1),
      'saq_delete_user',
      { userId: recipient },
      /names 5551/,
    ],
  ])('%s: unclear where the answer shows something else (%#)', async (route, fault, tool, args, says) => {
    const { text, error } = await told(route, fault, tool, args)
    expect(text).toMatch(says)
    expect(error).toMatchObject({ kind: 'unclear' })
  })

  test('a published template that stays a draft is unclear', async () => {
    const draft = (await log.sandbox.control.truth('templates')).find(({ state }) => state === 'DRAFT')?.[
      'id'
    ]
    const fault = answer('Template', [String(draft)], 1, '<state>DRAFT</state>')
    const { error } = await told(publishing, fault, 'saq_publish_template', { templateId: draft })
    expect(error).toMatchObject({ kind: 'unclear' })
  })

  test('an answer with its id and state is done', async () => {
    const fault = answer('QuestionnaireCampaign', [inactiveCampaign], 1, '<status>ACTIVE</status>')
    const { text, isError } = await told(launching, fault, 'saq_launch_campaign', {
      campaignId: inactiveCampaign,
    })
    expect(isError, text).toBe(false)
  })
})

describe('what a person would see is what the effect acts on', () => {
  test('another campaign than the one asked for is refused, and nothing sent', async () => {
    const getting = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    await log.sandbox.control.faults([
      { ...answer('QuestionnaireCampaign', ['999'], 1, '<status>INACTIVE</status>'), route: getting },
    ])
    const { text, error } = await server.call('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(text).toContain(`another campaign than ${inactiveCampaign}`)
    expect(error).toMatchObject({ kind: 'drift' })
    expect(await changesAt(log.sandbox.control)).toEqual([])
  })

  test('people without ids are nobody that could be sent', async () => {
    const searching = 'POST /qps/rest/1.0/search/saq/user'
    const odd = '<User><id><x>1</x></id><firstName>A</firstName><company>Odd</company></User>'
    await log.sandbox.control.faults([
      {
        route: searching,
        kind: 'reply',
        contentType: 'application/xml',
        body: `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><hasMoreRecords>false</hasMoreRecords><data>${odd}</data></ServiceResponse>`,
      },
    ])
    const { isError } = await server.call('saq_create_campaign', {
      name: 'Odd',
      templateId: publishedTemplate,
      workflowType: 'SIMPLE',
      dueDate: '2096-12-31',
      recipientCompany: 'Odd',
    })
    expect(isError).toBe(true)
    expect(await changesAt(log.sandbox.control)).toEqual([])
  })
})
