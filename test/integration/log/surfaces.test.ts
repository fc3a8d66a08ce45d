import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { testOn } from '../../support/fixtures.ts'
import { someJwt as jwt, leaks } from '../../support/leak-search.ts'

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

interface Fixtures {
  /** A folder of state of its own. */
  readonly state: string
  /** A server that keeps its state there, on a sandbox whose texts hold all of these. */
  readonly surfaces: Assistant
}

const test = testOn({ jobs: 100 }).extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  state: async ({}, use) => {
    const state = mkdtempSync(join(tmpdir(), 'qualys-surfaces-'))
    await use(state)
    rmSync(state, { recursive: true })
  },
  surfaces: async ({ sandbox, state }, use) => {
    const list = [{ id: 19218, title: said, name: said, description: said, status: 'APPROVED' }]
    const script = { id: 19218, title: said, description: said, status: 'APPROVED', type: said, severity: 3 }
    await sandbox.control.faults([
      { route: 'POST /sm/v2/jobs/search', kind: 'reply', body: { body: { list, totalCount: 1 } } },
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'reply', body: { body: script } },
    ])
    const assistant = await assistantOn(sandbox, {
      QUALYS_STATE_DIR: state,
      QUALYS_AUDIT_FILE: join(state, 'audit.jsonl'),
    })
    await use(assistant)
    await assistant.close()
  },
})

/** Every file below the folder of state: exports, calls that wait, the audit log. */
const filesIn = (state: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(state, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(state, path)).isFile())
      .map((path) => [path, readFileSync(join(state, path), 'utf8')]),
  )

test('they are what would be found', () => {
  for (const part of said.split(' | ')) expect(leaks(part), part).not.toEqual([])
})

test('in replies', async ({ surfaces }) => {
  for (const form of ['text', 'json'] as const) {
    const { raw, text } = await surfaces.call('car_search_jobs', { fields: ['*'] }, form)
    expect(JSON.stringify(raw)).toContain('https://[secret]@files.example.com/x')
    expect(leaks(raw), text).toEqual([])
  }
})

test('in exports, and in what they are read as', async ({ state, surfaces }) => {
  const { raw, isError, text } = await surfaces.call('qualys_export', {
    tool: 'car_search_jobs',
    format: 'jsonl',
    arguments: { fields: ['*'] },
  })
  expect(isError, text).toBe(false)
  const [name, file] = Object.entries(filesIn(state)).find(([path]) => path.includes('exports')) ?? []
  expect(name).toBeDefined()
  expect(file).toContain('files.example.com')
  expect(leaks([raw, file])).toEqual([])
})

test('in what a person is shown, in the call that waits for a yes, in the audit log and the log', async ({
  state,
  surfaces,
}) => {
  const { raw, text } = await surfaces.call('car_update_script', { scriptId: 19218, title: 'Another' })
  expect(text).toContain('qualys-mcp approve')
  const files = filesIn(state)
  const waiting = Object.entries(files).find(([path]) => path.includes('pending'))
  expect(waiting?.[1]).toContain('[secret]')
  expect(files['audit.jsonl']).toContain('car_update_script')
  expect(surfaces.log.length).toBeGreaterThan(2)
  expect(leaks([raw, files, surfaces.log])).toEqual([])
})
