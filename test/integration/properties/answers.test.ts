import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openAssistantOn, type ToolReply } from '../../support/assistant.ts'
import { anyText, checkAsyncProperty } from '../../support/properties/property.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { callOfEveryTool, unattendedSettings } from '../../support/tool-calls.ts'
import { applyChange, change, oddValue } from './odd-values.ts'

// Any JSON instead of a documented answer: rows, or an error of a known kind; never an internal error.

const kinds = ['input', 'setup', 'busy', 'vendor', 'drift', 'unclear', 'declined']
const budget = 24_000

let answer: { readonly status: number; readonly body: string; readonly type: string }
let gateway: Sandbox
let settings: Readonly<Record<string, string>>
let folder: string
let calls: Awaited<ReturnType<typeof callOfEveryTool>>
/** Answers as the pages show them. */
let printed: readonly unknown[]
beforeAll(async () => {
  const sandbox = await openSandbox({ jobs: 100 })
  calls = await callOfEveryTool(sandbox.control)
  await sandbox.close()
  const samples = new URL('../../samples/', import.meta.url)
  const files = (await readdir(samples)).filter((file) => /^car_.*\.json$/.test(file))
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, samples), 'utf8')))
  printed = texts
    .map((text) => (JSON.parse(text) as { reply?: unknown }).reply)
    .filter((reply) => reply !== undefined)
  folder = await mkdtemp(join(tmpdir(), 'qualys-mcp-answers-'))
  gateway = await openGateway((_request, response) => {
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
  })
  settings = {
    ...unattendedSettings,
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_STATE_DIR: folder,
    QUALYS_REPLY_CHARS: String(budget),
    QUALYS_CONCURRENCY: '16',
  }
})
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

/** An object without a string form; the last test covers it. */
const unprintable = /"toString"/

/** How often each kind of outcome occurred in the tests that ran. */
type OutcomeCounts = Map<string, number>

type Calls = readonly (readonly [tool: string, args: object])[]

/**
 * The replies of these calls, in both forms, while Qualys gives this answer to each of their requests; and the log.
 */
async function callAll(wanted: Calls): Promise<{ replies: ToolReply[]; log: readonly string[] }> {
  // A new session each time: after a refused login, a session sends nothing for a while.
  const assistant = await openAssistantOn(gateway, settings)
  const replies = await Promise.all(
    wanted.flatMap(([tool, args]) =>
      (['text', 'json'] as const).map((form) => assistant.call(tool, args, form)),
    ),
  )
  await assistant.close()
  return { replies, log: assistant.log }
}

/** Checks these calls while Qualys gives this answer. */
async function answeredWell(
  body: string,
  tools: readonly number[],
  counts: OutcomeCounts = new Map(),
  status = 200,
  type = 'application/json',
): Promise<void> {
  fc.pre(!unprintable.test(body))
  answer = { status, body, type }
  const { replies, log } = await callAll(
    tools.flatMap((index) => calls.slice(index % calls.length).slice(0, 1)),
  )
  for (const { isError, error, text, raw } of replies) {
    const outcome = isError ? String(error?.['kind']) : 'rows'
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    expect(isError ? kinds : ['rows'], text).toContain(outcome)
    expect(text).not.toBe('')
    const { structuredContent: forPrograms } = raw
    expect((forPrograms ? JSON.stringify(forPrograms) : text).length).toBeLessThanOrEqual(budget)
  }
  // An effect whose answer is nested too deeply to be read is unclear, and the log says why.
  const unexpected = log.filter(
    (line) => line.includes('"unexpected"') && !line.includes('Maximum call stack'),
  )
  expect(unexpected).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
}

const someTools = fc.array(fc.nat(10_000), { minLength: 4, maxLength: 8 })
test('any JSON at all', async () => {
  const body = fc.oneof(
    oddValue,
    oddValue.map((value) => ({ errorCode: null, message: null, body: value })),
  )
  await checkAsyncProperty(fc.tuple(body, someTools), 8, ([value, tools]) =>
    answeredWell(JSON.stringify(value), tools),
  )
})

test('any rows at all, in each envelope', async () => {
  const rows = fc.array(oddValue, { maxLength: 8 })
  const envelope = fc.constantFrom<(list: readonly unknown[]) => unknown>(
    (list) => ({ errorCode: null, message: null, body: { totalCount: list.length, list } }),
    (list) => ({ body: { list: list.map((data, at) => ({ sortValues: [at], data })) } }),
    (list) => ({ list, totalCount: 10_000_000 }),
    (list) => ({ body: list }),
    (list) => ({ ServiceResponse: { responseCode: 'SUCCESS', count: list.length, data: list } }),
  )
  await checkAsyncProperty(fc.tuple(rows, envelope, someTools), 8, ([list, wrap, tools]) =>
    answeredWell(JSON.stringify(wrap(list)), tools),
  )
})

