import { describe, expect, test } from 'vitest'
import { refusing } from './refusing.ts'
import { guardrails } from './wrong-guardrails.ts'
import { imports, library } from './wrong-library.ts'
import { runs } from './wrong-runs.ts'
import { schedules } from './wrong-schedules.ts'
import { plain, scripts } from './wrong-scripts.ts'

// Arguments that make no sense: each is refused with a sentence that says what to do, and nothing is sent.

const { call, sent, truth, expectRefused } = refusing()

describe.each(Object.entries({ scripts, imports, runs, schedules, guardrails }))('%s', (_area, wrong) => {
  test.each(wrong)('%s: %s', (_name, tool, args, says) => expectRefused(tool, args, says))
})

describe('what is just right is taken', () => {
  test.each([
    ['500 KB', 'x'.repeat(512_000)],
    ['500 KB of two-byte characters', 'ü'.repeat(256_000)],
    ['pairs of half characters', 'echo 😀'],
  ])('content: %s', async (_name, content) => {
    const { text, isError } = await call('car_create_script', { ...plain, content })
    expect(isError, text).toBe(false)
    const [request] = await sent()
    expect(Buffer.from(JSON.parse(request?.body ?? '').content, 'base64').toString()).toBe(content)
  })
})

// Categories cannot be listed: what a wrong one is, Qualys alone can say.
test('an unknown category is refused by Qualys, and nothing is created', async () => {
  const before = (await truth('scripts')).length
  const { text, isError, error } = await call('car_create_script', { ...plain, categoryId: 999 })
  expect(text).toMatch(
    /^Qualys refuses the request \(400: "No category has the id 999"\)\. Change what the reason names/,
  )
  expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'input' })
  expect((await truth('scripts')).length).toBe(before)
})

describe('ids that the wire wants as numbers', () => {
  const tools: readonly (readonly [tool: string, args: (id: string) => object])[] = [
    ['car_create_script', (categoryId) => ({ ...plain, categoryId })],
    ['car_update_script', (categoryId) => ({ scriptId: 16515, categoryId })],
    ['car_import_library_script', (id) => ({ ...library, id })],
    ['car_import_library_script', (categoryId) => ({ ...library, categoryId })],
    ['car_update_blocked_commands', (commandId) => ({ languageId: 201, commandId, commands: ['a'] })],
    ['car_delete_blocked_commands', (commandId) => ({ commandIds: [102, commandId] })],
    ['car_block_assets', (id) => ({ ids: [21789601, id] })],
    ['car_unblock_assets', (id) => ({ ids: [id] })],
    ['car_block_tags', (id) => ({ ids: [id] })],
    ['car_unblock_tags', (id) => ({ ids: [id] })],
  ]
  // 9007199254740993 would become ...992, another id; a word would become null.
  describe.each(tools)('%s', (tool, args) => {
    test.each(['9007199254740993', '99999999999999999999', 'Infinity', 'abc', '1.5'])('%s', (id) =>
      expectRefused(tool, args(id), /must be|no number|is no id of a/),
    )
  })
})
