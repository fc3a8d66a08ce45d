import { describe, expect } from 'vitest'
import {
  campaign,
  draftTemplateId,
  lastRow,
  publishedTemplate,
  recipient,
  rowOf,
  saqChangeRequests,
  template,
} from '../../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../../support/fixtures.ts'

// Requests that are partly guessed: the effect is verified afterwards, and differences are reported. (Every
// difference: test/unit/effects/verify-saq.test.ts.)

const creating = 'POST /qps/rest/1.0/create/saq/template'
const searching = 'POST /qps/rest/1.0/search/saq/template'

const test = testOn({ jobs: 100 }, unattendedSettings).extend<{
  /** A call that succeeds, line by line. */
  lines: (tool: string, args: object) => Promise<string[]>
}>({
  lines: async ({ assistant }, use) => {
    await use(async (tool, args) => {
      const { text, isError } = await assistant.call(tool, args)
      expect(isError, text).toBe(false)
      return text.split('\n')
    })
  },
})

/** An answer about an existing object that differs from what was sent. */
const answering = (route: string, object: string, id: unknown): object => ({
  route,
  kind: 'reply',
  contentType: 'application/xml',
  body: `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count>
    <data><${object}><id>${id}</id></${object}></data></ServiceResponse>`,
})

const sectionsOf = (count: number): object => ({
  sections: [
    { name: 'One', questions: Array.from({ length: count }, (_, at) => ({ text: `Q${at}`, kind: 'text' })) },
  ],
})

describe('a template', () => {
  test('stored with all its questions', async ({ sandbox, lines }) => {
    const [summary] = await lines('saq_create_template', { ...template('Whole'), ...sectionsOf(7) })
    const { id } = await lastRow(sandbox.control, 'templates')
    expect(summary).toBe(`template ${id} created; "Whole", DRAFT, revision 1; Qualys counts all 7 questions`)
  })

  test('for which Qualys counts other questions', async ({ sandbox, lines }) => {
    await sandbox.control.faults([answering(creating, 'Template', publishedTemplate)])
    const [summary] = await lines('saq_create_template', { ...template('Cut'), ...sectionsOf(7) })
    expect(summary).toMatch(
      /^template 722010 created; "Third-party[^"]*", PUBLISHED, revision \d+; BUT Qualys shows name .* where "Cut" was asked for.*; BUT Qualys counts 19 questions where 7 were sent: how they nest is a guess/,
    )
    expect(summary).toMatch(/Finish the template in the Qualys UI/)
  })

  test.for<readonly [string, object, RegExp]>([
    [
      'is not shown',
      {
        kind: 'reply',
        body: '<ServiceResponse><responseCode>SUCCESS</responseCode><count>0</count></ServiceResponse>',
        contentType: 'application/xml',
      },
      /^template \d+ created; its state is not shown yet: look with saq_get_template$/,
    ],
    [
      'is not counted',
      { kind: 'rename' },
      /^template \d+ created; its state is not shown; how many questions Qualys made of it could not be read: look/,
    ],
  ])('that %s when it is verified', async ([, fault, says], { sandbox, lines }) => {
    await sandbox.control.faults([{ route: searching, ...fault }])
    const [summary] = await lines('saq_create_template', template('Unseen'))
    expect(summary).toMatch(says)
  })

  test('stored with other contents than were sent', async ({ sandbox, lines }) => {
    const draft = await draftTemplateId(sandbox.control)
    const [summary, falls] = await lines('saq_update_templates', { ids: [draft], ...sectionsOf(11) })
    expect(summary).toMatch(
      /^1 template updated; "[^"]+", DRAFT, revision \d+; 11 questions sent, \d+ were stored before; Qualys counts 11$/,
    )
    expect(falls).toMatch(/^\d+ of \d+ questions fall: "[^"]+", "[^"]+", "[^"]+" and \d+ more\./)
    const { sections = [] } = { ...(await rowOf(sandbox.control, 'templates', draft)) }
    const [only] = sections as { questions: unknown[] }[]
    expect(only?.questions).toHaveLength(11)
  })
})

test.for([publishedTemplate, '82968'])(
  'what is read of template %s can be passed back unchanged',
  async (templateId, { sandbox: { control }, assistant, lines }) => {
    const { structured } = await assistant.call('saq_get_template', { templateId }, 'json')
    const { sections, scoring } = { ...structured.rows[0] }
    await lines('saq_create_template', { name: 'Passed on', category: 'Copies', sections, scoring })
    const [source, copy] = [
      await rowOf(control, 'templates', templateId),
      await lastRow(control, 'templates'),
    ]
    expect(source?.['sections']).toBeDefined()
    expect(copy['sections']).toEqual(source?.['sections'])
    expect(copy['scorings']).toEqual(source?.['scorings'])
  },
)

