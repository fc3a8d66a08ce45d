import { describe, expect } from 'vitest'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import type { Answer } from '../../../support/service/answer.ts'
import { revisions, type ServiceClient } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import type { TestService } from '../../../support/service/service.ts'

// Resources, templates, prompts and instructions follow the rights of a caller as the list of tools does.

const test = serviceTestOn()

const callers = {
  viewer: { role: 'viewer' },
  operator: { role: 'operator' },
  car: { role: 'operator', toolsets: ['car'] },
  saq: { role: 'viewer', toolsets: ['saq'] },
  users: { role: 'operator', toolsets: ['saq.users'] },
} as const
type Name = keyof typeof callers

const open = (serve: (options: object) => Promise<TestService>) => serve({ callers })

const partsOf = ({ result }: Answer, member: string, key: string): string[] =>
  ((result?.[member] ?? []) as readonly Readonly<Record<string, string>>[]).map((one) => String(one[key]))

async function instructionsOf(client: ServiceClient): Promise<string> {
  const answer = client.isModern ? await client.request('server/discover') : await client.initialize()
  return String(answer.result?.['instructions'])
}

describe.each(revisions)('%s', (revision) => {
  test.for<readonly [Name, readonly string[]]>([
    ['viewer', ['qualys://outputs/{jobId}/{assetJobId}', 'qualys://exports/{name}']],
    [
      'operator',
      ['qualys://outputs/{jobId}/{assetJobId}', 'qualys://exports/{name}', 'qualys://pending/{code}'],
    ],
    ['car', ['qualys://outputs/{jobId}/{assetJobId}', 'qualys://exports/{name}', 'qualys://pending/{code}']],
    ['saq', ['qualys://exports/{name}']],
    ['users', ['qualys://exports/{name}', 'qualys://pending/{code}']],
  ])(
    'templates for %s, and nothing else is read',
    async ([name, templates], { serve, sandbox, upstream }) => {
      const client = (await open(serve)).client(name, { revision })
      expect(
        partsOf(await client.request('resources/templates/list'), 'resourceTemplates', 'uriTemplate'),
      ).toEqual(templates)
      if (templates.some((template) => template.includes('outputs'))) return
      const { car_get_output: ids } = await minimalArgumentsOn(sandbox.control)
      const { jobId, assetJobId } = ids as { readonly jobId: string; readonly assetJobId: string }
      const uri = `qualys://outputs/${jobId}/${assetJobId}`
      const read = await client.request('resources/read', { uri })
      expect(read.error?.message).toBe(`Resource not found: ${uri}`)
      expect(await upstream()).toEqual([])
    },
  )

  test.for<readonly [Name, readonly string[]]>([
    ['viewer', ['triage_failed_runs', 'chase_campaign']],
    ['operator', ['triage_failed_runs', 'roll_out_script', 'chase_campaign']],
    ['car', ['triage_failed_runs', 'roll_out_script']],
    ['saq', ['chase_campaign']],
    ['users', []],
  ])('prompts for %s, and no other can be got or completed', async ([name, names], { serve }) => {
    const client = (await open(serve)).client(name, { revision })
    expect(partsOf(await client.request('prompts/list'), 'prompts', 'name')).toEqual(names)
    for (const other of ['triage_failed_runs', 'roll_out_script', 'chase_campaign'].filter(
      (one) => !names.includes(one),
    )) {
      expect((await client.request('prompts/get', { name: other, arguments: {} })).error?.message).toBe(
        `Prompt ${other} not found`,
      )
      const ref = { type: 'ref/prompt', name: other }
      const argument = { name: 'campaignId', value: '' }
      expect((await client.request('completion/complete', { ref, argument })).error?.message).toBe(
        `Prompt ${other} not found`,
      )
    }
  })

  test.for<readonly [Name, RegExp, RegExp]>([
    [
      'viewer',
      /Withheld by the roles of this caller car_\w+, \w+ and \d+ more: qualys_status names all\./,
      /shown to a person first/,
    ],
    ['operator', /shown to a person first/, /Withheld/],
    ['saq', /by the toolsets of this caller car_/, /Qualys CAR \(car_/],
    ['car', /Qualys CAR \(car_/, /Qualys SAQ \(saq_/],
  ])('instructions for %s', async ([name, holds, lacks], { serve }) => {
    const instructions = await instructionsOf((await open(serve)).client(name, { revision }))
    expect(instructions).toMatch(holds)
    expect(instructions).not.toMatch(lacks)
  })

  test('guides of a product are for those who have tools of it', async ({ serve }) => {
    const service = await open(serve)
    const uris = async (name: Name) =>
      partsOf(await service.client(name, { revision }).request('resources/list'), 'resources', 'uri')
    expect(await uris('car')).not.toContain('qualys://guides/saq-filters')
    expect(await uris('saq')).not.toContain('qualys://guides/qql')
    expect(await uris('operator')).toEqual(
      expect.arrayContaining(['qualys://guides/saq-filters', 'qualys://guides/qql']),
    )
    const read = await service
      .client('saq', { revision })
      .request('resources/read', { uri: 'qualys://guides/qql' })
    expect(read.error?.message).toBe('Resource not found: qualys://guides/qql')
  })
})

test('what differs between callers is no entry of a cache that they share', async ({ serve }) => {
  const service = await open(serve)
  const listed = await service.client('operator').request('resources/list')
  for (const uri of partsOf(listed, 'resources', 'uri')) {
    const reads = await Promise.all(
      (['viewer', 'operator', 'car', 'saq'] as const).map((name) =>
        service.client(name).request('resources/read', { uri }),
      ),
    )
    const found = reads.flatMap(({ result }) => (result ? [result] : []))
    const texts = new Set(found.map((result) => JSON.stringify(result['contents'])))
    const scopes = new Set(found.map((result) => result['cacheScope']))
    if (texts.size > 1) expect([uri, ...scopes]).toEqual([uri, 'private'])
  }
  for (const method of [
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'server/discover',
  ])
    expect((await service.client('viewer').request(method)).result).toMatchObject({ cacheScope: 'private' })
})
