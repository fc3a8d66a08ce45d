import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fullCampaign, nameElement, person, tags, wholeTemplate, yesNo } from './saq-bodies.ts'
import { data, SaqClient } from './saq-client.ts'

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

/** Expects a refusal with this message, inside HTTP 200, and that nothing was created. */
async function refused(object: string, name: string, content: string, message: string): Promise<void> {
  const before = await saq.count(object)
  const answer = await saq.post(`create/saq/${object}`, data(name, content))
  expect([answer.status, answer.code, answer.message]).toEqual([200, 'INVALID_REQUEST', message])
  expect(await saq.count(object)).toBe(before)
}

const question = (content: string) => wholeTemplate.replace(yesNo, `<Question>${content}</Question>`)

test.each([
  [wholeTemplate.replace('<name>Mine</name>', ''), 'name: Element is required.'],
  [wholeTemplate.replace('<category>c</category>', ''), 'category: Element is required.'],
  [wholeTemplate.replace('Mine', ' '), 'name: Element is required.'],
  ['<name>x</name><category>c</category>', 'elements: Element is required.'],
  [wholeTemplate.replace(/<sections>.*<\/sections>/, ''), 'elements.sections: Element is required.'],
  [
    wholeTemplate.replace(/<sections>.*<\/sections>/, '<sections/>'),
    'sections: Element must contain at least one child.',
  ],
  [wholeTemplate.replace('<name>One</name>', ''), 'Section.name: Element is required.'],
  [`${wholeTemplate}<state>PUBLISHED</state>`, 'state: Element must not be set.'],
  [`${wholeTemplate}<name>Again</name>`, 'name: Element must not be set.'],
  [
    wholeTemplate.replace('<label>1</label>', '<weight>1</weight>'),
    'Question.weight: Element must not be set.',
  ],
  [question('<type>textQuestion</type>'), 'Question.text: Element is required.'],
  [question('<text>q</text>'), 'Question.type: Element is required.'],
  [question('<text>q</text><type>dateQuestion</type>'), 'Question.type: Invalid value (dateQuestion).'],
  [
    question('<text>q</text><type>booleanQuestion</type><mode>Radio</mode>'),
    'Question.mode: Invalid value (Radio).',
  ],
  [
    question('<text>q</text><type>textQuestion</type><mode>Button</mode>'),
    'Question.mode: Element must not be set.',
  ],
  [
    question('<text>q</text><type>textQuestion</type><criticality>LOW</criticality>'),
    'Question.criticality: Element must not be set.',
  ],
  [
    question('<text>q</text><type>booleanQuestion</type><criticality>NONE</criticality>'),
    'Question.criticality: Invalid value (NONE).',
  ],
  [question('<text>q</text><type>multiSelectQuestion</type>'), 'Question.options: Element is required.'],
  [
    question('<text>q</text><type>numericQuestion</type><options><Option><text>a</text></Option></options>'),
    'Question.options: Element must not be set.',
  ],
  [
    question('<text>q</text><type>textQuestion</type><yesScoringLabel>Good</yesScoringLabel>'),
    'Question.yesScoringLabel: Element must not be set.',
  ],
  [wholeTemplate.replace('>Good</yes', '>Fine</yes'), 'Question.yesScoringLabel: Invalid value (Fine).'],
  [
    wholeTemplate.replace('>Bad</scoringLabel', '>Fine</scoringLabel'),
    'Option.scoringLabel: Invalid value (Fine).',
  ],
  [
    question('<text>q</text><type>booleanQuestion</type><requireAsset>yes</requireAsset>'),
    'Question.requireAsset: Invalid value (yes).',
  ],
  [wholeTemplate.replace('<label>Bad</label>', '<label>Good</label>'), 'scorings: Invalid value (2).'],
  [
    wholeTemplate.replace(
      '</scorings>',
      `${['a', 'b', 'c', 'd'].map((label) => `<Scoring><label>${label}</label><value>1</value></Scoring>`).join('')}</scorings>`,
    ),
    'scorings: Invalid value (6).',
  ],
  [wholeTemplate.replace('<value>-1</value>', '<value>low</value>'), 'Scoring.value: Invalid value (low).'],
  [wholeTemplate.replace('<Section>', '<Part/><Section>'), 'Part: Element must not be set.'],
  ['<libraryTemplate/>', 'libraryTemplate.id: Element is required.'],
])('an invalid template is refused: %#', async (content, message) => {
  await refused('template', 'Template', content, message)
})