test('answers as the pages print them, with some values changed', async () => {
  const changes = fc.tuple(fc.nat(), fc.array(change, { minLength: 1, maxLength: 4 }))
  await checkAsyncProperty(fc.tuple(changes, someTools), 14, async ([[which, all], tools]) => {
    const value = all.reduce(applyChange, printed[which % printed.length])
    await answeredWell(JSON.stringify(value), tools)
  })
})

test('any status with any body of any type', async () => {
  const status = fc.constantFrom(
    200,
    201,
    202,
    204,
    206,
    400,
    401,
    403,
    404,
    405,
    409,
    410,
    422,
    429,
    500,
    502,
    503,
  )
  const type = fc.constantFrom(
    'application/json',
    'text/html',
    'text/plain',
    'application/xml',
    'text/csv',
    'x',
    '',
  )
  const body = fc.oneof(
    oddValue.map((value) => JSON.stringify(value)),
    anyText(),
    fc.constant(''),
  )
  const counts: OutcomeCounts = new Map()
  await checkAsyncProperty(fc.tuple(body, someTools, status, type), 20, ([text, tools, code, media]) =>
    answeredWell(text, tools, counts, code, media),
  )
  for (const outcome of ['rows', 'input', 'setup', 'vendor', 'unclear', 'busy'])
    expect(counts.get(outcome) ?? 0, outcome).toBeGreaterThan(0)
})

test('what only JSON can express: depth, duplicate keys, numbers of any length', async () => {
  const depth = fc.integer({ min: 1, max: 30_000 })
  const digits = fc.stringMatching(/^[1-9][0-9]{15,400}$/)
  const text = fc.oneof(
    fc.tuple(depth, fc.constantFrom('[', '{"a":', '{"body":', '[{"list":')).map(([levels, open]) => {
      const close = [...open]
        .reverse()
        .map((letter) => ({ '[': ']', '{': '}' })[letter] ?? '')
        .join('')
      return `${open.repeat(levels)}1${close.repeat(levels)}`
    }),
    fc
      .tuple(depth, fc.constantFrom('[', '{"a":'))
      .map(
        ([levels, open]) =>
          `{"body":{"list":[{"id":1,"deep":${open.repeat(levels)}1${(open === '[' ? ']' : '}').repeat(levels)}}]}}`,
      ),
    digits.map(
      (number) =>
        `{"body":{"totalCount":${number},"list":[{"id":${number},"sortValues":[${number}],"created":{"dateTime":${number}}}]}}`,
    ),
    fc
      .tuple(anyText(2), anyText(2))
      .map(
        ([a, b]) =>
          `{"body":{"list":[{"id":1,"id":2,"title":${JSON.stringify(a)},"title":${JSON.stringify(b)}}],"list":[{"id":3}]}}`,
      ),
    fc.constantFrom(
      '{"__proto__":{"polluted":1},"body":{"__proto__":{"list":[]},"list":[{"id":1,"__proto__":{"title":"x"}}]}}',
      '{"constructor":{"prototype":{"polluted":1}},"body":{"list":[{"id":1}]}}',
      '{"body":{"list":[{"id":1e400}],"totalCount":1e400}}',
      '\ufeff{"body":{"list":[]}}',
      '{"body":{"list":[]}} trailing',
    ),
  )
  await checkAsyncProperty(fc.tuple(text, someTools), 5, ([body, tools]) => answeredWell(body, tools))
})

// The code converts what should be an id or a code with String(…): the products of the session, its lookup cache, the
// targets of effects, and the workflows. The assistant must not get an internal error if that throws.
test.each([
  ['the answer of SAQ', { SIMPLE_RETURN: { RESPONSE: { CODE: { toString: 1 }, TEXT: { toString: 1 } } } }],
  ['a flag', { ServiceResponse: { responseCode: 'SUCCESS', hasMoreRecords: { toString: 1 } } }],
  [
    'a number',
    { ServiceResponse: { responseCode: 'SUCCESS', data: [{ X: { list: { count: { toString: 1 } } } }] } },
  ],
])('an object whose conversion to text throws, in %s', async (_name, value) => {
  answer = { status: 200, body: JSON.stringify(value), type: 'application/json' }
  const { replies } = await callAll(calls)
  for (const { error, text } of replies) expect(error?.['kind'], text).not.toBe('bug')
})
