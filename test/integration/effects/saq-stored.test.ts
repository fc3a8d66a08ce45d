import { describe, expect, test } from 'vitest'
import { assistantWithSandbox } from '../operations/saq-refusing.ts'
import {
  campaign,
  changesAt,
  draftOf,
  lastOf,
  publishedTemplate,
  recipient,
  rowOf,
  template,
} from './saq-ground.ts'

// What Qualys made of a request of which part is a guess: it is looked at afterwards, and what differs is told.

const there = assistantWithSandbox()
const control = () => there.sandbox.control
const call = async (tool: string, args: object) => {
  const { text, isError } = await there.assistant.call(tool, args)
  expect(isError, text).toBe(false)
  return text.split('\n')
}

const creating = 'POST /qps/rest/1.0/create/saq/template'
const searching = 'POST /qps/rest/1.0/search/saq/template'
/** An answer about an object that is there already, and other than what was sent. */
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
  test('with all its questions', async () => {
    const [summary] = await call('saq_create_template', { ...template('Whole'), ...sectionsOf(7) })
    const { id } = await lastOf(control(), 'templates')
    expect(summary).toBe(`template ${id} created; Qualys counts all 7 questions`)
  })

  test('of which Qualys counts others', async () => {
    await control().faults([answering(creating, 'Template', publishedTemplate)])
    const [summary] = await call('saq_create_template', { ...template('Cut'), ...sectionsOf(7) })
    expect(summary).toMatch(
      /^template 722010 created; BUT Qualys counts 19 questions where 7 were sent: how they nest is a guess/,
    )
    expect(summary).toMatch(/Finish the template in the Qualys UI/)
  })

  test.each([
    [
      'is not shown',
      {
        kind: 'reply',
        body: '<ServiceResponse><responseCode>SUCCESS</responseCode><count>0</count></ServiceResponse>',
        contentType: 'application/xml',
      },
    ],
    ['is not answered for', { kind: 'status', status: 403 }],
    ['is not counted', { kind: 'rename' }],
  ])('that %s afterwards', async (_what, fault) => {
    await control().faults([{ route: searching, ...fault }])
    const [summary] = await call('saq_create_template', template('Unseen'))
    expect(summary).toMatch(
      /^template \d+ created; how many questions Qualys made of it could not be read: look with saq_get_template/,
    )
  })

  test('that got others in the place of its own', async () => {
    const draft = await draftOf(control())
    const [summary] = await call('saq_update_templates', { ids: [draft], ...sectionsOf(11) })
    expect(summary).toBe('1 template updated; Qualys counts all 11 questions')
    const { sections = [] } = { ...(await rowOf(control(), 'templates', draft)) }
    const [only] = sections as { questions: unknown[] }[]
    expect(only?.questions).toHaveLength(11)
  })

  test('that did not take them', async () => {
    const draft = await draftOf(control())
    await control().faults([answering('POST /qps/rest/1.0/update/saq/template', 'Template', draft)])
    const [summary] = await call('saq_update_templates', { ids: [draft], ...sectionsOf(13) })
    expect(summary).toMatch(/BUT Qualys counts \d+ questions where 13 were sent/)
  })

  test('whose words alone are changed is not looked at', async () => {
    const draft = await draftOf(control())
    await call('saq_update_templates', { ids: [draft], description: 'Once' })
    const seen = (await control().requests()).map(({ path }) => path.split('/')[4])
    expect(seen).toEqual(['search', 'update'])
  })
})

describe('what is read', () => {
  test.each([publishedTemplate, '82968'])('of template %s can be passed on as it is', async (templateId) => {
    const { structured } = await there.assistant.call('saq_get_template', { templateId }, 'json')
    const { 'elements.sections': sections, 'elements.scoring': scoring } = { ...structured.rows[0] }
    await call('saq_create_template', { name: 'Passed on', category: 'Copies', sections, scoring })
    const [source, copy] = [
      await rowOf(control(), 'templates', templateId),
      await lastOf(control(), 'templates'),
    ]
    expect(copy['sections']).toEqual(source?.['sections'])
    expect(copy['scorings']).toEqual(source?.['scorings'])
  })
})

