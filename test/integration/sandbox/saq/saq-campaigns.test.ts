import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { campaign, fullCampaign, people } from './saq-bodies.ts'
import { at, criteria, filters, SaqClient, within } from './saq-client.ts'

let saq: SaqClient
beforeEach(async () => {
  saq = await SaqClient.arrive()
})
afterEach(() => saq.leave())

const create = (content: string) => saq.post('create/saq/questionnairecampaign', campaign(content))
const update = (id: number | string, content: string) =>
  saq.post('update/saq/questionnairecampaign', campaign(`<id>${id}</id>${content}`))
const act = (verb: string, id: number | string, body = '') =>
  saq.post(`${verb}/saq/questionnairecampaign/${id}`, body)
const createCampaign = async (content = fullCampaign) => Number(at((await create(content)).rows[0], 'id'))
const recipientIds = (row: Parameters<typeof at>[0]) =>
  within(row, 'recipients').map((user) => at(user, 'id'))
const questionnaires = async (id: number) => {
  const content = filters(criteria('campaign.id', 'EQUALS', id))
  return (await saq.post('search/saq/questionnaire', content)).rows
}
const states = async (id: number) => (await questionnaires(id)).map((row) => at(row, 'state'))
const days = (count: number) => saq.visitor.advance(count * 86_400)

describe('create', () => {
  test('returns the whole campaign, INACTIVE', async () => {
    const { code, count, rows } = await create(fullCampaign)
    const [row] = rows
    expect([code, count, row?.name]).toEqual(['SUCCESS', 1, 'QuestionnaireCampaign'])
    const paths = [
      'name',
      'status',
      'workflowType',
      'dueDate',
      'launchDate',
      'template.questionCnt',
      'user.userName',
    ]
    expect(paths.map((path) => at(row, path))).toEqual([
      'Suppliers & co',
      'INACTIVE',
      'FULL',
      '2026-12-31T23:59:59Z',
      undefined,
      '19',
      'sandbox_ab1',
    ])
    expect([at(row, 'reviewer.lastName'), at(row, 'approver.lastName')]).toEqual(['Iyer', 'Lefort'])
    expect(recipientIds(row)).toEqual(['339590', '400591', '401990'])
    const overdue = within(row, 'campaignNotification.overdueNotification').map(({ name, text }) => [
      name,
      text,
    ])
    expect(overdue).toEqual([
      ['enabled', 'true'],
      ['interval', '1'],
      ['noOfDays', '5'],
    ])
    const id = Number(at(row, 'id'))
    expect(await saq.row('questionnairecampaign', id)).toEqual(row)
    expect([id > 1111001, await questionnaires(id)]).toEqual([true, []])
  })

  const simple = fullCampaign.replace('FULL', 'SIMPLE').replace(/<reviewer>.*<\/approver>/, '')
  test('SIMPLE without reviewer and approver, REVIEWABLE with one of them', async () => {
    expect((await create(simple)).code).toBe('SUCCESS')
    const reviewable = fullCampaign.replace('FULL', 'REVIEWABLE').replace(/<approver>.*<\/approver>/, '')
    const { rows } = await create(reviewable)
    expect([at(rows[0], 'reviewer.id'), at(rows[0], 'approver.id')]).toEqual(['71077391', undefined])
  })
})

describe('launch', () => {
  test('sends a questionnaire to each recipient', async () => {
    const id = await createCampaign()
    const { code, rows } = await act('launch', id, campaign(`<id>${id}</id>`))
    expect([code, at(rows[0], 'status'), at(rows[0], 'launchDate')?.slice(0, 10)]).toEqual([
      'SUCCESS',
      'ACTIVE',
      '2026-11-20',
    ])
    const out = await questionnaires(id)
    expect(out.map((row) => [at(row, 'title'), at(row, 'state'), at(row, 'risk')])).toEqual([
      ['Suppliers & co - responder r', 'INFORMATION_GATHERING', undefined],
      ['Suppliers & co - Anna Berg', 'INFORMATION_GATHERING', undefined],
      ['Suppliers & co - Vendor Contact', 'INFORMATION_GATHERING', undefined],
    ])
    expect(await saq.count('questionnaire')).toBe(3_003)
  })

  test.each([
    [640002, 'status: Invalid value (ACTIVE).'],
    [137550, 'status: Invalid value (COMPLETE).'],
    [934376, 'recipients: Element is required.'],
    [506015, 'dueDate: Invalid value (2026-01-24T23:59:59Z).'],
  ])('%i is refused', async (id, message) => {
    expect(await act('launch', id)).toMatchObject({ status: 200, code: 'INVALID_REQUEST', message })
    expect(await saq.count('questionnaire')).toBe(3_000)
  })

  test('the id in the body counts, as in the sample', async () => {
    const { rows } = await act('launch', 640002, campaign('<id>1111001</id>'))
    expect([at(rows[0], 'id'), at(rows[0], 'status')]).toEqual(['1111001', 'ACTIVE'])
    expect((await act('launch', 5)).code).toBe('OBJECT_NOT_FOUND')
    expect((await act('launch', 1111001, campaign('<id>1</id><name>x</name>'))).message).toBe(
      'name: Element must not be set.',
    )
  })
})

