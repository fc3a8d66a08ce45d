import { describe, expect } from 'vitest'
import { effectTest } from '../../../support/effects/fixtures.ts'
import {
  draftTemplateId,
  inactiveCampaign,
  otherRecipient,
  publishedTemplate,
  recipient,
  saqChangeRequests,
} from '../../../support/effects/saq/saq-objects.ts'

// A success about other objects, more, fewer or none: the reply, and the log. (Every answer:
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
  /** A call that gets this answer: it is sent once. */
  callAnsweredWith: (route: string, fault: object, tool: string, args: object) => Promise<AuditedReply>
}>({
  callAnsweredWith: async ({ sandbox: { control }, server, audit }, use) => {
    await use(async (route, fault, tool, args) => {
      await control.faults([{ ...fault, route }])
      const result = await server.call(tool, args)
      expect(await saqChangeRequests(control)).toHaveLength(1)
      const outcome = audit.lines().findLast(({ event }) => event === 'answered')?.facts['outcome']
      return { ...result, outcome }
    })
  },
})

interface AuditedReply {
  readonly text: string
  readonly isError: boolean
  readonly error: Readonly<Record<string, unknown>> | undefined
  readonly outcome: unknown
}

test.for<readonly [string, readonly string[], number | undefined, RegExp, string | undefined, string]>([
  [
    'both',
    [recipient, otherRecipient],
    2,
    /^2 users deleted; BUT saq_search_users still shows 339590 .*400591 .*, where deleting was asked for/m,
    undefined,
    'done',
  ],
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
])(
  'a bulk deletion of two, answered with %s',
  async ([, objects, count, says, kind, outcome], { callAnsweredWith }) => {
    const fault = answer('User', objects, count)
    const ids = [recipient, otherRecipient]
    const result = await callAnsweredWith('POST /qps/rest/1.0/delete/saq/user', fault, 'saq_delete_users', {
      ids,
    })
    expect(result.text).toMatch(says)
    expect([result.error?.['kind'], result.outcome]).toEqual([kind, outcome])
  },
)

describe('one object', () => {
  const campaignId = inactiveCampaign
  const launched = (id: string, status: string) =>
    answer('QuestionnaireCampaign', [id], 1, `<status>${status}</status>`)

  test('in another state: unclear', async ({ callAnsweredWith }) => {
    const result = await callAnsweredWith(
      launching,
      launched(campaignId, 'INACTIVE'),
      'saq_launch_campaign',
      {
        campaignId,
      },
    )
    expect(result.text).toMatch(/shows it as INACTIVE/)
    expect(result.error).toMatchObject({ kind: 'unclear' })
  })

  test('with its id and state: done', async ({ callAnsweredWith }) => {
    const result = await callAnsweredWith(launching, launched(campaignId, 'ACTIVE'), 'saq_launch_campaign', {
      campaignId,
    })
    expect(result.isError, result.text).toBe(false)
  })

  test('that is still a draft: unclear', async ({ sandbox, callAnsweredWith }) => {
    const templateId = await draftTemplateId(sandbox.control)
    const fault = answer('Template', [templateId], 1, '<state>DRAFT</state>')
    const result = await callAnsweredWith(
      'POST /qps/rest/1.0/publish/saq/template',
      fault,
      'saq_publish_template',
      {
        templateId,
      },
    )
    expect(result.error).toMatchObject({ kind: 'unclear' })
  })
})

describe('the previewed object is the object of the effect', () => {
  test('if Qualys returns another campaign than requested, the call is refused and nothing sent', async ({
    sandbox,
    server,
  }) => {
    const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    const fault = answer('QuestionnaireCampaign', ['999'], 1, '<status>INACTIVE</status>')
    await sandbox.control.faults([{ ...fault, route }])
    const { text, error } = await server.call('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(text).toContain(`another campaign than ${inactiveCampaign}`)
    expect(error).toMatchObject({ kind: 'drift' })
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })

  test('people without ids cannot be sent, and count as nobody', async ({ sandbox, server }) => {
    const odd = '<User><id><x>1</x></id><firstName>A</firstName><company>Odd</company></User>'
    const body = `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><hasMoreRecords>false</hasMoreRecords><data>${odd}</data></ServiceResponse>`
    const route = 'POST /qps/rest/1.0/search/saq/user'
    await sandbox.control.faults([{ route, kind: 'reply', contentType: 'application/xml', body }])
    const { isError } = await server.call('saq_create_campaign', {
      ...{ name: 'Odd', templateId: publishedTemplate, workflowType: 'SIMPLE', dueDate: '2096-12-31' },
      recipientCompany: 'Odd',
    })
    expect(isError).toBe(true)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})
