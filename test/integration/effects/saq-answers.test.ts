import { describe, expect } from 'vitest'
import { effectTest } from '../../support/effects/fixtures.ts'
import {
  changesAt,
  draftOf,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
} from '../../support/effects/saq.ts'

// A success that is about other objects, more, fewer or none: what is told of it, and what the log holds. (Every answer:
// test/unit/effects/effect-reply.test.ts.)

/** An answer of the QPS framework: its count, and the objects it names. */
function answer(object: string, ids: readonly string[], count: number | undefined, more = ''): object {
  const objects = ids.map((id) => `<${object}><id>${id}</id>${more}</${object}>`).join('')
  const counted = count === undefined ? '' : `<count>${count}</count>`
  return {
    kind: 'reply',
    contentType: 'application/xml',
    body: `<ServiceResponse><responseCode>SUCCESS</responseCode>${counted}<data>${objects}</data></ServiceResponse>`,
  }
}

const launching = 'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}'

const test = effectTest({ jobs: 100 }).extend<{
  /** A call whose answer is this: it is sent once. */
  told: (route: string, fault: object, tool: string, args: object) => Promise<Told>
}>({
  told: async ({ sandbox: { control }, server, audit }, use) => {
    await use(async (route, fault, tool, args) => {
      await control.faults([{ ...fault, route }])
      const heard = await server.call(tool, args)
      expect(await changesAt(control)).toHaveLength(1)
      const outcome = audit.lines().findLast(({ event }) => event === 'answered')?.facts['outcome']
      return { ...heard, outcome }
    })
  },
})

interface Told {
  readonly text: string
  readonly isError: boolean
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly outcome: unknown
}

test.for<readonly [string, readonly string[], number | undefined, RegExp, string | undefined, string]>([
  ['both', [recipient, otherRecipient], 2, /^2 users deleted$/m, undefined, 'done'],
  ['nothing', [], undefined, /which gives no number/, undefined, 'done'],
  ['one', [recipient], 1, /only in part: 1 of 2, done 339590/, undefined, 'in part'],
  [
    'others',
    [recipient, '5551'],
    2,
    /names 5551, which this call did not.*Do not repeat it/,
    'unclear',
    'unclear',
  ],
])('a bulk deletion of two, answered with %s', async ([, objects, count, says, kind, outcome], { told }) => {
  const fault = answer('User', objects, count)
  const ids = [recipient, otherRecipient]
  const heard = await told('POST /qps/rest/1.0/delete/saq/user', fault, 'saq_delete_users', { ids })
  expect(heard.text).toMatch(says)
  expect([heard.error?.['kind'], heard.outcome]).toEqual([kind, outcome])
})

describe('one object', () => {
  const campaignId = inactiveCampaign
  const launched = (id: string, status: string) =>
    answer('QuestionnaireCampaign', [id], 1, `<status>${status}</status>`)

  test('in another state is unclear', async ({ told }) => {
    const heard = await told(launching, launched(campaignId, 'INACTIVE'), 'saq_launch_campaign', {
      campaignId,
    })
    expect(heard.text).toMatch(/shows it as INACTIVE/)
    expect(heard.error).toMatchObject({ kind: 'unclear' })
  })

  test('with its id and state is done', async ({ told }) => {
    const heard = await told(launching, launched(campaignId, 'ACTIVE'), 'saq_launch_campaign', { campaignId })
    expect(heard.isError, heard.text).toBe(false)
  })

  test('that stays a draft is unclear', async ({ sandbox, told }) => {
    const templateId = await draftOf(sandbox.control)
    const fault = answer('Template', [templateId], 1, '<state>DRAFT</state>')
    const heard = await told('POST /qps/rest/1.0/publish/saq/template', fault, 'saq_publish_template', {
      templateId,
    })
    expect(heard.error).toMatchObject({ kind: 'unclear' })
  })
})

describe('what a person would see is what the effect acts on', () => {
  test('another campaign than the one asked for is refused, and nothing sent', async ({
    sandbox,
    server,
  }) => {
    const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    const fault = answer('QuestionnaireCampaign', ['999'], 1, '<status>INACTIVE</status>')
    await sandbox.control.faults([{ ...fault, route }])
    const { text, error } = await server.call('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(text).toContain(`another campaign than ${inactiveCampaign}`)
    expect(error).toMatchObject({ kind: 'drift' })
    expect(await changesAt(sandbox.control)).toEqual([])
  })

  test('people without ids are nobody that could be sent', async ({ sandbox, server }) => {
    const odd = '<User><id><x>1</x></id><firstName>A</firstName><company>Odd</company></User>'
    const body = `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><hasMoreRecords>false</hasMoreRecords><data>${odd}</data></ServiceResponse>`
    const route = 'POST /qps/rest/1.0/search/saq/user'
    await sandbox.control.faults([{ route, kind: 'reply', contentType: 'application/xml', body }])
    const { isError } = await server.call('saq_create_campaign', {
      ...{ name: 'Odd', templateId: publishedTemplate, workflowType: 'SIMPLE', dueDate: '2096-12-31' },
      recipientCompany: 'Odd',
    })
    expect(isError).toBe(true)
    expect(await changesAt(sandbox.control)).toEqual([])
  })
})
