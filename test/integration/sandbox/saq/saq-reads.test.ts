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

const names = (rows: { name: string }[]) => rows.map(({ name }) => name)

describe('every object', () => {
  test.each([
    ['template', 'Template', 722010, 47],
    ['questionnairecampaign', 'QuestionnaireCampaign', 640002, 40],
    ['questionnaire', 'Questionnaire', 707802, 3_000],
    ['user', 'User', 71077391, 5_000],
  ])('%s: count by GET and POST, get, search', async (object, name, id, all) => {
    expect((await saq.get(`count/saq/${object}`)).count).toBe(all)
    expect((await saq.get(`count/saq/${object}/`)).count).toBe(all)
    const counted = await saq.post(`count/saq/${object}`)
    expect([counted.parts, counted.count]).toEqual([['responseCode', 'count'], all])
    expect((await saq.raw(`count/saq/${object}`, '')).count).toBe(all)
    const got = await saq.get(`get/saq/${object}/${id}/`)
    expect([got.code, got.count, names(got.rows)]).toEqual(['SUCCESS', 1, [name]])
    expect(got.text).toContain(`/qps/xsd/1.0/saq/${object}.xsd"`)
    const found = await saq.post(`search/saq/${object}`, filters(criteria('id', 'EQUALS', id)))
    expect(found.rows).toEqual(got.rows)
    expect((await saq.raw(`search/saq/${object}/`, '')).count).toBe(Math.min(all, 100))
  })

  test.each(['template', 'questionnairecampaign', 'questionnaire', 'user'])(
    '%s: an id that is unknown or malformed',
    async (object) => {
      expect(await saq.get(`get/saq/${object}/1`)).toMatchObject({
        status: 200,
        code: 'OBJECT_NOT_FOUND',
        message: expect.stringMatching(/: Object not found \(1\)\.$/),
      })
      expect(await saq.get(`get/saq/${object}/abc`)).toMatchObject({
        code: 'INVALID_REQUEST',
        message: 'id: Invalid value (abc).',
        resolution: 'Specify id as a Long.',
      })
      expect((await saq.get(`get/saq/${object}`)).status).toBe(404)
    },
  )

  test('the details of a user by POST too', async () => {
    expect((await saq.post('get/saq/user/339590')).rows).toEqual((await saq.get('get/saq/user/339590')).rows)
  })

  test('other methods, versions and paths', async () => {
    expect((await saq.get('search/saq/user')).status).toBe(405)
    expect((await saq.send('GET', '/qps/rest/2.0/count/saq/user', undefined, {})).status).toBe(404)
    expect((await saq.send('GET', '/qps/rest/1.0/Count/saq/user', undefined, {})).status).toBe(404)
    expect((await saq.get('get/saq/librarytemplate/10030')).status).toBe(404)
  })
})

describe('bodies', () => {
  const post = (body: string, type?: string) => saq.raw('search/saq/template', body, type)

  test.each([
    ['<ServiceRequest><filter/></ServiceRequest>', 'filter: Element must not be set.'],
    ['<ServiceRequest><data/></ServiceRequest>', 'data: Element must not be set.'],
    ['<ServiceRequest><filters/><filters/></ServiceRequest>', 'filters: Element must not be set.'],
    [
      '<ServiceRequest><preferences><verbose>true</verbose></preferences></ServiceRequest>',
      'verbose: Element must not be set.',
    ],
    [
      '<ServiceRequest><preferences><limitResults>1</limitResults><limitResults>1</limitResults></preferences></ServiceRequest>',
      'limitResults: Element must not be set.',
    ],
    [
      '<ServiceRequest><preferences><limitResults><x/></limitResults></preferences></ServiceRequest>',
      'x: Element must not be set.',
    ],
    ['<ServiceRequest>filters</ServiceRequest>', 'ServiceRequest: Invalid value (filters).'],
    ['<filters/>', 'ServiceRequest: Element is required.'],
  ])('%s is refused', async (body, message) => {
    expect(await post(body)).toMatchObject({ status: 200, code: 'INVALID_REQUEST', message })
  })

  test.each(['{"ServiceRequest":{}}', '<ServiceRequest>', 'x', '<!DOCTYPE a><ServiceRequest/>'])(
    '%s is not accepted as XML',
    async (body) => {
      expect(await post(body, 'application/json')).toMatchObject({
        status: 200,
        code: 'INVALID_REQUEST',
        message: expect.stringMatching(/^ServiceRequest: Invalid XML \(.+ line 1, column \d+\)\.$/),
      })
    },
  )

  test('a count accepts no preferences, a GET no body', async () => {
    expect((await saq.post('count/saq/user', '<preferences/>')).message).toBe(
      'preferences: Element must not be set.',
    )
    expect((await saq.get('count/saq/user', { 'content-type': 'text/xml' })).code).toBe('SUCCESS')
  })

  test('text/xml and application/xml are accepted; with a knob no others', async () => {
    expect((await post('<ServiceRequest/>', 'text/plain')).code).toBe('SUCCESS')
    await saq.knobs({ strictContentType: true })
    expect((await post('<ServiceRequest/>', 'application/xml')).code).toBe('SUCCESS')
    expect((await post('<ServiceRequest/>', 'text/xml; charset=utf-8')).code).toBe('SUCCESS')
    const { status, headers } = await post('<ServiceRequest/>', 'text/plain')
    expect([status, headers.get('content-type')]).toEqual([415, 'text/html;charset=utf-8'])
  })
})

