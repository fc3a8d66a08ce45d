import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Assistant, openAssistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { testOn } from '../../support/fixtures.ts'
import { someJwt as jwt, leaks } from '../../support/leak-search.ts'

// Credentials that only their shape reveals, wherever a text of Qualys may appear.

const foreignSecret = canary('foreign')
const encodedSecret = Buffer.from(`somebody:${foreignSecret}`).toString('base64')
const foreignTexts = [
  `https://somebody:${encodeURIComponent(foreignSecret)}@files.example.com/x`,
  `Basic ${encodedSecret}`,
  `authorization: basic ${encodedSecret}`,
  `Bearer ${jwt}`,
  jwt,
].join(' | ')

interface Fixtures {
  /** A state folder for this test. */
  readonly state: string
  /** A server that stores its state there, on a sandbox whose texts contain all of these. */
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
    const list = [
      { id: 19218, title: foreignTexts, name: foreignTexts, description: foreignTexts, status: 'APPROVED' },
    ]
    const script = {
      id: 19218,
      title: foreignTexts,
      description: foreignTexts,
      status: 'APPROVED',
      type: foreignTexts,
      severity: 3,
    }
    await sandbox.control.faults([
      { route: 'POST /sm/v2/jobs/search', kind: 'reply', body: { body: { list, totalCount: 1 } } },
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'reply', body: { body: script } },
    ])
    const assistant = await openAssistantOn(sandbox, {
      QUALYS_STATE_DIR: state,
      QUALYS_AUDIT_FILE: join(state, 'audit.jsonl'),
    })
    await use(assistant)
    await assistant.close()
  },
})

/** Every file below the state folder: exports, pending calls, the audit log. */
const filesIn = (state: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(state, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(state, path)).isFile())
      .map((path) => [path, readFileSync(join(state, path), 'utf8')]),
  )

test('the search would find them', () => {
  for (const part of foreignTexts.split(' | ')) expect(leaks(part), part).not.toEqual([])
})

test('in replies', async ({ surfaces }) => {
  for (const form of ['text', 'json'] as const) {
    const { raw, text } = await surfaces.call('car_search_jobs', { fields: ['*'] }, form)
    expect(JSON.stringify(raw)).toContain('https://[masked-by-qualys-mcp]@files.example.com/x')
    expect(leaks(raw), text).toEqual([])
  }
})

test('in exports, and in the resources of exports', async ({ state, surfaces }) => {
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

test('in previews, in the pending call, in the audit log and in the log', async ({ state, surfaces }) => {
  const { raw, text } = await surfaces.call('car_update_script', { scriptId: 19218, title: 'Another' })
  expect(text).toContain('qualys-mcp approve')
  const files = filesIn(state)
  const waiting = Object.entries(files).find(([path]) => path.includes('pending'))
  expect(waiting?.[1]).toContain('[masked-by-qualys-mcp]')
  expect(files['audit.jsonl']).toContain('car_update_script')
  expect(surfaces.log.length).toBeGreaterThan(2)
  expect(leaks([raw, files, surfaces.log])).toEqual([])
})
