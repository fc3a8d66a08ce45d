import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SaqKind, saqFields } from '../../../../src/sandbox/data/saq/fields.ts'
import { vendorRoutes } from '../../../../src/sandbox/server/routes.ts'
import type { XmlElement } from '../../../../src/sandbox/xml/writer.ts'
import { campaign, fullCampaign, wholeTemplate } from './saq-bodies.ts'
import { data, SaqClient } from './saq-client.ts'

// The list of assumptions: test/unit/sandbox/evidence.test.ts.

/** The paths of all elements with text. */
function leaves({ children }: XmlElement, path = ''): string[] {
  return children.flatMap((child) => {
    const own = path === '' ? child.name : `${path}.${child.name}`
    return child.children.length > 0 ? leaves(child, own) : child.text === '' ? [] : [own]
  })
}

describe('with every assumption served', () => {
  let saq: SaqClient
  beforeAll(async () => {
    saq = await SaqClient.arrive()
  })
  beforeEach(async () => {
    await saq.visitor.control('POST', 'reset')
  })
  afterAll(() => saq.leave())

  test.each<[SaqKind, string]>([
    ['templates', 'template'],
    ['librarytemplates', 'librarytemplate'],
    ['campaigns', 'questionnairecampaign'],
    ['questionnaires', 'questionnaire'],
    ['users', 'user'],
  ])('%s have exactly the elements of their table', async (kind, object) => {
    const content = '<preferences><limitResults>1000</limitResults></preferences>'
    const { rows } = await saq.post(`search/saq/${object}`, content)
    const seen = new Set(rows.flatMap((row) => leaves(row)))
    // The owner of a seeded campaign has no tags.
    const { documented, assumed } = saqFields[kind]
    const expected = [...documented, ...(assumed?.names ?? [])].filter(
      (path) => !path.startsWith('user.tags.'),
    )
    expect([...seen].sort()).toEqual(expected.sort())
  })
})

describe('evidence: documented', () => {
  let saq: SaqClient
  beforeAll(async () => {
    saq = await SaqClient.arrive({ evidence: 'documented' })
  })
  beforeEach(async () => {
    await saq.visitor.control('POST', 'reset')
  })
  afterAll(() => saq.leave())

  test('serves every route of SAQ except deleting a template', async () => {
    const routes = Object.entries(vendorRoutes).filter(([key]) => key.includes('/qps/'))
    expect(routes).toHaveLength(36)
    for (const [key, { evidence }] of routes) {
      const [method = '', route = ''] = key.split(' ')
      const path = route.replace(/\{\w+\}/, '5')
      const body = method === 'GET' ? undefined : '<ServiceRequest><x/></ServiceRequest>'
      const { status } = await saq.send(method, path, body, {})
      expect([key, status]).toEqual([key, evidence === 'guessed' ? 404 : 200])
    }
  })

  test('creates templates and campaigns, but none from the library', async () => {
    const create = (content: string) => saq.post('create/saq/template', data('Template', content))
    expect((await create(wholeTemplate)).code).toBe('SUCCESS')
    expect(await create('<libraryTemplate><id>10030</id></libraryTemplate>')).toMatchObject({
      status: 200,
      code: 'INVALID_REQUEST',
      message: 'libraryTemplate: Element must not be set.',
    })
    const made = await saq.post('create/saq/questionnairecampaign', campaign(fullCampaign))
    expect(made.code).toBe('SUCCESS')
  })
})
