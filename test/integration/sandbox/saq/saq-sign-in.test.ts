import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SaqClient } from './saq-client.ts'

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const version = (who = saq, headers = {}) => who.send('GET', '/qps/rest/portal/version', undefined, headers)

describe('user name and password', () => {
  test.each([
    ['sandbox_ab1', 'sandbox1'],
    ['sandbox_cd2', 'sandbox2'],
    ['saq-viewer', 'sandbox1'],
    ['saq-emea', 'sandbox1'],
    ['no-car', 'sandbox1'],
  ])('%s is accepted', async (username, password) => {
    expect(await version(saq.as(username, password))).toMatchObject({ status: 200, code: 'SUCCESS' })
  })

  test.each([
    ['sandbox_ab1', 'sandbox2'],
    ['sandbox_ab1', ''],
    ['nobody', 'sandbox1'],
    ['SANDBOX_AB1', 'sandbox1'],
    ['locked', ''],
    ['no-api', 'sandbox1'],
  ])('%s with %j is refused, inside HTTP 200', async (username, password) => {
    const { status, code, message, resolution, text } = await version(saq.as(username, password))
    expect([status, code, message, resolution]).toEqual([
      200,
      'INVALID_CREDENTIALS',
      'Authentication failed',
      'Verify both, user and password credentials.',
    ])
    expect(text).toContain('/qps/xsd/2.0/am/hostasset.xsd"')
  })

  test.each(['', 'Basic', 'Basic !!!', 'sandbox_ab1:sandbox1', `Basic ${btoa('sandbox_ab1')}`])(
    'and so is %j',
    async (authorization) => {
      expect((await version(saq.bearing(authorization))).code).toBe('INVALID_CREDENTIALS')
    },
  )

  test('a password may hold colons: the first one is the separator', async () => {
    expect((await version(saq.as('sandbox_ab1', 'sandbox:x'))).code).toBe('INVALID_CREDENTIALS')
    expect((await version(saq.as('sandbox_ab1:sandbox1', ''))).code).toBe('INVALID_CREDENTIALS')
  })

  test('401 by a knob', async () => {
    await saq.knobs({ saqLoginStatus: 401 })
    const { status, code, headers } = await version(saq.as('nobody'))
    expect([status, code, headers.get('www-authenticate')]).toEqual([
      401,
      'INVALID_CREDENTIALS',
      'Basic realm="Qualys"',
    ])
    expect((await version(saq.as('no-saq'))).status).toBe(200)
  })

  test('a user without API access is UNAUTHORIZED, inside HTTP 200', async () => {
    expect(await saq.as('no-saq').post('search/saq/user')).toMatchObject({
      status: 200,
      code: 'UNAUTHORIZED',
      message: 'You are not authorized to access the application through the API.',
      resolution: 'If you think this is an error, please contact your account manager.',
    })
  })

  test('they are checked before the path', async () => {
    expect((await saq.as('nobody').get('no/such/path')).code).toBe('INVALID_CREDENTIALS')
    expect((await saq.get('no/such/path')).status).toBe(404)
  })
})

describe('a JWT of the gateway', () => {
  const bearer = async (username: string) => saq.bearing(`Bearer ${(await saq.visitor.as(username)).token}`)

  test('is refused', async () => {
    expect((await version(await bearer('sandbox_ab1'))).code).toBe('INVALID_CREDENTIALS')
  })

  test('is accepted with a knob, for the user it was issued to', async () => {
    await saq.knobs({ saqBearer: true })
    expect((await version(await bearer('sandbox_ab1'))).code).toBe('SUCCESS')
    expect((await version(await bearer('no-saq'))).code).toBe('UNAUTHORIZED')
    expect((await version(saq.bearing('Bearer x.y.z'))).code).toBe('INVALID_CREDENTIALS')
    const own = await bearer('saq-emea')
    expect(await own.count('questionnairecampaign')).toBe(
      await saq.as('saq-emea').count('questionnairecampaign'),
    )
  })
})

describe('the version', () => {
  const keys = ['PortalApplication', 'WAS', 'VM', 'CM', 'MDS', 'CA', 'QUESTIONNAIRE', 'WAF']

  test('in XML', async () => {
    const { headers, parts, count, rows, text } = await version()
    expect(headers.get('content-type')).toBe('application/xml')
    expect([parts, count]).toEqual([['responseCode', 'count', 'data'], 1])
    expect(rows[0]?.name).toBe('Portal-Version')
    expect(rows[0]?.children).toHaveLength(12)
    expect(text).toContain('<QUESTIONNAIRE-VERSION>2.14.0.4</QUESTIONNAIRE-VERSION>')
    expect(text).toContain(
      `xsi:noNamespaceSchemaLocation="${saq.visitor.sandbox.apiUrl}/qps/xsd/version.xsd"`,
    )
  })

  test('in JSON by Accept, as the page prints it', async () => {
    const answer = JSON.parse((await version(saq, { accept: 'application/json' })).text)
    const { data, responseCode, count } = answer.ServiceResponse
    expect([responseCode, count, data.length]).toEqual(['SUCCESS', 1, 1])
    expect(Object.keys(data[0]['Portal-Version'])).toEqual(keys.map((key) => `${key}-VERSION`))
    expect(data[0]['Portal-Version']['PortalApplication-VERSION']).toBe(
      '2.33.0.0-SNAPSHOT-1 DEVELOP #352 (2018-05-07T22:53:43Z)',
    )
  })

  test('with a slash at the end, by no other method', async () => {
    expect((await saq.send('GET', '/qps/rest/portal/version/', undefined, {})).code).toBe('SUCCESS')
    const { status, headers } = await saq.send('POST', '/qps/rest/portal/version', '', {})
    expect([status, headers.get('allow'), headers.get('content-type')]).toEqual([
      405,
      'GET',
      'text/html;charset=utf-8',
    ])
  })
})
