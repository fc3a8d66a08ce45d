import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { operations } from '../../src/operations/index.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { testOn, unattendedSettings } from '../support/fixtures.ts'
import { minimalArgumentsOn } from '../support/operations/minimal-arguments.ts'
import { type SaqRead, saqReads } from '../support/operations/saq-reads.ts'
import { effectRequests, type SandboxRequest, type TestSandbox } from '../support/sandbox.ts'

/** A sandbox that accepts only documented fields, and the arguments of the tools with an effect. */
const test = testOn({ jobs: 200 }, unattendedSettings)
  .extend<{ sandbox: TestSandbox }>({
    sandbox: async ({ sandbox }, use) => {
      await sandbox.control.knobs({ strictBody: true, strictContentType: true })
      await use(sandbox)
    },
  })
  .extend<{ least: Readonly<Record<string, object>> }>({
    least: async ({ sandbox }, use) => use(await minimalArgumentsOn(sandbox.control)),
  })

/** The requests the sandbox received, without logins. */
async function vendorRequests({ control }: TestSandbox): Promise<SandboxRequest[]> {
  return (await control.requests()).filter(({ path }) => path !== '/auth')
}

/** One call: the arguments that an assistant passes, and the expected request. No body: none may be sent. */
interface Case extends SaqRead {
  readonly query?: Record<string, string>
  readonly body?: Record<string, unknown>
}

const newest = [{ 'created.dateTime': 'desc' }, { id: 'desc' }]
const byNumber = { pageSize: 20, pageNumber: 0 }
const from = { startAt: '2025-05-26T11:47:56.810Z', endAt: '2025-06-26' }
/** release_2_6_api.htm spells dates so; a day alone, as an end, means the end of that day. */
const fromOnWire = { startAt: '2025-05-26T11:47:56.810Z', endAt: '2025-06-26T23:59:59.999Z' }
const reportId = '4735c320-1b2c-4d3e-8f4a-5b6c7d8e9f01'
const scheduleId = '23f97a1f-76f4-4e85-a7c2-566f120874fc'

