import { describe, expect, test } from 'vitest'
import { BusyError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import type { Reply } from '../../../src/tools/replies/reply.ts'
import { replySchemaOf } from '../../../src/tools/reply-schema.ts'
import { errorResult, resultOf } from '../../../src/tools/server/calls/results.ts'
import type { ToolManifest } from '../../../src/tools/tool.ts'

// A reply and an error as MCP results, in the form that a client gets.

const form = { prefix: 'sandbox: ', isJson: false, isNamed: false, hasLinks: true }
const json = { ...form, isJson: true }
const reply: Reply = { summary: 'jobs 1-1 of 2', body: 'id\n7', rows: [{ id: '7' }] }
const link = { uri: 'qualys://exports/a.csv', name: 'a.csv', mimeType: 'text/csv', size: 9 }
const firstText = (result: ReturnType<typeof resultOf>): unknown =>
  (result.content[0] as { text?: string } | undefined)?.text

describe('a reply', () => {
  test('is text alone', () =>
    expect(resultOf(reply, form)).toEqual({
      content: [{ type: 'text', text: 'sandbox: jobs 1-1 of 2\nid\n7' }],
    }))

  test('for programs is structure, and the text says so', () =>
    expect(resultOf(reply, json)).toEqual({
      content: [{ type: 'text', text: 'sandbox: jobs 1-1 of 2\nrows: structuredContent' }],
      structuredContent: { summary: 'sandbox: jobs 1-1 of 2', rows: [{ id: '7' }], returned: 1 },
    }))

  test.each<[Partial<Reply>, string]>([
    [{}, '\nrows: structuredContent'],
    [{ continuationToken: 'abc' }, '\nrows and token: structuredContent'],
    [{ rows: [], continuationToken: 'abc' }, '\ntoken: structuredContent'],
    [{ rows: [] }, ''],
    [{ rows: [], note: 'Call again.' }, '\nNote: Call again.'],
    [
      { link, path: '/exports/a.csv', note: 'Not complete.' },
      '\nNote: Not complete.\nFile: /exports/a.csv\nResource: qualys://exports/a.csv\nrows: structuredContent',
    ],
  ])('for programs with %j ends in %j', (more, end) =>
    expect(firstText(resultOf({ ...reply, ...more }, json))).toBe(`sandbox: jobs 1-1 of 2${end}`),
  )

  test.each([true, false])('has a link only for clients that take it: %s', (hasLinks) => {
    const { content } = resultOf({ ...reply, link }, { ...form, hasLinks })
    expect(content).toEqual([
      { type: 'text', text: 'sandbox: jobs 1-1 of 2\nid\n7' },
      ...(hasLinks ? [{ type: 'resource_link', ...link }] : []),
    ])
  })
})

test('an error says what to do next in its text, and apart only for programs', () => {
  const error = new BusyError('Qualys is busy.', 'Call again in 9 s.', { retryAfterSeconds: 9 })
  const facts = { kind: 'busy', retryAfterSeconds: 9 }
  const result = {
    isError: true,
    content: [{ type: 'text', text: 'sandbox: Qualys is busy. Call again in 9 s.' }],
  }
  expect(errorResult(error, form, silentLog)).toEqual({ ...result, _meta: { 'qualys-mcp/error': facts } })
  // QUALYS_REPLY=json says nothing of who reads it.
  expect(errorResult(error, json, silentLog)).toEqual({ ...result, _meta: { 'qualys-mcp/error': facts } })
  expect(errorResult(error, { ...form, isNamed: true }, silentLog)).toEqual({
    ...result,
    _meta: { 'qualys-mcp/error': { ...facts, next: 'Call again in 9 s.' } },
  })
  const silent = new BusyError('Qualys is busy.', '', { retryAfterSeconds: 9 })
  expect(errorResult(silent, { ...form, isNamed: true }, silentLog)._meta).toEqual({
    'qualys-mcp/error': facts,
  })
})

describe('an output schema', () => {
  const listedFor = (properties: object) =>
    replySchemaOf({ schema: { properties } } as unknown as ToolManifest)
  const rows = { type: 'array' }

  test('of a list has what is needed to go on', () =>
    expect(listedFor({ continuationToken: {} })).toEqual({
      type: 'object',
      properties: { rows, total: { type: 'number' }, continuationToken: { type: 'string' } },
    }))

  test('of anything else has the rows', () =>
    expect(listedFor({ id: {} })).toEqual({ type: 'object', properties: { rows } }))
})
