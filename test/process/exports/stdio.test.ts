import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'
import { readers } from '../../support/stdio/readers.ts'

// Counts and exports through the built program and real clients, and what its greeting contains.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const folder = mkdtempSync(join(tmpdir(), 'qualys-exports-'))
const env = () => environmentFor(sandbox, { QUALYS_EXPORT_DIR: join(folder, 'exports') })

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 1_500 })
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const groupBy = ['platform']
const exportArguments = {
  tool: 'car_search_jobs',
  format: 'jsonl',
  arguments: { fields: ['id', 'platform'] },
}

describe.each(Object.entries(readers))('%s', (_name, connect) => {
  test('counts, exports, and reads the linked file', async () => {
    const reader = await connect(env())
    const counted = await reader.callTool({ name: 'car_count_jobs', arguments: { groupBy } })
    const exported = await reader.callTool({ name: 'qualys_export', arguments: exportArguments })
    const link = exported.content.find(({ type }) => type === 'resource_link')
    const [read] = (await reader.readResource({ uri: String(link?.['uri']) })).contents
    const listed = (await reader.listResources()).resources.map(({ uri }) => uri)
    await reader.close()

    const rows = (read?.text ?? '').trim().split('\n')
    expect(rows).toHaveLength(1_500)
    expect(listed).toContain(link?.['uri'])
    const file = /^File: (.+)$/m.exec(String(exported.content[0]?.['text']))?.[1] ?? ''
    expect(readFileSync(file, 'utf8')).toBe(read?.text)
    // The count of one tool equals the file of the other.
    const lines = String(counted.content[0]?.['text']).split('\n').slice(2)
    const platforms = rows.map((row) => String(JSON.parse(row).platform))
    const expected = [...new Set(platforms)].map(
      (platform) => `${platform}\t${platforms.filter((one) => one === platform).length}`,
    )
    expect(lines.sort()).toEqual(expected.sort())
  })

  test('gets instructions, withheld tools, and one icon', async () => {
    const reader = await connect({ ...env(), QUALYS_MODE: 'read-only' })
    const [{ tools }, instructions] = [await reader.listTools(), reader.getInstructions()]
    const about = reader.getServerVersion()
    await reader.close()
    expect(instructions).toMatch(
      /qualys_export.*qualys:\/\/guides.*Withheld by QUALYS_MODE=read-only car_\w+/s,
    )
    const picture = { src: expect.stringMatching(/^data:image\/svg\+xml;base64,/), mimeType: 'image/svg+xml' }
    expect(about?.['icons']).toMatchObject([picture])
    expect(tools.length).toBeGreaterThan(20)
    for (const { name, title, icons } of tools) {
      expect(title, name).toMatch(/\w{4}/)
      expect(icons, name).toBeUndefined()
    }
  })
})

test('a client of a protocol without links gets none, and the text names file and resource', async () => {
  const server = new RawServer(env())
  const clientInfo = { name: 'raw', version: '1' }
  await server.line('initialize', { protocolVersion: '2025-03-26', capabilities: {}, clientInfo })
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  const { result } = await server.call('qualys_export', exportArguments)
  await server.finish()
  expect(result?.content).toEqual([
    {
      type: 'text',
      text: expect.stringMatching(
        /\nFile: \/.*\/car_search_jobs-[^/]+\.jsonl\nResource: qualys:\/\/exports\/car_search_jobs-/,
      ),
    },
  ])
})

test('lists say how long they are valid, where the protocol supports it', async () => {
  const reader = await readers['client 2.x, 2026 era']?.(env())
  const lists = [reader?.listTools(), reader?.listPrompts(), reader?.listResourceTemplates()]
  for (const list of lists) expect(await list).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' })
  expect(await reader?.listResources()).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' })
  await reader?.close()
})
