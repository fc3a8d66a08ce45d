import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  hasPermission,
  type Permission,
  permissions,
  type Role,
  roles,
} from '../../../src/sandbox/data/roles.ts'
import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'
import { customScript } from './car/bodies.ts'
import { SandboxClient } from './sandbox-client.ts'

let visitor: SandboxClient
const users = new Map<Role, SandboxClient>()
beforeAll(async () => {
  visitor = await SandboxClient.arrive({ jobs: 100 })
  users.set('manager', visitor)
  for (const role of ['author', 'operations', 'auditor', 'viewer'] as const)
    users.set(role, await visitor.as(role))
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const routes = Object.entries(vendorRoutes)
/** Routes whose permission depends on the body, or that require none. */
const decidedLater: readonly string[] = [
  'POST /sm/v1/assets/search',
  'POST /sm/v1/assettags/search',
  'execute',
]

test('every route of /sm requires a permission, with a few exceptions', () => {
  const free = routes.filter(([, { permission: needs }]) => needs === undefined).map(([key]) => key)
  const explained = (key: string) => !key.includes(' /sm/') || decidedLater.some((name) => key.endsWith(name))
  const retired = /\/v[123]\/script$|\/v[123]\/script\/\{|block-commands\/\{/
  expect(free.filter((key) => !explained(key) && !retired.test(key))).toEqual([])
})

test('every permission is required by some route, or by a field of one', () => {
  const asked = new Set<Permission>(routes.flatMap(([, { permission: needs }]) => (needs ? [needs] : [])))
  const byField: Permission[] = ['script execute', 'script evaluate', 'script approve']
  expect(permissions.filter((one) => !asked.has(one) && !byField.includes(one))).toEqual([])
})

describe.each(roles)('%s', (role) => {
  test.each(routes.filter(([, { permission: needs }]) => needs))('%s', async (key, { permission: needs }) => {
    const [method = '', path = ''] = key.split(' ')
    const body = method === 'GET' || method === 'DELETE' ? undefined : '{"nonsense":1}'
    const { token } = users.get(role) ?? visitor
    const { status, json } = await visitor.send(method, path.replaceAll(/\{\w+\}/g, '1'), body, {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    })
    const allowed = needs !== undefined && hasPermission(role, needs)
    expect(status === 403).toBe(!allowed)
    if (!allowed) {
      expect(json).toEqual({ errorCode: '403', message: expect.stringContaining(needs ?? ''), body: null })
    }
  })
})

test('permissions that a field requires', async () => {
  const status = async (role: Role, body: object) =>
    (await users.get(role)?.post('/sm/v1/scripts/16515/execute', body))?.status
  const [lab] = (await visitor.dump<{ id: number; uuid: string; lab: boolean }>('assets')).filter(
    (asset) => asset.lab,
  )
  const evaluation = { testMode: true, testAssets: [{ id: lab?.id, UUId: lab?.uuid }] }
  expect(await status('author', { assetIds: '21789601' })).toBe(403)
  expect(await status('author', evaluation)).toBe(200)
  expect(await status('operations', { assetIds: '21789601' })).toBe(200)
  expect(await status('operations', evaluation)).toBe(403)
  expect(await status('viewer', { assetIds: '21789601' })).toBe(403)
})

test('an author cannot approve', async () => {
  const author = users.get('author') as SandboxClient
  const consent = { ...customScript, scriptApprovalUserConsent: true }
  expect((await author.post('/sm/v5/script', consent)).json.message).toMatch(/script approve/)
  const { json } = await author.post('/sm/v5/script', customScript)
  const { id } = json.body as unknown as { id: number }
  const approval = { scriptApprovalUserConsent: true }
  expect((await author.patch(`/sm/v4/script/${id}`, approval)).status).toBe(403)
  expect((await visitor.patch(`/sm/v4/script/${id}`, approval)).status).toBe(200)
  expect((await visitor.get(`/sm/v1/scripts/${id}`)).json.body).toMatchObject({
    createdBy: { name: 'author' },
    status: 'APPROVED',
  })
})
