import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SaqKind, saqFields } from '../../../src/sandbox/data/saq/fields.ts'
import { invented } from '../../../src/sandbox/invented.ts'
import { createCampaignInputs, updateCampaignInputs } from '../../../src/sandbox/saq/campaign-inputs.ts'
import type { Shape } from '../../../src/sandbox/saq/elements.ts'
import {
  createTemplateInputs,
  elementsInputs,
  questionInputs,
  sectionInputs,
} from '../../../src/sandbox/saq/template-inputs.ts'
import {
  createUserInputs,
  updateUserInputs,
  updateUsersInputs,
} from '../../../src/sandbox/saq/user-changes.ts'
import { tagInputs } from '../../../src/sandbox/saq/user-tags.ts'
import { vendorRoutes } from '../../../src/sandbox/vendor.ts'
import { makeWorld } from '../../../src/sandbox/world.ts'
import type { XmlElement } from '../../../src/sandbox/xml-writer.ts'
import { campaign, fullCampaign, wholeTemplate } from './saq-bodies.ts'
import { data, SaqVisitor } from './saq-visitor.ts'

const listed = (kind: string, where: string) =>
  invented
    .filter((invention) => invention.what.startsWith(`${kind} `) && invention.where === where)
    .map(({ what }) => what.slice(kind.length + 1))
    .sort()

test.each(Object.entries(saqFields))(
  'every made-up element of %s is listed as invented, and no other',
  (kind, { invented: madeUp }) => {
    expect(listed('field', kind)).toEqual([...madeUp].sort())
  },
)

const below = (parent: string, shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([name, input]) => [`${parent}.${name}`, input]))
const tag = below('Tag', tagInputs)

test.each<[string, Shape]>([
  [
    'POST /qps/rest/1.0/create/saq/template',
    {
      ...createTemplateInputs,
      ...below('elements', elementsInputs),
      ...below('Section', sectionInputs),
      ...below('Question', questionInputs),
    },
  ],
  ['POST /qps/rest/1.0/create/saq/questionnairecampaign', createCampaignInputs],
  ['POST /qps/rest/1.0/update/saq/questionnairecampaign', updateCampaignInputs],
  ['POST /qps/rest/1.0/create/saq/user', { ...createUserInputs, ...tag }],
  ['POST /qps/rest/1.0/update/saq/user', { ...updateUsersInputs, ...tag }],
  ['POST /qps/rest/1.0/update/saq/user/{userId}', { ...updateUserInputs, ...tag }],
])('every made-up input of %s is listed as invented, and no other', (route, inputs) => {
  const madeUp = Object.entries(inputs).filter(([, { invented: ours }]) => ours)
  expect(listed('input', route)).toEqual(madeUp.map(([name]) => name).sort())
})

/** The paths of all elements within that hold text. */
function leaves({ children }: XmlElement, path = ''): string[] {
  return children.flatMap((child) => {
    const own = path === '' ? child.name : `${path}.${child.name}`
    return child.children.length > 0 ? leaves(child, own) : child.text === '' ? [] : [own]
  })
}

describe('with everything served', () => {
  let saq: SaqVisitor
  beforeAll(async () => {
    saq = await SaqVisitor.arrive()
  })
  afterAll(() => saq.leave())

  test.each<[SaqKind, string]>([
    ['templates', 'template'],
    ['librarytemplates', 'librarytemplate'],
    ['campaigns', 'questionnairecampaign'],
    ['questionnaires', 'questionnaire'],
    ['users', 'user'],
  ])('%s hold the elements of their table, and all of them', async (kind, object) => {
    const content = '<preferences><limitResults>1000</limitResults></preferences>'
    const { rows } = await saq.post(`search/saq/${object}`, content)
    const seen = new Set(rows.flatMap((row) => leaves(row)))
    // The owner of a seeded campaign has no tags.
    const { documented, invented: madeUp } = saqFields[kind]
    const expected = [...documented, ...madeUp].filter((path) => !path.startsWith('user.tags.'))
    expect([...seen].sort()).toEqual(expected.sort())
  })
})

describe('evidence: documented', () => {
  let saq: SaqVisitor
  beforeAll(async () => {
    saq = await SaqVisitor.arrive({ evidence: 'documented' })
  })
  afterAll(() => saq.leave())

  test('serves every route of SAQ but deleting a template', async () => {
    const routes = Object.entries(vendorRoutes(makeWorld({ jobs: 100 }))).filter(([key]) =>
      key.includes('/qps/'),
    )
    expect(routes).toHaveLength(36)
    for (const [key, { evidence }] of routes) {
      const [method = '', route = ''] = key.split(' ')
      const path = route.replace(/\{\w+\}/, '5')
      const body = method === 'GET' ? undefined : '<ServiceRequest><x/></ServiceRequest>'
      const { status } = await saq.send(method, path, body, {})
      expect([key, status]).toEqual([key, evidence === 'guessed' ? 404 : 200])
    }
  })

  test('creates templates and campaigns, and none from the library', async () => {
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
