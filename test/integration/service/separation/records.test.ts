import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { verifyAudit } from '../../../../src/tools/effects/audit/verify-audit.ts'
import type { Json } from '../../../support/service/answer.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openTestIssuer } from '../../../support/service/issuer.ts'

// The audit log, the budgets and the request log name who called, and how they were known.

const test = serviceTestOn({ jobs: 100, assets: 60 })

const callers = {
  ada: { role: 'operator', person: 'Ada L.' },
  eve: { role: 'operator', person: 'Eve M.' },
} as const
const unattended = { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '10' }
const clone = (title: string) => ['car_clone_script', { scriptId: 61179, title }] as const
const run = ['car_execute_script', { scriptId: 19218, assetIds: [21789601] }] as const

/** Who made the call of each line: what the first line of a chain says, unless the line says otherwise. */
function callersOf(lines: readonly Json[]): readonly (readonly [string, unknown])[] {
  const first = lines[0]?.['facts'] as Json
  return lines.slice(1).map((line) => {
    const facts = line['facts'] as Json
    return [String(line['event']), facts['caller'] ?? first['caller']]
  })
}

test.for(revisions)(
  '%s: each line of the audit log has its caller, person and how they were known',
  async (revision, { serve }) => {
    const service = await serve({ callers, settings: unattended })
    for (const name of ['ada', 'eve', 'ada'])
      expect(
        (await service.client(name, { revision }).call(...clone(`Of ${name} ${Math.random()}`))).isError,
      ).toBe(false)
    const events = ['asked', 'approved', 'sent', 'answered']
    const said = callersOf(service.audit())
    expect(said.map(([event]) => event)).toEqual([...events, ...events, ...events])
    expect(said.map(([, caller]) => caller)).toEqual(
      ['ada', 'eve', 'ada'].flatMap((name) => {
        const caller = { name, person: callers[name as 'ada'].person, knownBy: 'callers file' }
        return events.map(() => caller)
      }),
    )
    await service.close()
    expect((await verifyAudit(join(service.folder, 'audit.jsonl'))).ok).toBe(true)
  },
)

test('a refusal names who was refused', async ({ serve }) => {
  const service = await serve({ callers, settings: { ...unattended, QUALYS_MAX_ASSETS_PER_RUN: '0' } })
  await service.client('ada').call(...run)
  await service.client('eve').call(...run)
  const said = callersOf(service.audit())
  expect(said.map(([event, caller]) => [event, (caller as Json)['name']])).toEqual([
    ['asked', 'ada'],
    ['refused', 'ada'],
    ['asked', 'eve'],
    ['refused', 'eve'],
  ])
})

test('a client that does not say its name is not given that of another', async ({ serve }) => {
  const service = await serve({ callers, settings: unattended })
  await service.client('ada', { revision: '2026-07-28' }).call(...clone('One'))
  await service.client('ada', { revision: '2025-11-25' }).call(...clone('Two'))
  const [first, ...lines] = service.audit().map(({ facts }) => facts as Json)
  expect(first?.['client']).toEqual({ name: 'by hand', version: '1' })
  // The second call came without a name: its lines must not be read as those of the client of the first line.
  for (const facts of lines.slice(4)) expect(facts).toHaveProperty('client')
})

test('a caller of the issuer is known by it', async ({ serve }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers, settings: { ...unattended, ...issuer.settings } })
  await service.client('ada').call(...clone('One'))
  const token = await issuer.token({ sub: 'auth0|ada/1', scope: 'qualys.run' })
  await service.client('x', { token }).call(...clone('Two'))
  const [, second] = ['callers file', 'issuer']
  const said = callersOf(service.audit()).map(([, caller]) => caller as Json)
  expect(said.at(-1)).toEqual({
    name: expect.stringMatching(/^auth0_ada_1-[0-9a-f]{16}$/),
    person: 'auth0|ada/1',
    knownBy: second,
  })
})

test('budgets count for all callers together and for each, and each line names whose it is', async ({
  serve,
  effects,
}) => {
  const service = await serve({
    callers: { ...callers, max: { role: 'viewer' } },
    settings: { ...unattended, QUALYS_MAX_RUNS_PER_HOUR: '2' },
  })
  expect((await service.client('ada').call(...run)).isError).toBe(false)
  expect((await service.client('eve').call(...run)).isError).toBe(false)
  expect((await service.client('eve').call(...run)).text).toContain('QUALYS_MAX_RUNS_PER_HOUR')
  expect((await service.client('ada').call(...run)).text).toContain('QUALYS_MAX_RUNS_PER_HOUR')
  expect(await effects()).toHaveLength(2)
  for (const [name, n] of [
    ['ada', 1],
    ['eve', 1],
    ['max', 0],
  ] as const)
    expect((await service.client(name).call('qualys_status', {})).text).toContain(
      `0 of 2 runs of this hour’s budget are left, ${n} spent by this caller`,
    )
  const lines = readFileSync(join(service.folder, 'budget.jsonl'), 'utf8').trim().split('\n')
  const spent = lines.map((line) => JSON.parse(line) as Json)
  expect(
    spent
      .filter(({ n }) => Number(n) > 0)
      .map(({ caller }) => caller)
      .slice(0, 2),
  ).toEqual(['http:ada', 'http:eve'])
  expect(new Set(spent.map(({ caller }) => caller))).toEqual(new Set(['http:ada', 'http:eve']))
})

test('each line of the log that a call writes has its caller, and one line a request says how it ended', async ({
  serve,
  sandbox,
}) => {
  const service = await serve({ callers })
  await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'status', status: 403 }])
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await Promise.all([
    service.client('ada').call('car_list_script_types', {}, {}, { headers: { traceparent } }),
    service.client('eve').call('car_list_script_languages'),
    service.client('x', { token: 'z'.repeat(40) }).request('tools/list'),
  ])
  const ended = service.lines().filter(({ msg }) => msg === 'request ended')
  expect(
    new Set(ended.map(({ caller, tool, outcome, status }) => [caller, tool, outcome, status].join(' '))),
  ).toEqual(
    new Set([
      'http:ada car_list_script_types setup 200',
      'http:eve car_list_script_languages ok 200',
      '  caller 401',
    ]),
  )
  expect(ended).toHaveLength(3)
  const ofAda = service
    .lines()
    .filter(({ requestId }) => requestId === ended.find(({ caller }) => caller === 'http:ada')?.['requestId'])
  expect(ofAda.length).toBeGreaterThan(1)
  for (const line of ofAda) {
    expect(line['traceId']).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(line['caller']).toBe('http:ada')
  }
})

test('the line of a request has the size of its answer', async ({ serve }) => {
  const service = await serve({ callers })
  const sizes: number[] = []
  for (const revision of revisions) {
    const client = service.client('ada', { revision })
    const answers = [
      await client.request('tools/list'),
      await client.call('car_list_script_types', {}, { _meta: { progressToken: 1 } }),
    ]
    sizes.push(...answers.map(({ body }) => Buffer.byteLength(body)))
  }
  const ended = service.lines().filter(({ msg }) => msg === 'request ended')
  const headers = ended.map(({ bytes }, at) => Number(bytes) - (sizes[at] ?? 0))
  expect(headers).toHaveLength(4)
  expect(
    headers.every((bytes) => bytes > 100 && bytes < 600),
    String(headers),
  ).toBe(true)
})