test.each([
  [person('x').replace(/<lastName>.*<\/lastName>/, ''), 'lastName: Element is required.'],
  [person('x').replace('New', ''), 'lastName: Element is required.'],
  [person('x').replace('x@', 'x'), 'emailAddress: Invalid value (xstartup.example).'],
  [
    person('x').replace(/x@[^<]*/, 'RESPONDER.R@contoso-cloud.example'),
    'emailAddress: Invalid value (RESPONDER.R@contoso-cloud.example).',
  ],
  [person('x', '<id>5</id>'), 'id: Element must not be set.'],
  [person('x', '<userName>x</userName>'), 'userName: Element must not be set.'],
  [person('x', '<tags/>'), 'At least one of the following elements must be set: set, add.'],
  [person('x', '<tags><set/></tags>'), 'set: Element must contain at least one child.'],
  [person('x', '<tags><Tag><name>t</name></Tag></tags>'), 'tags.Tag: Element must not be set.'],
  [person('x', tags('remove', nameElement('t'))), 'tags.remove: Element must not be set.'],
  [person('x', tags('set', '')), 'Tag.name: Element is required.'],
  [person('x', tags('set', '<id>1</id>')), 'Tag.id: Invalid value (1).'],
  [person('x', tags('set', '<colour>red</colour>')), 'Tag.colour: Element must not be set.'],
  [person('x').replace('New', '<b>New</b>'), 'b: Element must not be set.'],
])('an invalid user is refused: %#', async (content, message) => {
  await refused('user', 'User', content, message)
})

test.each([
  [fullCampaign.replace(/<name>.*<\/name>/, ''), 'name: Element is required.'],
  [fullCampaign.replace(/<template>.*<\/template>/, ''), 'template: Element is required.'],
  [fullCampaign.replace('<id>722010</id>', ''), 'template.id: Element is required.'],
  [fullCampaign.replace('722010', '1'), 'template.id: Invalid value (1).'],
  [fullCampaign.replace('722010', '10030'), 'template.id: Invalid value (10030).'],
  [fullCampaign.replace('722010', '91297'), 'template.id: Invalid value (91297).'],
  [fullCampaign.replace(/<workflowType>.*<\/workflowType>/, ''), 'workflowType: Element is required.'],
  [fullCampaign.replace('FULL', 'full'), 'workflowType: Invalid value (full).'],
  [fullCampaign.replace(/<dueDate>.*<\/dueDate>/, ''), 'dueDate: Element is required.'],
  [
    fullCampaign.replace('2026-12-31', '2026-11-20').replace('23:59:59', '11:00:00'),
    'dueDate: Invalid value (2026-11-20T11:00:00Z).',
  ],
  [fullCampaign.replace('T23:59:59Z', ''), 'dueDate: Invalid value (2026-12-31).'],
  [fullCampaign.replace('T23:59:59Z', 'T23-59-59Z'), 'dueDate: Invalid value (2026-12-31T23-59-59Z).'],
  [fullCampaign.replace(/<reviewer>.*<\/reviewer>/, ''), 'reviewer: Element is required.'],
  [fullCampaign.replace(/<approver>.*<\/approver>/, ''), 'approver: Element is required.'],
  [fullCampaign.replace('71077391', '5'), 'reviewer.id: Invalid value (5).'],
  [fullCampaign.replace('FULL', 'SIMPLE'), 'reviewer: Element must not be set.'],
  [fullCampaign.replace('FULL', 'REVIEWABLE'), 'approver: Element must not be set.'],
  [fullCampaign.replace('339590', '5'), 'User.id: Invalid value (5).'],
  [fullCampaign.replace('339590', 'five'), 'User.id: Invalid value (five).'],
  [
    fullCampaign.replace(/<recipients>.*<\/recipients>/, '<recipients/>'),
    'At least one of the following elements must be set: set, add.',
  ],
  [
    fullCampaign.replace(/<recipients>.*<\/recipients>/, '<recipients><add/></recipients>'),
    'add: Element must contain at least one child.',
  ],
  [
    fullCampaign.replace(
      /<recipients>.*<\/recipients>/,
      '<recipients><User><id>339590</id></User></recipients>',
    ),
    'recipients.User: Element must not be set.',
  ],
  [
    fullCampaign.replace('<id>339590</id>', '<id>339590</id><assigned>New</assigned>'),
    'User.assigned: Element must not be set.',
  ],
  [
    fullCampaign.replace('<enabled>true', '<enabled>yes'),
    'overdueNotification.enabled: Invalid value (yes).',
  ],
  [
    fullCampaign
      .replace('overdueNotification>', 'lateNotification>')
      .replace('/overdueNotification', '/lateNotification'),
    'campaignNotification.lateNotification: Element must not be set.',
  ],
  [`${fullCampaign}<status>ACTIVE</status>`, 'status: Element must not be set.'],
])('an invalid campaign is refused: %#', async (content, message) => {
  await refused('questionnairecampaign', 'QuestionnaireCampaign', content, message)
})
