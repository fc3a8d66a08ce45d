import { describe, expect } from 'vitest'
import { consentTest } from '../../support/consent/fixtures.ts'
import { wholeOf } from '../../support/consent/pending-resource.ts'
import {
  expectWellFormed,
  frameOf,
  hostileTexts,
  inOneLine,
  unwritableInXml,
} from '../../support/consent/previews.ts'
import {
  activeCampaign,
  approver,
  campaign,
  inactiveCampaign,
  libraryTemplate,
  newUser,
  publishedTemplate,
  recipient,
  reviewer,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'

// Vendors and respondents write names, titles and companies of SAQ: every hostile text in every place that a
// preview shows, through the whole stack.

type PreviewOf = (tool: string, args: object) => Promise<string>

const test = consentTest.extend<{ previewOf: PreviewOf }>({
  previewOf: async ({ connect }, use) => {
    await use(async (tool, args) => {
      const client = await connect('modern', { settings: { QUALYS_UNVERIFIED: 'all' } })
      const { preview, text } = await client.call(tool, args)
      if (preview === undefined) throw new Error(text)
      expectWellFormed(preview)
      const whole = await wholeOf(client, preview)
      expectWellFormed(whole)
      return whole
    })
  },
})

const escaped = (text: string): string =>
  [...text]
    .map((character) => (/[\w .,!]/.test(character) ? character : `&#${character.codePointAt(0)};`))
    .join('')

const xml = (data: string, more = ''): string =>
  `<?xml version="1.0"?>\n<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count>${more}<data>${data}</data></ServiceResponse>`

const rows = (data: string): string => xml(data, '<hasMoreRecords>false</hasMoreRecords>')

const user = (id: string, text: string): string =>
  `<User><id>${id}</id><uuid>${text}</uuid><firstName>${text}</firstName><lastName>${text}</lastName>
   <company>${text}</company><emailAddress>${text}</emailAddress><title>${text}</title>
   <tags><Tag><id>1</id><name>${text}</name></Tag></tags></User>`

const template = (name: string, id: string, text: string): string =>
  `<${name}><id>${id}</id><name>${text}</name><description>${text}</description><category>${text}</category>
   <familyId>f</familyId><revision>1</revision><questionCnt>3</questionCnt><state>${text}</state></${name}>`

const people = (text: string): string =>
  `<reviewer>${user(reviewer, text)}</reviewer><approver>${user(approver, text)}</approver>`.replaceAll(
    /<\/?User>/g,
    '',
  )

/** Every search and read of SAQ answers with this text wherever it can. */
function answersWithText(text: string): object[] {
  const written = escaped(text)
  const ids = [recipient, reviewer, approver]
  const whole = `<QuestionnaireCampaign><id>${activeCampaign}</id><name>${written}</name>
    <workflowType>${written}</workflowType><status>INACTIVE</status><dueDate>2096-12-31T23:59:59Z</dueDate>
    <template><id>${publishedTemplate}</id><name>${written}</name></template>${people(written)}
    <recipients>${user(recipient, written)}</recipients></QuestionnaireCampaign>`
  const questionnaire = `<Questionnaire><id>1</id><title>${written}</title><state>${written}</state>
    <risk>${written}</risk></Questionnaire>`
  const answers: Readonly<Record<string, string>> = {
    'POST /qps/rest/1.0/search/saq/user': rows(ids.map((id) => user(id, written)).join('')),
    'POST /qps/rest/1.0/search/saq/template': rows(template('Template', publishedTemplate, written)),
    'POST /qps/rest/1.0/search/saq/librarytemplate': rows(
      template('LibraryTemplate', libraryTemplate, written),
    ),
    'POST /qps/rest/1.0/search/saq/questionnaire': rows(questionnaire),
    'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}': xml(whole),
  }
  return Object.entries(answers).map(([route, body]) => ({
    route,
    kind: 'reply',
    body,
    contentType: 'application/xml',
  }))
}

const calls: readonly (readonly [tool: string, args: object])[] = [
  ['saq_launch_campaign', { campaignId: activeCampaign }],
  ['saq_cancel_campaign', { campaignId: activeCampaign }],
  ['saq_delete_campaign', { campaignId: activeCampaign }],
  [
    'saq_update_campaign',
    { campaignId: activeCampaign, addRecipientIds: [recipient], removeRecipientIds: [reviewer] },
  ],
  [
    'saq_create_campaign',
    { ...campaign('x'), workflowType: 'FULL', reviewerId: reviewer, approverId: approver },
  ],
  ['saq_delete_users', { ids: [recipient, reviewer, approver] }],
  ['saq_update_users', { ids: [recipient, reviewer], title: 'x' }],
  ['saq_delete_user', { userId: recipient }],
  ['saq_delete_template', { templateId: publishedTemplate }],
  ['saq_create_template_version', { templateId: publishedTemplate }],
  ['saq_create_template_from_library', { libraryTemplateId: libraryTemplate }],
]

describe.each(Object.entries(hostileTexts))('%s', (_what, text) => {
  test.for(calls)(
    'in what Qualys shows, %s: the preview is ours except for its values',
    async ([tool, args], { sandbox, previewOf }) => {
      await sandbox.control.faults(answersWithText('harmless'))
      const harmless = await previewOf(tool, args)
      await sandbox.control.faults(answersWithText(text))
      const preview = await previewOf(tool, args)
      expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
      expect(preview).not.toBe(harmless)
    },
  )

  test('in the 2025 era too', async ({ sandbox, connect }) => {
    await sandbox.control.faults(answersWithText(text))
    const client = await connect('legacy', { settings: { QUALYS_UNVERIFIED: 'all' } })
    await client.callAndAnswer('saq_launch_campaign', { campaignId: activeCampaign }, { action: 'decline' })
    expectWellFormed(String(client.questions[0]?.['message']))
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})

/** Calls with a text in each of their inputs. */
const callsWithText: Readonly<Record<string, (text: string) => object>> = {
  saq_create_users: (text) => ({
    users: [newUser({ firstName: text, lastName: text, company: text, title: text, tags: [text] })],
  }),
  saq_update_user: (text) => ({
    userId: recipient,
    firstName: text,
    lastName: text,
    company: text,
    title: text,
    tags: [text],
  }),
  saq_create_campaign: (text) => campaign(text),
  saq_update_campaign: (text) => ({ campaignId: inactiveCampaign, name: text }),
  saq_create_template: (text) => ({
    name: text,
    category: text,
    description: text,
    scoring: [{ label: text, value: 1 }],
    sections: [
      {
        name: text,
        description: text,
        questions: [
          { text, label: text, kind: 'yesNo', yesScore: text, noScore: text },
          { text, kind: 'single', options: [{ text, score: text }, { text: 'other' }] },
        ],
      },
    ],
  }),
  saq_update_templates: (text) => ({ ids: [publishedTemplate], name: text, description: text }),
  saq_create_template_from_library: (text) => ({ libraryTemplateId: libraryTemplate, name: text }),
}

const short = Object.entries(hostileTexts).filter(([, text]) => text.length <= 50)

describe.each(Object.entries(callsWithText))('arguments of %s that hold', (tool, args) => {
  test.for(short.filter(([, text]) => !unwritableInXml.test(text)))('%s', async ([, text], { previewOf }) => {
    const preview = await previewOf(tool, args(text))
    const harmless = await previewOf(tool, args('harmless'))
    expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
  })

  test.for(short.filter(([, text]) => unwritableInXml.test(text)))(
    '%s: are refused',
    async ([, text], { connect }) => {
      const client = await connect('modern', { settings: { QUALYS_UNVERIFIED: 'all' } })
      const { preview, text: said } = await client.call(tool, args(text))
      expect(preview).toBeUndefined()
      expect(said).toMatch(/holds control characters, which XML cannot carry; leave them out/)
    },
  )
})
