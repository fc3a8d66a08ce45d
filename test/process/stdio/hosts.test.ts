import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'
import { type Reader, readers, type ToolAnswer } from '../../support/stdio/readers.ts'

// What hosts put before a model besides the text, and what some of them fail on.

let sandbox: TestSandbox
const folder = mkdtempSync(join(tmpdir(), 'qualys-hosts-'))
const env = (extra: Environment = {}): Environment =>
  environmentFor(sandbox, { QUALYS_EXPORT_DIR: join(folder, 'exports'), ...extra })

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const textOf = ({ content }: ToolAnswer): string => String(content[0]?.['text'])
const exporting = { name: 'qualys_export', arguments: { tool: 'car_search_jobs', format: 'csv' } }

describe.each(Object.entries(readers))('%s', (name, connect) => {
  /** The name of the server in each result, since 2026-07-28. */
  const identity = name.includes('2026')
    ? { 'io.modelcontextprotocol/serverInfo': { name: 'qualys-mcp', version: expect.any(String) } }
    : {}
  let reader: Reader

  beforeAll(async () => {
    reader = await connect(env())
  })
  afterAll(() => reader.close())

  test('is introduced to the server once, with all that a person sees of it', () => {
    expect(reader.getServerVersion()).toEqual({
      name: 'qualys-mcp',
      version: expect.any(String),
      title: 'Qualys CAR and SAQ',
      description: expect.any(String),
      icons: [{ src: expect.stringMatching(/^data:/), mimeType: 'image/svg+xml', sizes: ['any'] }],
    })
  })

  test('is promised no notification that never comes', () => {
    const { tools, prompts, resources } = reader.getServerCapabilities() ?? {}
    expect([tools, prompts, resources]).toEqual(Array(3).fill({ listChanged: false }))
  })

  test('gets nothing in _meta that the text has', async () => {
    const page = await reader.callTool({ name: 'car_search_jobs', arguments: { pageSize: 1 } })
    expect(page._meta ?? {}).toEqual(identity)
    const wrong = await reader.callTool({ name: 'car_search_jobs', arguments: { pageSize: 0 } })
    expect(wrong._meta ?? {}).toEqual(identity)
    const refused = await reader.callTool({ name: 'car_search_jobs', arguments: { filter: '(' } })
    expect(refused._meta).toEqual({ ...identity, 'qualys-mcp/error': { kind: 'input', status: 400 } })
    const guide = await reader.readResource({ uri: 'qualys://guides/qql' })
    expect(guide).toHaveProperty('contents')
    expect(JSON.stringify(guide)).not.toContain('base64')
  })

  test('gets the next step apart where the call names a form', async () => {
    const refused = await reader.callTool({
      name: 'car_search_jobs',
      arguments: { filter: '(' },
      _meta: { 'qualys-mcp/reply': 'json' },
    })
    const error = refused._meta?.['qualys-mcp/error'] as { kind: string; next: string }
    expect(error).toMatchObject({ kind: 'input', status: 400 })
    expect(error.next).toMatch(/\w/)
    expect(textOf(refused).endsWith(error.next)).toBe(true)
  })

  test('is told in the text where rows and token are', async () => {
    const structured = async (args: object) =>
      textOf(
        await reader.callTool({
          name: 'car_search_jobs',
          arguments: args,
          _meta: { 'qualys-mcp/reply': 'json' },
        }),
      ).split('\n')
    expect(await structured({ pageSize: 1 })).toEqual([
      expect.stringMatching(/^jobs 1-1 of 100/),
      'rows and token: structuredContent',
    ])
    expect((await structured({ pageSize: 200 }))[1]).toBe('rows: structuredContent')
    expect(await structured({ filter: 'id:0' })).toEqual([expect.stringMatching(/^no jobs found/)])
  })

  test.each([
    ['test', {}, true],
    ['@langchain/mcp-adapters', {}, false],
    ['mcp', {}, false],
    ['@langchain/mcp-adapters', { QUALYS_RESOURCE_LINKS: 'always' }, true],
    ['test', { QUALYS_RESOURCE_LINKS: 'never' }, false],
  ])('named %s, with %j, gets a resource link: %s', async (client, setting, isLinked) => {
    const other = await connect(env(setting), client)
    const exported = await other.callTool(exporting)
    await other.close()
    const kinds = exported.content.map(({ type }) => type)
    expect(kinds).toEqual(isLinked ? ['text', 'resource_link'] : ['text'])
    const text = textOf(exported)
    const [, file = ''] = /\nFile: \/.*\/(\S+\.csv)\n/.exec(text) ?? []
    expect(file).toMatch(/^car_search_jobs-/)
    expect(text).toContain(`\nResource: qualys://exports/${file}`)
  })

  test('finds the file in the text of a structured reply', async () => {
    const text = textOf(await reader.callTool({ ...exporting, _meta: { 'qualys-mcp/reply': 'json' } }))
    expect(text).toMatch(
      /^100 jobs exported .*\nFile: \/.*\/(\S+\.csv)\nResource: qualys:\/\/exports\/\1\nrows: structuredContent$/,
    )
  })
})

test.each<[Environment]>([
  [{}],
  [{ QUALYS_UNVERIFIED: 'all' }],
  [{ QUALYS_REPLY: 'json' }],
  [{ QUALYS_UNVERIFIED: 'all', QUALYS_REPLY: 'json' }],
])('the list with %j is under 64,000 bytes on the wire, but for schemas of replies', async (setting) => {
  const server = await new RawServer(env(setting)).initialize()
  const line = await server.line('tools/list')
  await server.finish()
  const { tools } = JSON.parse(line).result as { tools: { outputSchema?: object }[] }
  expect(tools.length).toBeGreaterThan(60)
  // Only programs ask for these: some bytes for each tool.
  const schemas = tools.flatMap(({ outputSchema }) =>
    outputSchema ? [JSON.stringify({ outputSchema })] : [],
  )
  expect(schemas.join('').length).toBeLessThan(8_000)
  expect(Buffer.byteLength(line) - schemas.join('').length).toBeLessThan(64_000)
})

test('only outputs, scripts and guides ask Claude Code to show them whole', async () => {
  const server = await new RawServer(env({ QUALYS_UNVERIFIED: 'all' })).initialize()
  const [{ tools }, { resources }] = await Promise.all(
    ['tools/list', 'resources/list'].map(async (method) => JSON.parse(await server.line(method)).result),
  )
  await server.finish()
  const isWhole = { 'anthropic/maxResultSizeChars': 500_000 }
  const whole = (listed: { name: string; _meta?: object }[]) => listed.filter(({ _meta }) => _meta)
  expect(whole(tools).map(({ name }) => name)).toEqual(['car_get_output', 'car_get_script'])
  for (const { _meta } of whole(tools)) expect(_meta).toEqual(isWhole)
  const guides = resources.filter(({ uri }: { uri: string }) => uri.startsWith('qualys://guides/'))
  expect(guides.length).toBeGreaterThan(3)
  expect(whole(resources)).toEqual(guides)
  for (const { _meta } of guides) expect(_meta).toEqual(isWhole)
})