describe('a new version', () => {
  test.for(['oldId', 'newId'])(
    'is reported by its own id, where Qualys answers with the %s',
    async (answers, { sandbox: { control }, lines }) => {
      await control.knobs({ newVersionAnswers: answers })
      const [summary] = await lines('saq_create_template_version', { templateId: publishedTemplate })
      const row = await lastRow(control, 'templates')
      expect(row['state']).toBe('DRAFT')
      expect(summary).toBe(
        `new version of template ${publishedTemplate} begun; it is template ${row['id']}, "${row['name']}", DRAFT, revision ${row['revision']}, 19 questions`,
      )
    },
  )

  test('that cannot be found: the reply says where to look', async ({ sandbox: { control }, lines }) => {
    await control.faults([{ route: searching, skip: 1, kind: 'status', status: 403 }])
    const [summary] = await lines('saq_create_template_version', { templateId: publishedTemplate })
    expect(summary).toMatch(/could not be read: look with saq_search_templates, familyId and state DRAFT$/)
    expect(await saqChangeRequests(control)).toHaveLength(1)
  })

  test('is never a draft that existed before', async ({ sandbox: { control }, lines }) => {
    await lines('saq_create_template_version', { templateId: publishedTemplate })
    const { id } = await lastRow(control, 'templates')
    const route = 'POST /qps/rest/1.0/newversion/saq/template/{templateId}'
    await control.faults([answering(route, 'Template', publishedTemplate)])
    const [summary] = await lines('saq_create_template_version', { templateId: publishedTemplate })
    expect(summary).not.toContain(`it is template ${id}`)
  })
})

describe('a campaign', () => {
  test('with its recipients and date', async ({ sandbox, lines }) => {
    const args = { ...campaign('Whole'), recipientIds: [recipient, '400591'] }
    const [summary, note] = await lines('saq_create_campaign', args)
    const { id } = await lastRow(sandbox.control, 'campaigns')
    expect(summary).toBe(`campaign ${id} created; "Whole", INACTIVE, 2 recipients, due 2096-12-31T23:59:59Z`)
    expect(note).toMatch(/^Nobody has been mailed yet/)
  })

  test('for which Qualys does not show everything', async ({ sandbox, lines }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden', campaignDueDate: false })
    const [summary] = await lines('saq_create_campaign', campaign('Hidden'))
    expect(summary).toMatch(
      /^campaign \d+ created; "Hidden", INACTIVE; Qualys does not show its recipients and due date: check them in the Qualys UI$/,
    )
  })

  test('of which Qualys shows others', async ({ sandbox: { control }, lines }) => {
    const other = (await control.dump('campaigns')).find(({ name }) => name === 'Policy attestation 2027')
    const route = 'POST /qps/rest/1.0/create/saq/questionnairecampaign'
    await control.faults([answering(route, 'QuestionnaireCampaign', other?.['id'])])
    const [summary] = await lines('saq_create_campaign', campaign('Other'))
    expect(summary).toMatch(
      /; BUT the campaign lacks 1 recipient of 1 that were sent, and has 30 recipients that were not sent, and shows name "Policy attestation 2027" where "Other" was asked for, .*and dueDate "[-\dT:]+Z" where "2096-12-31T23:59:59Z" was asked for.*: look with saq_get_campaign$/,
    )
  })

  test('by company counts the recipients that were sent', async ({ lines }) => {
    const { recipientIds: _, ...rest } = campaign('Company')
    const [summary] = await lines('saq_create_campaign', { ...rest, recipientCompany: 'ABC Freight' })
    expect(summary).toMatch(/, 28 recipients, due 2096-12-31T23:59:59Z$/)
  })

  test('that cannot be verified counts as created', async ({ sandbox, lines }) => {
    const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    await sandbox.control.faults([{ route, kind: 'status', status: 403 }])
    const [summary] = await lines('saq_create_campaign', campaign('Unseen'))
    expect(summary).toMatch(
      /^campaign \d+ created; its state may not be read by this user \(403\): look with saq_get_campaign$/,
    )
  })
})

test('a bulk call reports the number from Qualys', async ({ sandbox, lines }) => {
  await sandbox.control.faults([answering('POST /qps/rest/1.0/update/saq/user', 'User', recipient)])
  const [summary] = await lines('saq_update_users', { ids: [recipient, '400591'], title: 'x' })
  expect(summary).toMatch(
    /only in part: 1 of 2, done 339590; BUT Qualys shows otherwise: 339590 "[^"]+" title .* where "x" was asked for; 400591 /,
  )
})
