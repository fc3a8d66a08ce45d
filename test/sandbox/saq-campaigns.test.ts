import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at, criteria, data, filters, SaqVisitor, within } from './saq-visitor.ts'

let saq: SaqVisitor
beforeEach(async () => {
  saq = await SaqVisitor.arrive()
})
afterEach(() => saq.leave())

const people = (change: string, ...ids: (number | string)[]) =>
  `<${change}>${ids.map((id) => `<User><id>${id}</id></User>`).join('')}</${change}>`
const full = `<name>Suppliers &amp; co</name><template><id>722010</id></template><workflowType>FULL</workflowType>
  <dueDate>2026-12-31T23:59:59Z</dueDate><reviewer><id>71077391</id></reviewer><approver><id>89375990</id></approver>
  <recipients>${people('add', 339590, 400591, 401990)}</recipients>
  <campaignNotification><overdueNotification><enabled>true</enabled><noOfDays>5</noOfDays></overdueNotification></campaignNotification>`
const campaign = (content: string) => data('QuestionnaireCampaign', content)
const create = (content: string) => saq.post('create/saq/questionnairecampaign', campaign(content))
const update = (id: number | string, content: string) =>
  saq.post('update/saq/questionnairecampaign', campaign(`<id>${id}</id>${content}`))
const act = (verb: string, id: number | string, body = '') =>
  saq.post(`${verb}/saq/questionnairecampaign/${id}`, body)
const made = async (content = full) => Number(at((await create(content)).rows[0], 'id'))
const recipientIds = (row: Parameters<typeof at>[0]) =>
  within(row, 'recipients').map((user) => at(user, 'id'))
const questionnaires = async (id: number) => {
  const content = filters(criteria('campaign.id', 'EQUALS', id))
  return (await saq.post('search/saq/questionnaire', content)).rows
}
const states = async (id: number) => (await questionnaires(id)).map((row) => at(row, 'state'))
const days = (count: number) => saq.visitor.advance(count * 86_400)

