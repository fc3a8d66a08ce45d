import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { someJwt as jwt, leaks } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Credentials of others, which only their shape gives away, wherever a text of Qualys may come to stand.

const foreign = canary('foreign')
const packed = Buffer.from(`somebody:${foreign}`).toString('base64')
const said = [
  `https://somebody:${encodeURIComponent(foreign)}@files.example.com/x`,
  `Basic ${packed}`,
  `authorization: basic ${packed}`,
  `Bearer ${jwt}`,
  jwt,
].join(' | ')

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
const state = mkdtempSync(join(tmpdir(), 'qualys-surfaces-'))
const audit = join(state, 'audit.jsonl')
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_STATE_DIR: state, QUALYS_AUDIT_FILE: audit })
  const list = [{ id: 19218, title: said, name: said, description: said, status: 'APPROVED' }]
  const script = { id: 19218, title: said, description: said, status: 'APPROVED', type: said, severity: 3 }
  await sandbox.control.faults([
    { route: 'POST /sm/v2/jobs/search', kind: 'reply', body: { body: { list, totalCount: 1 } } },
    { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'reply', body: { body: script } },
  ])
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
  rmSync(state, { recursive: true })
})

/** Every file below the folder of state: exports, calls that wait, the audit log. */
const filesIn = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(state, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(state, path)).isFile())
      .map((path) => [path, readFileSync(join(state, path), 'utf8')]),
  )

test('they are what would be found', () => {
  for (const part of said.split(' | ')) expect(leaks(part), part).not.toEqual([])
})

test('in replies', async () => {
  for (const form of ['text', 'json'] as const) {
    const { raw, text } = await assistant.call('car_search_jobs', { fields: ['*'] }, form)
    expect(JSON.stringify(raw)).toContain('https://[secret]@files.example.com/x')
    expect(leaks(raw), text).toEqual([])
  }
})

test('in exports, and in what they are read as', async () => {
  const { raw, isError, text } = await assistant.call('qualys_export', {
    tool: 'car_search_jobs',
    format: 'jsonl',
    arguments: { fields: ['*'] },
  })
  expect(isError, text).toBe(false)
  const [name, file] = Object.entries(filesIn()).find(([path]) => path.includes('exports')) ?? []
  expect(name).toBeDefined()
  expect(file).toContain('files.example.com')
  expect(leaks([raw, file])).toEqual([])
})

test('in what a person is shown, in the call that waits for a yes, in the audit log and the log', async () => {
  const { raw, text } = await assistant.call('car_update_script', { scriptId: 19218, title: 'Another' })
  expect(text).toContain('qualys-mcp approve')
  const files = filesIn()
  const waiting = Object.entries(files).find(([path]) => path.includes('pending'))
  expect(waiting?.[1]).toContain('[secret]')
  expect(files['audit.jsonl']).toContain('car_update_script')
  expect(assistant.log.length).toBeGreaterThan(3)
  expect(leaks([raw, files, assistant.log])).toEqual([])
})