const contract: Record<string, readonly Case[]> = {
  // No page gives scripts startAt or endAt (car-api.md 2.5): filters that the sandbox does not accept have no
  // entry.
  car_search_scripts: [
    // getting_started.htm: {"filter": "status:APPROVED", "pageSize": 30, "pageNumber": 0}
    {
      args: { filter: 'status:APPROVED', pageSize: 30 },
      path: '/sm/v1/scripts/search',
      body: { filter: 'status:APPROVED', pageSize: 30, pageNumber: 0, sort: newest },
    },
    {
      args: { sort: ['title:asc'] },
      path: '/sm/v1/scripts/search',
      body: { ...byNumber, sort: [{ title: 'asc' }, { id: 'asc' }] },
    },
  ],
  car_get_script: [{ args: { scriptId: 19218 }, path: '/sm/v1/scripts/19218' }],
  car_export_scripts: [
    { args: { ids: [16515] }, path: '/sm/v1/scripts/export', query: { ids: '16515' } },
    { args: { ids: ['16515', 19218] }, path: '/sm/v1/scripts/export', query: { ids: '16515,19218' } },
  ],
  car_list_script_types: [{ args: {}, path: '/sm/v1/script-types' }],
  car_list_script_languages: [{ args: { pageSize: 3, match: 'shell' }, path: '/sm/v1/script-language' }],
  car_search_jobs: [
    { args: {}, path: '/sm/v2/jobs/search', body: { pageSize: 20, sort: newest } },
    {
      args: { scriptId: '19218', ...from, sort: ['title:asc', 'id:desc'], pageSize: 200 },
      path: '/sm/v2/jobs/search',
      body: {
        filter: 'scriptId:19218',
        sort: [{ title: 'asc' }, { id: 'desc' }],
        pageSize: 200,
        ...fromOnWire,
      },
    },
    // list_script_jobs.htm: script.name:Script test for subscribed modules
    {
      args: {
        scriptName: 'Script test for subscribed modules',
        scriptId: 7,
        filter: 'test:true OR severity:5',
      },
      path: '/sm/v2/jobs/search',
      body: {
        filter: 'scriptId:7 AND script.name:Script test for subscribed modules AND (test:true OR severity:5)',
        pageSize: 20,
        sort: newest,
      },
    },
    {
      args: { scriptName: 'Ports | "all" and more' },
      path: '/sm/v2/jobs/search',
      body: { filter: 'script.name:`Ports | "all" and more`', pageSize: 20, sort: newest },
    },
  ],
  car_search_asset_jobs: [
    // list_asset_jobs.htm: {"filter": "job.id:80507", "includeScriptResult": true, "sort": …}
    {
      args: { jobId: 80507, includeOutput: true, ...from },
      path: '/sm/v2/assetjobs/search',
      body: { filter: 'job.id:80507', includeScriptResult: true, pageSize: 20, sort: newest, ...fromOnWire },
    },
    {
      args: { filter: 'job.id:80507', sort: ['created.dateTime:asc'], outcome: 'failed' },
      path: '/sm/v2/assetjobs/search',
      body: { filter: 'job.id:80507', pageSize: 1_000, sort: [{ 'created.dateTime': 'asc' }, { id: 'asc' }] },
    },
  ],
  car_search_assets: [
    { args: {}, path: '/sm/v1/assets/search', body: { pageSize: 20, sort: [{ id: 'asc' }] } },
    {
      args: { filter: 'platform:WINDOWS', sort: ['name:desc'], pageSize: 5 },
      path: '/sm/v1/assets/search',
      body: { filter: 'platform:WINDOWS', pageSize: 5, sort: [{ name: 'desc' }, { id: 'desc' }] },
    },
  ],
  car_search_asset_tags: [
    {
      args: { filter: 'name:Servers' },
      path: '/sm/v1/assettags/search',
      body: { filter: 'name:Servers', ...byNumber },
    },
  ],
  car_search_schedules: [
    // release_2_6_api.htm: the sort is a string.
    {
      args: { filter: 'title:Nightly', ...from, sort: ['title:asc'] },
      path: '/sm/v1/scheduler/search',
      body: { filter: 'title:Nightly', ...byNumber, ...fromOnWire, sort: '[{"title":"asc"},{"id":"asc"}]' },
    },
    {
      args: {},
      path: '/sm/v1/scheduler/search',
      body: { ...byNumber, sort: '[{"created.dateTime":"desc"},{"id":"desc"}]' },
    },
  ],
  car_get_schedule: [{ args: { scheduleId }, path: `/sm/v1/scheduler/${scheduleId}` }],
  car_search_blocked_commands: [
    {
      args: { filter: 'languageId:201' },
      path: '/sm/v1/block-commands/search',
      body: { filter: 'languageId:201', ...byNumber },
    },
  ],
  car_list_reports: [
    { args: {}, path: '/sm/v1/reports', query: { limit: '20', offset: '0' } },
    { args: { pageSize: 50 }, path: '/sm/v1/reports', query: { limit: '50', offset: '0' } },
  ],
  car_download_report: [{ args: { reportId }, path: `/sm/v1/reports/${reportId}/download` }],
  ...saqReads,
}

const isSaq = (name: string): boolean => name.startsWith('saq_')

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

const reads = operations.filter(({ effect }) => effect === 'read')
const effects = operations.filter(({ effect }) => effect !== 'read')
const carEffects = effects.filter(({ name }) => !isSaq(name))

