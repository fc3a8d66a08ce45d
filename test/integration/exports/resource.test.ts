import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newStem } from '../../../src/tools/exports/names.ts'
import { buildServerParts, type ServerParts } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import {
  createFolder,
  type ExportReply,
  exportServer,
  openExporter,
  readExportFile,
} from '../../support/exports/exporter.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Finished exports as MCP resources, read by real clients of both generations.

const folder = createFolder()
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let parts: ServerParts
let jobs: ExportReply
let users: ExportReply
interface PlantedFile {
  readonly uri: string
  readonly path: string
  readonly text: string
}
/** A file of a mebibyte, and one of a byte more. */
let whole: PlantedFile
let large: PlantedFile
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  const environment = environmentFor(sandbox)
  const exporter = await openExporter(environment, folder.path)
  jobs = await exporter.export({ tool: 'car_search_jobs', format: 'csv' })
  users = await exporter.export({
    tool: 'saq_search_users',
    format: 'jsonl',
    arguments: { fields: ['id', 'company'] },
  })
  await exporter.close()
  const [, , owner = ''] = uriOf(jobs).split('/').at(-1)?.split('-') ?? []
  const plant = (bytes: number): PlantedFile => {
    const name = `${newStem('car_search_jobs', owner, new Date(0))}.csv`
    const path = join(folder.path, name)
    const text = 'x'.repeat(bytes)
    writeFileSync(path, text, { mode: 0o600 })
    return { uri: `qualys://exports/${name}`, path, text }
  }
  whole = plant(1_048_576)
  large = plant(1_048_577)
  parts = buildServerParts({ ...environment, QUALYS_EXPORT_DIR: folder.path })
})
afterAll(async () => {
  await parts.close()
  await sandbox.close()
  folder.remove()
})

const about = { name: 'test', version: '1.0.0' }
const clients = {
  'client 2.x': () => new Client(about),
  'sdk 1.x': () => new OlderClient(about) as unknown as Client,
}

async function connected(client: Client, on = parts): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await exportServer(on).connect(theirs)
  await client.connect(ours as unknown as Parameters<Client['connect']>[0])
  return client
}

/** The listed exports; a server has other resources, too. */
const exportsOf = async (client: Client) =>
  (await client.listResources()).resources.filter(({ uri }) => uri.startsWith('qualys://exports/'))

const uriOf = (reply: ExportReply): string => String(reply.rows[0]?.['uri'])
const textOf = async (client: Client, uri: string): Promise<string> => {
  const [content] = (await client.readResource({ uri })).contents
  return content && 'text' in content ? String(content.text) : ''
}

describe.each(Object.entries(clients))('%s', (_name, open) => {
  let client: Client
  beforeAll(async () => {
    client = await connected(open())
  })
  afterAll(() => client.close())

  test('lists them, with what they are', async () => {
    const resources = await exportsOf(client)
    expect(resources.map(({ uri }) => uri).sort()).toEqual(
      [uriOf(jobs), uriOf(users), whole.uri, large.uri].sort(),
    )
    expect(resources.find(({ uri }) => uri === uriOf(jobs))).toMatchObject({
      title: expect.stringMatching(/^jobs, exported \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
      mimeType: 'text/csv',
      size: jobs.rows[0]?.['bytes'],
    })
  })

  test('lists the template', async () => {
    const { resourceTemplates } = await client.listResourceTemplates()
    const templates = resourceTemplates.map(({ uriTemplate }) => uriTemplate)
    expect(templates.filter((template) => template.startsWith('qualys://exports/'))).toEqual([
      'qualys://exports/{name}',
    ])
  })

  test('reads a small one whole', async () => {
    expect(await textOf(client, uriOf(users))).toBe(readExportFile(users))
  })

  test('reads one of at most a mebibyte; for a larger one the error names its size and its file', async () => {
    expect((await textOf(client, whole.uri)) === whole.text).toBe(true)
    const error = await client.readResource({ uri: large.uri }).catch(String)
    expect(String(error)).toContain(
      `The export has 1,048,577 bytes, more than the 1,048,576 that are read at once: read the file ${large.path} on the machine of this server.`,
    )
  })
})

test('at most 50 are listed, the newest first', async () => {
  const [, , owner = ''] = uriOf(jobs).split('/').at(-1)?.split('-') ?? []
  const many = createFolder()
  for (let day = 1; day <= 60; day++)
    writeFileSync(
      join(many.path, `${newStem('car_search_assets', owner, new Date(86_400_000 * day))}.csv`),
      'id\r\n',
    )
  const listing = buildServerParts({ ...environmentFor(sandbox), QUALYS_EXPORT_DIR: many.path })
  const client = await connected(new Client(about), listing)
  const resources = await exportsOf(client)
  await client.close()
  await listing.close()
  many.remove()
  expect(resources).toHaveLength(50)
  const names = resources.map(({ name }) => name.split('-')[1])
  expect(names).toEqual([...names].sort().reverse())
})

test('a list or a file needs no request to Qualys', async () => {
  await sandbox.control.clearRequests()
  const client = await connected(new Client(about))
  await client.listResources()
  await textOf(client, uriOf(users))
  await client.close()
  expect(await sandbox.control.requests()).toEqual([])
})