describe('records', () => {
  test('a user, with tags without a wrapper', async () => {
    const user = await saq.row('user', 400591)
    expect(names(user?.children ?? []).slice(0, 6)).toEqual([
      'id',
      'uuid',
      'firstName',
      'lastName',
      'company',
      'emailAddress',
    ])
    const { rows } = await saq.post('search/saq/user', filters(criteria('tags.tag.id', 'EQUALS', 7513412)))
    const tags = within(rows[0], 'tags')
    expect(names(tags).every((name) => name === 'Tag')).toBe(true)
    const id = Number(at(rows[0], 'id'))
    await saq.knobs({ tagLists: 'wrapped' })
    const wrapped = await saq.row('user', id)
    expect(names(within(wrapped, 'tags'))).toEqual(['count', 'list'])
    const shown = (list: Parameters<typeof at>[0][]) => list.map((tag) => [at(tag, 'id'), at(tag, 'name')])
    expect(at(wrapped, 'tags.count')).toBe(String(tags.length))
    expect(shown(within(wrapped, 'tags.list'))).toEqual(shown(tags))
  })

  test('a campaign', async () => {
    const campaign = await saq.row('questionnairecampaign', 640002)
    const text = (path: string) => at(campaign, path)
    expect([text('status'), text('workflowType'), text('dueDate')]).toEqual([
      'ACTIVE',
      'FULL',
      '2026-10-30T23:59:59Z',
    ])
    for (const date of ['created', 'updated', 'launchDate'])
      expect(text(date)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect([text('template.id'), text('template.questionCnt')]).toEqual(['722010', '19'])
    expect([text('reviewer.id'), text('approver.id'), text('user.userName')]).toEqual([
      '71077391',
      '89375990',
      'sandbox_ab1',
    ])
    expect(names(within(campaign, 'campaignNotification.overdueNotification'))).toEqual([
      'enabled',
      'interval',
      'noOfDays',
    ])
    const recipients = within(campaign, 'recipients')
    expect(recipients).toHaveLength(420)
    expect(names(recipients[0]?.children ?? [])).toEqual([
      'id',
      'firstName',
      'lastName',
      'company',
      'emailAddress',
    ])
  })

  test('a campaign without the truncated part, by knobs', async () => {
    const parts = async () => names((await saq.row('questionnairecampaign', 640002))?.children ?? [])
    const all = await parts()
    await saq.knobs({ campaignRecipients: 'hidden' })
    expect(await parts()).toEqual(all.filter((name) => name !== 'recipients'))
    await saq.knobs({ campaignRecipients: 'shown', campaignDueDate: false })
    expect(await parts()).toEqual(all.filter((name) => name !== 'dueDate'))
  })

  test.each([
    ['ids', ['id']],
    ['names', ['firstName', 'lastName', 'company']],
  ])('recipients of a campaign with less, by the knob: %s', async (campaignRecipients, fields) => {
    await saq.knobs({ campaignRecipients })
    const recipients = within(await saq.row('questionnairecampaign', 640002), 'recipients')
    expect(recipients).toHaveLength(420)
    for (const { children } of recipients) expect(names(children)).toEqual(fields)
  })

  test('a template in full, a library template by its head', async () => {
    const template = await saq.row('template', 722010)
    const sections = within(template, 'elements.sections')
    const questions = sections.flatMap((section) => within(section, 'questions'))
    expect([at(template, 'state'), sections.length, questions.length]).toEqual(['PUBLISHED', 5, 19])
    expect(new Set(questions.map((question) => at(question, 'type'))).size).toBeGreaterThan(3)
    expect(names(within(template, 'elements.scorings'))).toEqual(['Scoring', 'Scoring', 'Scoring'])
    const { count, rows } = await saq.post(
      'search/saq/librarytemplate/',
      filters(criteria('name', 'CONTAINS', 'Vendor Risk Assessment')),
    )
    expect([count, rows.map((row) => at(row, 'id'))[0], rows[0]?.name]).toEqual([
      3,
      '10030',
      'LibraryTemplate',
    ])
    expect(at(rows[0], 'uuid')).toMatch(/^9fc12d51-/)
    expect(names(rows[0]?.children ?? [])).not.toContain('elements')
    expect((await saq.post('search/saq/librarytemplate')).count).toBe(25)
  })

  test('a questionnaire', async () => {
    const questionnaire = await saq.row('questionnaire', 707802)
    expect(at(questionnaire, 'title')).toBe('Test-campaign-demo1 - responder r')
    expect(names(questionnaire?.children ?? [])).toEqual([
      'id',
      'title',
      'dueDate',
      'campaign',
      'state',
      'risk',
      'created',
      'updated',
    ])
    const open = await saq.post(
      'search/saq/questionnaire',
      filters(criteria('state', 'EQUALS', 'INFORMATION_GATHERING')),
    )
    expect(open.rows.every((row) => at(row, 'risk') === undefined)).toBe(true)
  })
})
