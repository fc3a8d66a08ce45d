import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { vendorRoutes } from '../../../../src/sandbox/server/routes.ts'
import { campaign, fullCampaign, person, wholeTemplate } from './saq-bodies.ts'
import { at, criteria, data, filters, SaqClient } from './saq-client.ts'

interface Row {
  id: number
  campaignId: number
  recipientId: number
  userId: number
  recipientIds: number[]
}

describe('a user of limited scope', () => {
  let all: SaqClient
  let emea: SaqClient
  beforeEach(async () => {
    all = await SaqClient.arrive()
    emea = all.as('saq-emea')
  })
  afterEach(() => all.leave())

  const own = async () =>
    (await all.visitor.dump<Row>('campaigns')).filter(({ userId }) => userId === 422036705)

  test('sees its campaigns, their questionnaires and their people', async () => {
    const campaigns = (await own()).map(({ id }) => id)
    expect(campaigns.length).toBeGreaterThan(4)
    const search = async (object: string) => {
      const { rows } = await emea.post(
        `search/saq/${object}`,
        '<preferences><limitResults>1000</limitResults></preferences>',
      )
      return rows
    }
    const ids = (rows: Parameters<typeof at>[0][]) => rows.map((row) => Number(at(row, 'id')))
    expect(ids(await search('questionnairecampaign'))).toEqual(campaigns)
    expect(await emea.count('questionnairecampaign')).toBe(campaigns.length)
    const questionnaires = (await all.visitor.dump<Row>('questionnaires')).filter(({ campaignId }) =>
      campaigns.includes(campaignId),
    )
    expect(ids(await search('questionnaire'))).toEqual(questionnaires.map(({ id }) => id))
    const people = new Set((await own()).flatMap(({ recipientIds }) => recipientIds))
    for (const id of [422036705, 71077391, 89375990]) people.add(id)
    expect(ids(await search('user'))).toEqual([...people].sort((a, b) => a - b))
    expect(await emea.count('template')).toBeLessThan(10)
    expect((await emea.post('search/saq/librarytemplate')).count).toBe(25)
  })

  test('finds and changes nothing else', async () => {
    for (const path of ['questionnairecampaign/640002', 'questionnaire/707802', 'user/339590']) {
      expect((await all.get(`get/saq/${path}`)).code).toBe('SUCCESS')
      expect((await emea.get(`get/saq/${path}`)).code).toBe('OBJECT_NOT_FOUND')
    }
    expect(await emea.count('questionnaire', criteria('campaign.id', 'EQUALS', 640002))).toBe(0)
    for (const verb of ['launch', 'cancel', 'delete']) {
      expect((await emea.post(`${verb}/saq/questionnairecampaign/1111001`)).code).toBe('OBJECT_NOT_FOUND')
    }
    const update = campaign('<id>640002</id><name>Taken</name>')
    expect((await emea.post('update/saq/questionnairecampaign', update)).code).toBe('OBJECT_NOT_FOUND')
    expect((await emea.post('delete/saq/user/339590')).code).toBe('OBJECT_NOT_FOUND')
    expect((await emea.post('publish/saq/template', data('Template', '<id>91297</id>'))).code).toBe(
      'OBJECT_NOT_FOUND',
    )
    const created = await emea.post('create/saq/questionnairecampaign', campaign(fullCampaign))
    expect(created.message).toMatch(/^(template|User)\.id: Invalid value/)
  })

  test('in bulk changes only what it sees, also without filters', async () => {
    const seen = await emea.count('user')
    const { count } = await emea.post('update/saq/user', data('User', '<title>Seen</title>'))
    expect(count).toBe(seen)
    expect(await all.count('user', criteria('title', 'EQUALS', 'Seen'))).toBe(seen)
    expect((await emea.post('delete/saq/user')).count).toBe(seen)
    expect(await all.count('user')).toBe(5_000 - seen)
  })

  test('owns what it creates', async () => {
    const made = await emea.post('create/saq/user', data('User', person('mine')))
    const user = at(made.rows[0], 'id')
    expect((await emea.get(`get/saq/user/${user}`)).code).toBe('SUCCESS')
    const draft = at((await emea.post('create/saq/template', data('Template', wholeTemplate))).rows[0], 'id')
    await emea.post('publish/saq/template', data('Template', `<id>${draft}</id>`))
    const content = fullCampaign
      .replace('722010', draft ?? '')
      .replace(/<add>.*<\/add>/, `<add><User><id>${user}</id></User></add>`)
    const [own] = (await emea.post('create/saq/questionnairecampaign', campaign(content))).rows
    expect(at(own, 'user.userName')).toBe('saq-emea')
    expect((await emea.post(`launch/saq/questionnairecampaign/${at(own, 'id')}`)).code).toBe('SUCCESS')
    expect(await emea.count('questionnaire', criteria('campaign.id', 'EQUALS', at(own, 'id') ?? ''))).toBe(1)
  })
})

describe('rights', () => {
  let saq: SaqClient
  beforeAll(async () => {
    saq = await SaqClient.arrive()
  })
  afterAll(() => saq.leave())

  const routes = Object.keys(vendorRoutes).filter((key) => key.includes('/saq/'))
  const reading = /\/1\.0\/(search|count|get)\//

  test('there are routes of both kinds', () => {
    expect(routes.filter((key) => reading.test(key))).toHaveLength(18)
    expect(routes.filter((key) => !reading.test(key))).toHaveLength(17)
  })

  test.each(routes)('%s, for a read-only user', async (key) => {
    const [method = '', route = ''] = key.split(' ')
    const path = route.replace(/\{\w+\}/, '339590')
    const send = (who: SaqClient) =>
      who.send(method, path, method === 'GET' ? undefined : '<ServiceRequest><x/></ServiceRequest>', {})
    const { status, code } = await send(saq.as('saq-viewer'))
    expect([status, code === 'INSUFFICIENT_PERMISSION']).toEqual([200, !reading.test(key)])
    expect((await send(saq.as('no-saq'))).code).toBe('UNAUTHORIZED')
    expect((await send(saq.as('nobody'))).code).toBe('INVALID_CREDENTIALS')
    expect(await saq.count('user', criteria('id', 'EQUALS', 339590))).toBe(1)
  })

  test('a read-only user sees everything', async () => {
    const reader = saq.as('saq-viewer')
    expect(await reader.count('user')).toBe(5_000)
    expect((await reader.post('search/saq/user', filters(criteria('id', 'EQUALS', 339590)))).count).toBe(1)
  })

  test('an account that is no user of SAQ can create campaigns too', async () => {
    const { rows } = await saq.as('author').post('create/saq/questionnairecampaign', campaign(fullCampaign))
    expect([at(rows[0], 'user.id'), at(rows[0], 'user.userName')]).toEqual(['422036701', 'author'])
  })
})
