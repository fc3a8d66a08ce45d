import { describe, expect } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { isEffect } from '../../src/operations/operation.ts'
import { type CarRead, carReads, scheduleId } from '../support/operations/car-reads.ts'
import { type SaqRead, saqReads } from '../support/operations/saq-reads.ts'
import { servedOperations } from '../support/operations/served-routes.ts'
import { effectRequests, type SandboxRequest, type TestSandbox } from '../support/sandbox.ts'
import { isSaq, test, vendorRequests } from './strict-sandbox.ts'

// The request of every operation on the wire: method, path, query, body and headers.

const contract: Readonly<Record<string, readonly (CarRead & SaqRead)[]>> = { ...carReads, ...saqReads }

/** The expected body: XML compared as text, JSON by its value. */
function expectBody(sent: string, body: object | undefined, xml?: string): void {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (xml !== undefined) expect(sent).toBe(`${declaration}<ServiceRequest>${xml}</ServiceRequest>`)
  else expect(sent === '' ? undefined : JSON.parse(sent)).toEqual(body)
}

/** The headers of every request of a tool; `type`: the content type of its body. */
function expectHeaders(
  { username, password }: TestSandbox,
  headers: SandboxRequest['headers'],
  name: string,
  type: string | undefined,
): void {
  const basic = `Basic ${btoa(`${username}:${password}`)}`
  // A client received XML unless both headers were JSON, also on GET; the page shows Accept alone.
  const inJson = !isSaq(name) || name === 'saq_get_version'
  expect(headers).toMatchObject({
    accept: inJson ? 'application/json' : 'application/xml',
    authorization: isSaq(name) ? basic : expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
    'user-agent': 'qualys-mcp',
    'x-requested-with': 'qualys-mcp',
  })
  expect(headers['content-type']).toBe(name === 'saq_get_version' ? 'application/json' : type)
}

const reads = servedOperations.filter((operation) => !isEffect(operation))
const carEffects = servedOperations.filter((operation) => isEffect(operation) && !isSaq(operation.name))

describe('every read on the wire', () => {
  test.for(reads)('each input of $name occurs', ({ name, input }) => {
    const used = (contract[name] ?? []).flatMap(({ args }) => Object.keys(args))
    expect(used).toEqual(expect.arrayContaining(Object.keys(input)))
  })

  const cases = reads.flatMap(({ name, route }) =>
    (contract[name] ?? []).map((one) => ({ name, method: route.split(' ')[0], ...one })),
  )
  test.for(cases)('$name $args', async (one, { sandbox, assistant }) => {
    const { name, method, args, path, query = {}, body, xml } = one
    if (name === 'car_download_report') {
      await sandbox.control.faults([
        { route: 'GET /sm/v1/reports/{reportId}/download', kind: 'reply', body: 'a,b' },
      ])
    }
    const { text, isError } = await assistant.call(name, args)
    // Names of tags are looked up besides.
    const requests = (await vendorRequests(sandbox)).filter(
      (sent) => sent.path === path || sent.path !== '/sm/v1/assettags/search',
    )
    expect(requests).toHaveLength(1)
    const [{ headers, ...request } = {} as SandboxRequest] = requests
    expectBody(request.body, body, xml)
    expect(request).toMatchObject({ method, path, query })
    expect(request.query).toEqual(query)
    expectHeaders(sandbox, headers, name, body ? 'application/json' : xml && 'text/xml')
    expect(isError, text).toBe(false)
  })
})

/**
 * The requests of the minimal calls of tools of CAR with an effect; their other forms:
 * test/unit/operations/requests.test.ts.
 */
