import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at, criteria, filters, SaqVisitor, within } from './saq-visitor.ts'

let saq: SaqVisitor
beforeAll(async () => {
  saq = await SaqVisitor.arrive()
})
afterEach(async () => {
  await saq.visitor.control('DELETE', 'knobs')
})
afterAll(() => saq.leave())

const preferences = (content: Record<string, number | string>) =>
  `<preferences>${Object.entries(content)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</preferences>`
const ids = (rows: Parameters<typeof at>[0][]) => rows.map((row) => Number(at(row, 'id')))
const truth = async (kind: string) => (await saq.visitor.truth<{ id: number }>(kind)).map(({ id }) => id)

describe('paging', () => {
  test('a page says how many rows it has, whether there are more, and where it ends', async () => {
    const { parts, count, more, lastId, rows, headers } = await saq.post('search/saq/user')
    expect(headers.get('content-type')).toBe('application/xml')
    expect(parts).toEqual(['responseCode', 'count', 'hasMoreRecords', 'lastId', 'data'])
    expect([count, rows.length, more, lastId]).toEqual([100, 100, 'true', ids(rows).at(-1)])
    expect(ids(rows)).toEqual((await truth('users')).slice(0, 100))
  })

  test.each([7, 250, 1_000])(
    'walks all 3,000 questionnaires by offset, %i at a time',
    async (limitResults) => {
      const seen: number[] = []
      for (let more = 'true'; more === 'true'; ) {
        const page = await saq.post(
          'search/saq/questionnaire/',
          preferences({ limitResults, startFromOffset: seen.length + 1 }),
        )
        seen.push(...ids(page.rows))
        more = page.more ?? ''
        if (limitResults === 7 && seen.length > 100) break
      }
      const all = await truth('questionnaires')
      expect(all).toHaveLength(3_000)
      expect(seen).toEqual(limitResults === 7 ? all.slice(0, seen.length) : all)
    },
  )

  test.each([
    ['id GREATER', (last: number) => filters(criteria('id', 'GREATER', last)), ''],
    ['startFromId', () => '', 'startFromId'],
  ])('walks all 3,000 questionnaires by %s', async (_, filter, preference) => {
    const seen: number[] = []
    let last = 0
    for (let calls = 0; calls < 20; calls++) {
      const start = preference === '' ? {} : { [preference]: last + 1 }
      const page = await saq.post(
        'search/saq/questionnaire',
        preferences({ limitResults: 500, ...start }) + filter(last),
      )
      seen.push(...ids(page.rows))
      if (page.more !== 'true') {
        expect(page.lastId).toBeUndefined()
        break
      }
      last = page.lastId ?? Number.NaN
    }
    expect(seen).toEqual(await truth('questionnaires'))
  })

  test('the last page, and one behind it', async () => {
    const last = await saq.post('search/saq/user', preferences({ startFromOffset: 4_991 }))
    expect([last.count, last.more, last.lastId]).toEqual([10, 'false', undefined])
    const behind = await saq.post('search/saq/user', preferences({ startFromOffset: 5_001 }))
    expect([behind.code, behind.count, behind.more, behind.parts.includes('data')]).toEqual([
      'SUCCESS',
      0,
      'false',
      false,
    ])
    const full = await saq.post('search/saq/user', preferences({ startFromOffset: 4_901 }))
    expect([full.count, full.more]).toEqual([100, 'false'])
  })

  test.each([
    ['limitResults', '0', 'a number from 1 to 1000'],
    ['limitResults', '1001', 'a number from 1 to 1000'],
    ['limitResults', 'many', 'a number from 1 to 1000'],
    ['startFromOffset', '0', 'a Long'],
    ['startFromOffset', '-1', 'a Long'],
    ['startFromId', '1.5', 'a Long'],
  ])('%s of %s is refused', async (name, value, resolution) => {
    expect(await saq.post('search/saq/user', preferences({ [name]: value }))).toMatchObject({
      status: 200,
      code: 'INVALID_REQUEST',
      message: `${name}: Invalid value (${value}).`,
      resolution: `Specify ${name} as ${resolution}.`,
    })
  })

  test('knobs: hasMoreRecords, lastId, id GREATER', async () => {
    const parts = async (limitResults: number) =>
      (await saq.post('search/saq/template', preferences({ limitResults }))).parts.slice(2)
    await saq.knobs({ hasMoreRecords: 'whenMore' })
    expect([await parts(5), await parts(500)]).toEqual([['hasMoreRecords', 'lastId', 'data'], ['data']])
    await saq.knobs({ hasMoreRecords: 'never' })
    expect(await parts(5)).toEqual(['lastId', 'data'])
    await saq.knobs({ hasMoreRecords: 'always', lastId: false })
    expect(await parts(5)).toEqual(['hasMoreRecords', 'data'])
    await saq.knobs({ idGreater: false })
    expect(await saq.post('search/saq/template', filters(criteria('id', 'GREATER', 1)))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'Criteria.operator: Invalid value (GREATER).',
      resolution: "Specify one of the operators for 'id': EQUALS, IN.",
    })
  })
})

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

  test('an XML entity in a value is its character', async () => {
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