describe('create', () => {
  test('answers the whole campaign, INACTIVE', async () => {
    const { code, count, rows } = await create(full)
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

  const simple = full.replace('FULL', 'SIMPLE').replace(/<reviewer>.*<\/approver>/, '')
  test('SIMPLE without judges, REVIEWABLE with one', async () => {
    expect((await create(simple)).code).toBe('SUCCESS')
    const reviewable = full.replace('FULL', 'REVIEWABLE').replace(/<approver>.*<\/approver>/, '')
    const { rows } = await create(reviewable)
    expect([at(rows[0], 'reviewer.id'), at(rows[0], 'approver.id')]).toEqual(['71077391', undefined])
  })

  test.each([
    [full.replace(/<name>.*<\/name>/, ''), 'name: Element is required.'],
    [full.replace(/<template>.*<\/template>/, ''), 'template: Element is required.'],
    [full.replace('<id>722010</id>', ''), 'template.id: Element is required.'],
    [full.replace('722010', '1'), 'template.id: Invalid value (1).'],
    [full.replace('722010', '10030'), 'template.id: Invalid value (10030).'],
    [full.replace('722010', '91297'), 'template.id: Invalid value (91297).'],
    [full.replace(/<workflowType>.*<\/workflowType>/, ''), 'workflowType: Element is required.'],
    [full.replace('FULL', 'full'), 'workflowType: Invalid value (full).'],
    [full.replace(/<dueDate>.*<\/dueDate>/, ''), 'dueDate: Element is required.'],
    [
      full.replace('2026-12-31', '2026-11-20').replace('23:59:59', '11:00:00'),
      'dueDate: Invalid value (2026-11-20T11:00:00Z).',
    ],
    [full.replace('T23:59:59Z', ''), 'dueDate: Invalid value (2026-12-31).'],
    [full.replace('T23:59:59Z', 'T23-59-59Z'), 'dueDate: Invalid value (2026-12-31T23-59-59Z).'],
    [full.replace(/<reviewer>.*<\/reviewer>/, ''), 'reviewer: Element is required.'],
    [full.replace(/<approver>.*<\/approver>/, ''), 'approver: Element is required.'],
    [full.replace('71077391', '5'), 'reviewer.id: Invalid value (5).'],
    [full.replace('FULL', 'SIMPLE'), 'reviewer: Element must not be set.'],
    [full.replace('FULL', 'REVIEWABLE'), 'approver: Element must not be set.'],
    [full.replace('339590', '5'), 'User.id: Invalid value (5).'],
    [full.replace('339590', 'five'), 'User.id: Invalid value (five).'],
    [
      full.replace(/<recipients>.*<\/recipients>/, '<recipients/>'),
      'At least one of the following elements must be set: set, add.',
    ],
    [
      full.replace(/<recipients>.*<\/recipients>/, '<recipients><add/></recipients>'),
      'add: Element must contain at least one child.',
    ],
    [
      full.replace(/<recipients>.*<\/recipients>/, '<recipients><User><id>339590</id></User></recipients>'),
      'recipients.User: Element must not be set.',
    ],
    [
      full.replace('<id>339590</id>', '<id>339590</id><assigned>New</assigned>'),
      'User.assigned: Element must not be set.',
    ],
    [full.replace('<enabled>true', '<enabled>yes'), 'overdueNotification.enabled: Invalid value (yes).'],
    [
      full
        .replace('overdueNotification>', 'lateNotification>')
        .replace('/overdueNotification', '/lateNotification'),
      'campaignNotification.lateNotification: Element must not be set.',
    ],
    [`${full}<status>ACTIVE</status>`, 'status: Element must not be set.'],
  ])('%s is refused', async (content, message) => {
    const answer = await create(content)
    expect([answer.status, answer.code, answer.message]).toEqual([200, 'INVALID_REQUEST', message])
    expect(await saq.count('questionnairecampaign')).toBe(40)
  })
})

describe('launch', () => {
  test('sends a questionnaire to each recipient', async () => {
    const id = await made()
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

describe('afterwards', () => {
  test('questionnaires move on by the clock: review, approval, the end', async () => {
    await act('launch', 1111001)
    const seen = new Set<string | undefined>()
    for (let day = 0; day < 12; day++) {
      for (const state of await states(1111001)) seen.add(state)
      await days(0.7)
    }
    expect([...seen].sort()).toEqual(['APPROVAL', 'CLOSED', 'INFORMATION_GATHERING', 'REVIEW'])
    const rows = await questionnaires(1111001)
    for (const row of rows) {
      expect(at(row, 'risk') === undefined).toBe(at(row, 'state') === 'INFORMATION_GATHERING')
    }
    expect(new Set(rows.map((row) => at(row, 'risk'))).size).toBeGreaterThan(3)
  })

  test('the same in every sandbox of one seed', async () => {
    const other = await SaqVisitor.arrive()
    const shown = async (visitor: SaqVisitor) => {
      await visitor.post('launch/saq/questionnairecampaign/1111001')
      await visitor.visitor.advance(4 * 86_400)
      const content = filters(criteria('campaign.id', 'EQUALS', 1111001))
      const { rows } = await visitor.post('search/saq/questionnaire', content)
      return rows.map((row) => ['id', 'title', 'state', 'risk'].map((path) => at(row, path)))
    }
    expect(await shown(other)).toEqual(await shown(saq))
    await other.leave()
  })

  test('a SIMPLE campaign has answers alone, and is COMPLETE when all have ended', async () => {
    await act('launch', 993251)
    await days(7)
    expect([...new Set(await states(993251))].sort()).toEqual(['CLOSED', 'INFORMATION_GATHERING'])
    expect(at(await saq.row('questionnairecampaign', 993251), 'status')).toBe('ACTIVE')
    await days(100)
    expect([...new Set(await states(993251))].sort()).toEqual(['CLOSED', 'INCOMPLETE'])
    expect(at(await saq.row('questionnairecampaign', 993251), 'status')).toBe('COMPLETE')
  })

  test('what is overdue has more time when the date moves', async () => {
    const id = await made(full.replace('2026-12-31', '2026-11-30'))
    await saq.knobs({ answerDays: 1_000 })
    await act('launch', id)
    await update(id, '<dueDate>2027-01-31T00:00:00Z</dueDate>')
    await days(40)
    expect(new Set(await states(id))).toEqual(new Set(['INFORMATION_GATHERING']))
    await days(50)
    expect(new Set(await states(id))).toEqual(new Set(['INCOMPLETE']))
  })

  test('how long they take is a knob', async () => {
    await saq.knobs({ answerDays: 0.01 })
    await act('launch', 1111001)
    await saq.visitor.advance(3_600)
    const closed = (await states(1111001)).filter((state) => state === 'CLOSED')
    expect(closed.length).toBeGreaterThan(40)
  })

  test('the seeded ones stay as they are', async () => {
    const before = await saq.visitor.truth('questionnaires')
    await days(60)
    expect(await saq.visitor.truth('questionnaires')).toEqual(before)
  })
})

describe('update', () => {
  test('an inactive campaign: everything', async () => {
    const id = await made()
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

  test('as the sample of the page has it', async () => {
    const added =
      '<User><id>339590</id><assigned>New </assigned></User><User><id>71077391</id><assigned>New </assigned></User>'
    const content = `<workflowType>FULL</workflowType><approver><id>89375990</id></approver><reviewer><id>71077391</id></reviewer>
      <recipients><add>${added}</add></recipients><campaignNotification><overdueNotification><enabled>true</enabled>
      <interval>1</interval><noOfDays>5</noOfDays></overdueNotification></campaignNotification>`
    const before = await saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 120802))
    expect(await update(120802, content)).toMatchObject({ code: 'SUCCESS', count: 1 })
    expect(await saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 120802))).toBe(before + 2)
  })

  test('an active one: who is added gets a questionnaire, who is removed has his canceled', async () => {
    const id = await made()
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

  test('what stays the same may be said again; the id is in the body', async () => {
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

describe('the end', () => {
  test('cancel takes what is open', async () => {
    const count = (state: string) =>
      saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 640002), criteria('state', 'IN', state))
    const [closed, incomplete] = [await count('CLOSED'), await count('INCOMPLETE')]
    const { code, rows } = await act('cancel', 640002, campaign('<id>640002</id>'))
    expect([code, at(rows[0], 'status'), rows[0]?.children.length]).toEqual(['SUCCESS', 'CANCELED', 14])
    expect(await count('INFORMATION_GATHERING,REVIEW,APPROVAL')).toBe(0)
    expect([await count('CLOSED'), await count('INCOMPLETE')]).toEqual([closed, incomplete])
    expect(await count('CANCELED')).toBe(420 - closed - incomplete)
    expect((await act('cancel', 640002)).message).toBe('status: Invalid value (CANCELED).')
    expect((await act('cancel', 1111001)).message).toBe('status: Invalid value (INACTIVE).')
  })

  test('after cancel nothing moves', async () => {
    await act('launch', 1111001)
    await act('cancel', 1111001)
    await days(200)
    expect(new Set(await states(1111001))).toEqual(new Set(['CANCELED']))
    expect(at(await saq.row('questionnairecampaign', 1111001), 'status')).toBe('CANCELED')
  })

  test('delete takes the questionnaires along', async () => {
    const { code, count, rows } = await act('delete', 640002)
    expect([code, count, rows[0]?.children.map(({ name, text }) => [name, text])]).toEqual([
      'SUCCESS',
      1,
      [['id', '640002']],
    ])
    expect(await saq.count('questionnaire')).toBe(2_580)
    expect((await act('delete', 640002)).code).toBe('OBJECT_NOT_FOUND')
    expect((await act('delete', 1111001, campaign('<id>640002</id>'))).message).toBe(
      'id: Invalid value (640002).',
    )
    expect((await act('delete', 1111001)).code).toBe('SUCCESS')
    expect(await made()).toBe(1111002)
  })
})