const requests: Readonly<Record<string, { readonly path: string; readonly body?: object }>> = {
  car_create_script: {
    path: '/sm/v5/script',
    body: {
      title: 'Free space',
      typeId: 1,
      subType: 'Detection',
      languageId: 201,
      platform: 'WINDOWS',
      severity: 2,
      content: 'R2V0LVBTRHJpdmU=',
    },
  },
  car_update_script: { path: '/sm/v4/script/16515', body: { description: 'Free space on every drive.' } },
  car_clone_script: { path: '/sm/v1/scripts/16515/clone', body: {} },
  car_execute_script: {
    path: '/sm/v1/scripts/19218/execute',
    body: { testMode: false, assetIds: '21789601' },
  },
  car_import_library_script: {
    path: '/sm/v2/script-library/import',
    body: {
      id: 234564,
      title: 'From the library',
      categoryId: 1,
      typeId: 1,
      typeName: 'Custom Script',
      subType: 'Detection',
      approved: false,
    },
  },
  car_delete_invalid_asset_jobs: {
    path: '/sm/v1/assetjobs/delete',
    body: { ids: [expect.stringMatching(/^\d+$/)] },
  },
  car_create_schedule: {
    path: '/sm/v1/scripts/scheduler',
    body: {
      title: 'Free space, once',
      scripts: [{ id: 19218, title: 'Auto_script_22062022_074300047' }],
      scheduleType: 'ONE_TIME',
      startDate: '3981312000000',
      startTime: '3981342600000',
      assets: [{ id: 21789601, UUId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      activate: false,
    },
  },
  car_update_schedule: {
    path: `/sm/v1/scheduler/${scheduleId}`,
    body: {
      title: 'dfdfdfd',
      scripts: [{ id: 19218, title: 'Auto_script_22062022_074300047' }],
      scheduleType: 'ONE_TIME',
      startDate: 3981312000000,
      startTime: 3981342600000,
      assets: [{ id: 21789601, UUId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      // As they are stored.
      assetTags: [{ id: 7512800, UUId: '6c9a2e14-5b7d-4d3f-8e21-90b4c8d5a6f7' }],
      activate: false,
      allTagsForAssetsEnabled: false,
      executionPolicyBypassEnabled: false,
      rebootAfterScriptExecution: false,
    },
  },
  car_activate_schedule: { path: `/sm/v1/scheduler/${scheduleId}/activate`, body: {} },
  car_deactivate_schedule: { path: `/sm/v1/scheduler/${scheduleId}/deactivate`, body: {} },
  car_delete_schedule: { path: `/sm/v1/scheduler/${scheduleId}` },
  car_add_blocked_commands: {
    path: '/sm/v1/block-commands',
    body: { languageId: 201, commands: 'runas' },
  },
  car_update_blocked_commands: {
    path: '/sm/v2/block-commands/update',
    body: { languageId: 201, commandId: 102, commands: 'runas' },
  },
  car_delete_blocked_commands: { path: '/sm/v2/block-commands/delete', body: { commandIds: [102] } },
  car_block_assets: { path: '/sm/v1/block-assets', body: { ids: [21789601] } },
  car_unblock_assets: { path: '/sm/v1/block-assets/delete', body: { ids: [21829329] } },
  car_block_tags: { path: '/sm/v1/block-tags', body: { ids: [7512800] } },
  car_unblock_tags: { path: '/sm/v1/block-tags/delete', body: { ids: [7512860] } },
  car_generate_report: {
    path: '/sm/v1/reports',
    body: { reportName: 'Runs', templateName: 'Script Job Report', fileFormat: 'CSV' },
  },
  car_delete_report: { path: expect.stringMatching(/^\/sm\/v1\/reports\/[0-9a-f-]{36}$/) },
}

describe('every effect on the wire', () => {
  test('no entry is about an operation that does not exist', () => {
    const names = operations.map(({ name }) => name)
    expect(Object.keys(requests).filter((name) => !names.some((one) => one === name))).toEqual([])
  })

  test.for(carEffects)('$name, in one request', async ({ name, route }, { sandbox, assistant, least }) => {
    await sandbox.control.faults([{ route, kind: 'reply', body: { body: { id: 1 } } }])
    const { text } = await assistant.call(name, least[name])
    const sent = await effectRequests(sandbox.control)
    expect(sent, text).toHaveLength(1)
    const [{ headers, ...request } = {} as SandboxRequest] = sent
    const expected = requests[name]
    expect(request).toMatchObject({ method: route.split(' ')[0], query: {} })
    const type = request.method === 'DELETE' ? undefined : 'application/json'
    expectHeaders(sandbox, headers, name, type)
    if (!expected) return
    expect(request).toMatchObject({ path: expected.path })
    expectBody(request.body, expected.body)
  })
})