describe('a new version', () => {
  test.each(['oldId', 'newId'])(
    'is told by its own id, where Qualys answers with the %s',
    async (answers) => {
      await control().knobs({ newVersionAnswers: answers })
      const [summary] = await call('saq_create_template_version', { templateId: publishedTemplate })
      const row = await lastOf(control(), 'templates')
      expect(row['state']).toBe('DRAFT')
      expect(summary).toBe(
        `new version of template ${publishedTemplate} begun; it is template ${row['id']}, revision ${row['revision']}`,
      )
    },
  )

  test('that cannot be found says where to look', async () => {
    await control().faults([{ route: searching, skip: 1, kind: 'status', status: 403 }])
    const [summary] = await call('saq_create_template_version', { templateId: publishedTemplate })
    expect(summary).toMatch(/could not be read: look with saq_search_templates, familyId and state DRAFT$/)
    expect(await changesAt(control())).toHaveLength(1)
  })

  // stored.ts takes the newest draft of the family, without having looked which there were before.
  test('is no draft that was there before', async () => {
    await call('saq_create_template_version', { templateId: publishedTemplate })
    const { id } = await lastOf(control(), 'templates')
    const route = 'POST /qps/rest/1.0/newversion/saq/template/{templateId}'
    await control().faults([answering(route, 'Template', publishedTemplate)])
    const [summary] = await call('saq_create_template_version', { templateId: publishedTemplate })
    expect(summary).not.toContain(`it is template ${id}`)
  })
})

describe('a campaign', () => {
  test('with its recipients and date', async () => {
    const args = { ...campaign('Whole'), recipientIds: [recipient, '400591'] }
    const [summary, note] = await call('saq_create_campaign', args)
    const { id } = await lastOf(control(), 'campaigns')
    expect(summary).toBe(`campaign ${id} created; 2 recipients, due 2096-12-31T23:59:59Z`)
    expect(note).toMatch(/^Nobody has been mailed yet/)
  })

  test.each([
    [{ campaignRecipients: false }, 'recipients'],
    [{ campaignDueDate: false }, 'due date'],
    [{ campaignRecipients: false, campaignDueDate: false }, 'recipients and due date'],
  ])('of which Qualys does not show all: %j', async (knobs, what) => {
    await control().knobs(knobs)
    const [summary] = await call('saq_create_campaign', campaign('Hidden'))
    expect(summary).toMatch(
      new RegExp(`^campaign \\d+ created; Qualys does not show its ${what}: check them in the Qualys UI$`),
    )
  })

  test('of which Qualys shows others', async () => {
    const other = (await control().truth('campaigns')).find(({ name }) => name === 'Policy attestation 2027')
    const route = 'POST /qps/rest/1.0/create/saq/questionnairecampaign'
    await control().faults([answering(route, 'QuestionnaireCampaign', other?.['id'])])
    const [summary] = await call('saq_create_campaign', campaign('Other'))
    expect(summary).toMatch(
      /; BUT the campaign lacks 1 recipient of 1 that were sent, and has 30 recipients that were not sent, and is due "[-\dT:]+Z": look with saq_get_campaign$/,
    )
  })

  test('by company counts those who were sent', async () => {
    const { recipientIds: _, ...rest } = campaign('Company')
    const [summary] = await call('saq_create_campaign', { ...rest, recipientCompany: 'ABC Freight' })
    expect(summary).toMatch(/; 28 recipients, due 2096-12-31T23:59:59Z$/)
  })

  test('that cannot be looked at is created all the same', async () => {
    const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    await control().faults([{ route, kind: 'status', status: 403 }])
    const [summary] = await call('saq_create_campaign', campaign('Unseen'))
    expect(summary).toMatch(
      /^campaign \d+ created; what Qualys stored of it could not be read: look with saq_get/,
    )
  })
})

describe('what Qualys counts in bulk', () => {
  test.each([
    ['saq_update_users', { title: 'x' }, 'update'],
    ['saq_delete_users', {}, 'delete'],
  ])('%s tells the number of Qualys', async (tool, rest, verb) => {
    const route = `POST /qps/rest/1.0/${verb}/saq/user`
    await control().faults([answering(route, 'User', recipient)])
    const [summary] = await call(tool, { ids: [recipient, '400591'], ...rest })
    expect(summary).toMatch(/only in part: 1 of 2, done 339590$/)
  })
})
