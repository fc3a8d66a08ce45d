import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpGenerations } from '../../support/clients/http-peers.ts'
import { bearerOf, type Service, startService } from '../../support/clients/service.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { program, textOf } from '../../support/stdio/peers.ts'

// What a client sees of a service besides the conversations: the same list as over stdio, progress, resources, prompts,
// and the reason why a token is refused.

const caller = 'assistant'

let sandbox: TestSandbox
let folder: string
let service: Service
let env: Record<string, string>

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 3_000 })
  folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-http-clients-'))
  env = processEnvironment(environmentFor(sandbox, { QUALYS_STATE_DIR: folder }))
  service = await startService({
    server: { command: process.execPath, args: [program], env },
    callers: { [caller]: { role: ['operator'] } },
  })
})

afterAll(async () => {
  await service.stop()
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const own = () => ({ url: service.url, authorization: bearerOf(caller) })

/** The names of the tools that the same settings list over stdio. */
async function namesOverStdio(): Promise<readonly string[]> {
  const { stdout } = await runProgram(['tools', '--json'], env)
  const { tools } = JSON.parse(stdout) as { tools: readonly { name: string }[] }
  return tools.map(({ name }) => name)
}

test.each(httpGenerations)('$name lists the tools that are listed over stdio', async ({ connect }) => {
  const peer = await connect(own())
  const { tools } = await peer.listTools()
  const instructions = peer.instructions()
  await peer.close()
  expect(tools.map(({ name }) => name)).toEqual(await namesOverStdio())
  expect(tools.length).toBeGreaterThan(50)
  expect(instructions).toContain('car_search_jobs')
})

test.each(httpGenerations)('$name hears how far a call is', async ({ connect }) => {
  const peer = await connect(own())
  const heard: number[] = []
  const request = { name: 'car_count_jobs', arguments: { groupBy: ['platform'] } }
  const result = await peer.callTool(request, { onprogress: ({ progress }) => heard.push(progress) })
  await peer.close()
  expect(textOf(result)).toContain('3,000 jobs')
  expect(heard.length).toBeGreaterThan(1)
  expect(heard).toEqual([...heard].sort((one, other) => one - other))
})

test.each(httpGenerations)('$name reads a resource and gets a prompt', async ({ connect }) => {
  const peer = await connect(own())
  const { contents } = await peer.readResource('qualys://guides/qql')
  const { messages } = await peer.getPrompt('triage_failed_runs', { days: '7' })
  await peer.close()
  expect(contents).toMatchObject([{ uri: 'qualys://guides/qql', mimeType: 'text/markdown' }])
  expect(JSON.stringify(messages)).toContain('car_count_asset_jobs')
})

test.each(httpGenerations)('$name says why a token is refused', async ({ connect }) => {
  const foreign = connect({ ...own(), authorization: bearerOf('somebody-else') })
  await expect(foreign).rejects.toThrow(/401|belongs to no caller/)
})