describe('every read on the wire', () => {
  test.for(reads)('$name has an entry here, and each of its inputs occurs', ({ name, input }) => {
    const used = (contract[name] ?? []).flatMap(({ args }) => Object.keys(args))
    expect(used).toEqual(expect.arrayContaining(Object.keys(input)))
    expect(contract).toHaveProperty(name)
  })

  test('no entry is about an operation that does not exist', () => {
    expect(Object.keys(contract).sort()).toEqual(reads.map(({ name }) => name).sort())
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
    const requests = await vendorRequests(sandbox)
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
 * The request of the minimal call of every tool of CAR with an effect; their other forms:
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
  test('has an entry here', () => {
    expect(Object.keys(requests)).toEqual(carEffects.map(({ name }) => name))
  })

  test.for(carEffects)('$name, in one request', async ({ name, route }, { sandbox, assistant, least }) => {
    await sandbox.control.faults([{ route, kind: 'reply', body: { body: { id: 1 } } }])
    const { text } = await assistant.call(name, least[name])
    const sent = await effectRequests(sandbox.control)
    expect(sent, text).toHaveLength(1)
    const [{ headers, ...request } = {} as SandboxRequest] = sent
    const { path, body } = requests[name] ?? {}
    expect(request).toMatchObject({ method: route.split(' ')[0], path, query: {} })
    expectBody(request.body, body)
    expectHeaders(sandbox, headers, name, body && 'application/json')
  })
})

interface Sample {
  readonly page: string
  readonly note: string
  readonly request?: Record<string, unknown>
  /** The arguments of an effect; the minimal ones if absent. */
  readonly args?: Record<string, unknown>
  /** An XML sample is in a file of that type. */
  readonly reply?: unknown
  /** The rows that the assistant must get. */
  readonly rows?: readonly object[]
  /** For a record or an effect: the answer without its envelope. */
  readonly record?: object
  /** The first line of the reply to an effect. */
  readonly said?: string
}

const folder = new URL('../samples/', import.meta.url)
const sampleOf = async (name: string): Promise<Sample & { reply: unknown }> => {
  const sample: Sample = JSON.parse(await readFile(new URL(`${name}.json`, folder), 'utf8'))
  const reply = sample.reply ?? (await readFile(new URL(`${name}.xml`, folder), 'utf8'))
  return { ...sample, reply }
}
const samples = readdirSync(folder).map((file) => file.replace(/\.\w+$/, ''))
const documented = operations.filter(({ evidence }) => evidence === 'documented')
const confirmed = documented.filter(({ effect }) => effect !== 'read')
/** Samples of reads, each with its operation; the second step of a walk has a test of its own. */
const shown = [...new Set(samples)]
  .filter((sample) => sample !== 'car_search_jobs-2')
  .flatMap((sample) => {
    const operation = reads.find(({ name }) => name === sample.replace(/-\d$/, ''))
    return operation ? [{ sample, operation }] : []
  })
const argsOf = ({ name, returns, input }: Operation): Record<string, unknown> => {
  if (name === 'car_export_scripts') return { ids: ['16515'] }
  if (returns === 'rows') return { pageSize: 10 }
  return Object.fromEntries(Object.keys(input).flatMap((one) => (one.endsWith('Id') ? [[one, '1']] : [])))
}
/** The pages show JSON for both products, and XML for SAQ. */
const typeOf = (reply: unknown): string => (typeof reply === 'string' ? 'text/xml' : 'application/json')

describe('the samples that Qualys prints', () => {
  test.for(confirmed)(
    '$name: its sample is read as a success',
    async (operation, { sandbox, session, assistant, least }) => {
      const { name, route } = operation
      const { page, note, args = { ...least[name] }, reply, record, said } = await sampleOf(name)
      expect(page).toMatch(/^https:\/\/docs\.qualys\.com\/en\/(car|saq)\/api\//)
      expect(note).not.toBe('')
      await sandbox.control.faults([{ route, kind: 'reply', body: reply, contentType: typeOf(reply) }])
      const answer = await session.call(operation, z.object(operation.input).parse(args))
      // Answers of SAQ repeat the whole object: only the fields that the code reads are compared.
      if (isSaq(name)) return expect(answer).toMatchObject({ kind: 'record', record, drift: [] })
      expect(answer).toStrictEqual({ kind: 'record', record, drift: [] })
      const [line] = (await assistant.call(name, args)).text.split('\n')
      // A schedule is verified after the effect, and the canned answer has created none.
      if (name.endsWith('_schedule'))
        expect(line).toMatch(/^Qualys took schedule [0-9a-f-]{36} .* Switch it off: /)
      else expect(line).toBe(said)
    },
  )

  test.for(shown)('$sample is read', async ({ sample, operation }, { sandbox, session }) => {
    const { page, note, reply, rows, record } = await sampleOf(sample)
    expect(page).toMatch(/^https:\/\/docs\.qualys\.com\/en\/(car|saq)\//)
    expect(note).not.toBe('')
    const { route } = operation
    const canned = { kind: 'reply', body: reply, contentType: typeOf(reply) }
    await sandbox.control.faults(
      [route, route.replace('POST', 'GET')].map((at) => ({ route: at, ...canned })),
    )
    const answer = await session.call(operation, argsOf(operation))
    if (answer.kind === 'file') {
      expect(answer.mediaType).toBe('application/json')
      expect(JSON.parse(answer.bytes.toString())).toEqual(reply)
      return
    }
    expect(answer.drift).toEqual([])
    const read = answer.kind === 'record' ? answer.record : answer.rows
    expect(JSON.parse(JSON.stringify(read))).toStrictEqual(record ?? rows)
  })

  test('every documented operation has a sample, and every sample an operation', () => {
    const named = [...new Set(samples.map((sample) => sample.replace(/-\d$/, '')))]
    expect(named).toEqual(expect.arrayContaining(documented.map(({ name }) => name)))
    expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining(named))
  })

  // getting_started.htm, "Fetching More than Ten Thousand Events".
  test('jobs/search, both steps: the same requests, the same rows', async ({ sandbox, session }) => {
    const [first, second] = [await sampleOf('car_search_jobs'), await sampleOf('car_search_jobs-2')]
    const filter = String(first.request?.['filter'])
    const jobs = documented.find(({ name }) => name === 'car_search_jobs')
    if (!jobs) throw new Error('no car_search_jobs')
    const step1 = await session.call(jobs, { filter, pageSize: 10 })
    // Step 2 continues after the sort values of the sandbox's seventh job.
    const seven = await session.call(jobs, { filter, pageSize: 7 })
    const continuationToken = seven.kind === 'page' ? seven.continuationAfter(7) : undefined
    const step2 = await session.call(jobs, { filter, pageSize: 10, continuationToken })
    const bodies = (await vendorRequests(sandbox)).map(({ body }) => JSON.parse(body))
    expect(bodies).toStrictEqual([first.request, { ...first.request, pageSize: 7 }, second.request])
    expect(step1).toMatchObject({
      total: 80,
      offset: 0,
      rows: expect.arrayContaining([...(first.rows ?? [])]),
    })
    expect(step2).toMatchObject({ total: 80, offset: 7 })
    expect(step2.kind === 'page' && step2.rows.slice(0, 4)).toStrictEqual(second.rows)

    await sandbox.control.faults([{ route: jobs.route, kind: 'reply', body: second.reply }])
    const served = await session.call(jobs, { filter, pageSize: 10, continuationToken })
    expect(served).toMatchObject({ total: 80, drift: [] })
    expect(served.kind === 'page' && served.rows).toStrictEqual(second.rows)
  })

  test('named inputs produce the same request', async ({ sandbox, assistant }) => {
    const { request } = await sampleOf('car_search_jobs')
    await assistant.call('car_search_jobs', { scriptName: 'Auto_script_22062022_074300047', pageSize: 10 })
    expect(JSON.parse((await vendorRequests(sandbox))[0]?.body ?? '')).toStrictEqual(request)
  })
})