describe('update', () => {
  test('an inactive campaign: everything', async () => {
    const id = await createCampaign()
    const changes = `<name>Other</name><template><id>82968</id></template><workflowType>REVIEWABLE</workflowType>
      <dueDate>2027-01-01T00:00:00Z</dueDate><reviewer><id>89375990</id></reviewer>
      <recipients>${people('add', 339590, 71077391)}${people('remove', 400591, 5)}</recipients>
      <campaignNotification><overdueNotification><interval>3</interval></overdueNotification></campaignNotification>`
    const { code, rows } = await update(id, changes)
    const [row] = rows
    expect(code).toBe('SUCCESS')
    const paths = ['name', 'template.id', 'workflowType', 'dueDate', 'reviewer.id', 'approver.id', 'status']
    expect(paths.map((path) => at(row, path))).toEqual([
      'Other',
      '82968',
      'REVIEWABLE',
      '2027-01-01T00:00:00Z',
      '89375990',
      undefined,
      'INACTIVE',
    ])
    expect(recipientIds(row)).toEqual(['339590', '401990', '71077391'])
    expect(within(row, 'campaignNotification.overdueNotification').map(({ text }) => text)).toEqual([
      'true',
      '3',
      '5',
    ])
    expect(
      (await update(id, `<recipients>${people('set', 400591)}</recipients>`)).rows.map(recipientIds),
    ).toEqual([['400591']])
  })

  test('as in the sample of the page', async () => {
    const added =
      '<User><id>339590</id><assigned>New </assigned></User><User><id>71077391</id><assigned>New </assigned></User>'
    const content = `<workflowType>FULL</workflowType><approver><id>89375990</id></approver><reviewer><id>71077391</id></reviewer>
      <recipients><add>${added}</add></recipients><campaignNotification><overdueNotification><enabled>true</enabled>
      <interval>1</interval><noOfDays>5</noOfDays></overdueNotification></campaignNotification>`
    const before = await saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 120802))
    expect(await update(120802, content)).toMatchObject({ code: 'SUCCESS', count: 1 })
    expect(await saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 120802))).toBe(before + 2)
  })

  test('an active campaign: added recipients get a questionnaire, those of removed ones are canceled', async () => {
    const id = await createCampaign()
    await act('launch', id)
    const recipients = `<recipients>${people('add', 71077391, 339590)}${people('remove', 400591)}</recipients>`
    expect((await update(id, recipients)).rows.map(recipientIds)).toEqual([['339590', '401990', '71077391']])
    expect((await questionnaires(id)).map((row) => [at(row, 'title'), at(row, 'state')])).toEqual([
      ['Suppliers & co - responder r', 'INFORMATION_GATHERING'],
      ['Suppliers & co - Anna Berg', 'CANCELED'],
      ['Suppliers & co - Vendor Contact', 'INFORMATION_GATHERING'],
      ['Suppliers & co - Ravi Iyer', 'INFORMATION_GATHERING'],
    ])
    await days(60)
    expect((await states(id))[1]).toBe('CANCELED')
  })

  test.each([
    [640002, '<workflowType>SIMPLE</workflowType>', 'workflowType: Element must not be set.'],
    [640002, '<template><id>82968</id></template>', 'template: Element must not be set.'],
    [640002, '<dueDate>2026-11-01T00:00:00Z</dueDate>', 'dueDate: Invalid value (2026-11-01T00:00:00Z).'],
    [640002, '<approver><id>5</id></approver>', 'approver.id: Invalid value (5).'],
    [
      640002,
      '<recipients><add><User><id>339590</id><assigned>Old</assigned></User></add></recipients>',
      'User.assigned: Invalid value (Old).',
    ],
    [137550, '<name>x</name>', 'status: Invalid value (COMPLETE).'],
    [640002, '<launchDate>2026-11-01T00:00:00Z</launchDate>', 'launchDate: Element must not be set.'],
    [993251, '<workflowType>FULL</workflowType>', 'reviewer: Element is required.'],
  ])('%i: %s is refused', async (id, content, message) => {
    expect(await update(id, content)).toMatchObject({ status: 200, code: 'INVALID_REQUEST', message })
  })

  test('unchanged values may be sent again; the id is in the body', async () => {
    expect(
      (await update(640002, '<workflowType>FULL</workflowType><template><id>722010</id></template>')).code,
    ).toBe('SUCCESS')
    expect((await update(5, '<name>x</name>')).code).toBe('OBJECT_NOT_FOUND')
    const without = await saq.post('update/saq/questionnairecampaign', campaign('<name>x</name>'))
    expect(without.message).toBe('id: Element is required.')
    expect(
      (await saq.post('update/saq/questionnairecampaign/640002', campaign('<id>640002</id>'))).status,
    ).toBe(404)
  })
})
