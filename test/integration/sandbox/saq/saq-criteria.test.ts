import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at, criteria, filters, SaqClient, within } from './saq-client.ts'

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const preferences = (content: Record<string, number | string>) =>
  `<preferences>${Object.entries(content)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</preferences>`

describe('criteria', () => {
  test.each<[string, number, ...string[]]>([
    ['user', 28, criteria('company', 'CONTAINS', 'abc')],
    ['user', 49, criteria('firstName', 'EQUALS', 'NewVendor')],
    ['user', 0, criteria('firstName', 'EQUALS', 'newvendor')],
    ['user', 2, criteria('id', 'IN', '767231592, 713091591,1')],
    ['user', 1, criteria('emailAddress', 'EQUALS', 'responder.r@contoso-cloud.example')],
    ['user', 1, criteria('userName', 'EQUALS', 'acme_ri3'), criteria('title', 'CONTAINS', 'risk')],
    ['user', 1, criteria('title', 'EQUALS', 'dev'), criteria('lastName', 'CONTAINS', 'ber')],
    [
      'template',
      1,
      criteria('name', 'CONTAINS', 'scoring'),
      criteria('questionCnt', 'EQUALS', 5),
      criteria('state', 'EQUALS', 'DRAFT'),
    ],
    ['template', 1, criteria('name', 'EQUALS', 'template-using-api')],
    ['template', 1, criteria('isLibrary', 'EQUALS', 'true')],
    ['template', 1, criteria('id', 'EQUALS', 722010), criteria('questionCnt', 'IN', '18,19')],
    ['questionnairecampaign', 40, criteria('workflowType', 'IN', 'SIMPLE,REVIEWABLE,FULL')],
    [
      'questionnairecampaign',
      2,
      criteria('name', 'CONTAINS', 'VENDOR RISK 20'),
      criteria('workflowType', 'EQUALS', 'FULL'),
    ],
    ['questionnaire', 420, criteria('campaign.id', 'EQUALS', 640002)],
    ['questionnaire', 460, criteria('campaign.id', 'IN', '640002,137550')],
  ])('%s: %i by %j %j %j', async (object, expected, ...all) => {
    expect(await saq.count(object, ...all)).toBe(expected)
    const { count, rows } = await saq.post(
      `search/saq/${object}`,
      preferences({ limitResults: 1_000 }) + filters(...all),
    )
    expect([count, rows.length]).toEqual([expected, expected])
  })

  test('by uuid and family, in either case', async () => {
    const template = await saq.row('template', 722010)
    for (const field of ['uuid', 'familyId']) {
      const value = at(template, field)?.toUpperCase() ?? ''
      expect(await saq.count('template', criteria(field, 'EQUALS', value))).toBe(1)
    }
    const user = await saq.row('user', 339590)
    expect(await saq.count('user', criteria('uuid', 'EQUALS', at(user, 'uuid') ?? ''))).toBe(1)
  })

  test('by tag, whole or in part', async () => {
    const byId = await saq.count('user', criteria('tags.tag.id', 'EQUALS', 7513412))
    expect(byId).toBeGreaterThan(400)
    expect(await saq.count('user', criteria('tags.tag.name', 'EQUALS', 'EMEA vendors'))).toBe(byId)
    expect(await saq.count('user', criteria('tags.tag.name', 'CONTAINS', 'emea'))).toBe(byId)
    const two = await saq.count('user', criteria('tags.tag.id', 'IN', '7513412,7513413'))
    expect(two).toBeGreaterThan(byId)
    const { rows } = await saq.post('search/saq/user', filters(criteria('tags.tag.id', 'EQUALS', 7513412)))
    for (const row of rows) expect(within(row, 'tags').map((tag) => at(tag, 'id'))).toContain('7513412')
  })

  test('states and risks of questionnaires add up', async () => {
    const states = ['INFORMATION_GATHERING', 'APPROVAL', 'REVIEW', 'CANCELED', 'INCOMPLETE', 'CLOSED']
    const of640002 = criteria('campaign.id', 'EQUALS', 640002)
    const counts = await Promise.all(
      states.map((state) => saq.count('questionnaire', of640002, criteria('state', 'EQUALS', state))),
    )
    expect(Math.min(...counts)).toBeGreaterThan(3)
    expect(counts.reduce((a, b) => a + b)).toBe(420)
    const answered = await saq.count(
      'questionnaire',
      of640002,
      criteria('state', 'IN', 'APPROVAL,REVIEW,CLOSED'),
    )
    const risky = criteria('risk', 'IN', 'VERY_HIGH,HIGH,MEDIUM,LOW')
    expect(await saq.count('questionnaire', of640002, risky)).toBe(answered)
    expect(await saq.count('questionnaire', risky, criteria('state', 'EQUALS', 'INCOMPLETE'))).toBe(0)
  })

  test('an XML entity in a value is decoded', async () => {
    const { rows } = await saq.post(
      'search/saq/questionnairecampaign',
      filters(criteria('name', 'EQUALS', 'Cloud &lt;EMEA&gt; &amp; friends')),
    )
    expect(rows.map((row) => at(row, 'name'))).toEqual(['Cloud <EMEA> & friends'])
    expect(
      await saq.count('user', criteria('company', 'EQUALS', '<![CDATA[O’Brien <Legal> LLP]]>')),
    ).toBeGreaterThan(10)
  })

  const wrong = "Criteria: Invalid value format for criteria '"
  test.each([
    ['user', criteria('id', 'EQUALS', 'abc'), `${wrong}id' (abc).`, 'Specify criteria value(s) as Long.'],
    ['user', criteria('id', 'IN', '1,x'), `${wrong}id' (x).`, 'Specify criteria value(s) as Long.'],
    ['user', criteria('id', 'EQUALS', ''), `${wrong}id' ().`, 'Specify criteria value(s) as Long.'],
    [
      'template',
      criteria('revision', 'EQUALS', '1.0'),
      `${wrong}revision' (1.0).`,
      'Specify criteria value(s) as Integer.',
    ],
    [
      'template',
      criteria('isLibrary', 'EQUALS', 'yes'),
      `${wrong}isLibrary' (yes).`,
      'Values expected: true, false.',
    ],
    [
      'template',
      criteria('state', 'EQUALS', 'Draft'),
      `${wrong}state' (Draft).`,
      'Values expected: DRAFT, PUBLISHED.',
    ],
    [
      'questionnairecampaign',
      criteria('workflowType', 'EQUALS', 'HIGH'),
      `${wrong}workflowType' (HIGH).`,
      'Values expected: SIMPLE, REVIEWABLE, FULL.',
    ],
    [
      'questionnaire',
      criteria('risk', 'LOW', 'REVIEW'),
      'Criteria.operator: Invalid value (LOW).',
      "Specify one of the operators for 'risk': EQUALS, IN.",
    ],
    [
      'user',
      criteria('company', 'IN', 'a,b'),
      'Criteria.operator: Invalid value (IN).',
      "Specify one of the operators for 'company': CONTAINS, EQUALS.",
    ],
    [
      'user',
      criteria('uuid', 'CONTAINS', 'a'),
      'Criteria.operator: Invalid value (CONTAINS).',
      "Specify one of the operators for 'uuid': EQUALS.",
    ],
    [
      'user',
      criteria('name', 'EQUALS', 'x'),
      'Criteria.field: Invalid value (name).',
      /Specify one of the fields: id, uuid,/,
    ],
    [
      'questionnaire',
      criteria('title', 'CONTAINS', 'x'),
      'Criteria.field: Invalid value (title).',
      /id, campaign.id, state, risk/,
    ],
    [
      'questionnairecampaign',
      criteria('constructor', 'EQUALS', 'x'),
      'Criteria.field: Invalid value (constructor).',
      /id, name, status/,
    ],
    [
      'user',
      '<Criteria operator="EQUALS">x</Criteria>',
      'Criteria.field: Element is required.',
      /Criteria.field/,
    ],
    [
      'user',
      '<Criteria field="id">1</Criteria>',
      'Criteria.operator: Element is required.',
      /Criteria.operator/,
    ],
    [
      'user',
      '<Criteria field="id" operator="EQUALS" value="1"/>',
      'Criteria.value: Element must not be set.',
      /Remove/,
    ],
    [
      'user',
      '<Criterion field="id" operator="EQUALS">1</Criterion>',
      'Criterion: Element must not be set.',
      /Remove/,
    ],
    [
      'user',
      '<Criteria field="id" operator="EQUALS"><id>1</id></Criteria>',
      'id: Element must not be set.',
      /Remove/,
    ],
  ])('%s: %s is refused', async (object, criterion, message, resolution) => {
    for (const verb of ['search', 'count']) {
      const answer = await saq.post(`${verb}/saq/${object}`, filters(criterion))
      expect([answer.status, answer.code, answer.message]).toEqual([200, 'INVALID_REQUEST', message])
      expect(answer.resolution).toMatch(resolution)
    }
  })
})
