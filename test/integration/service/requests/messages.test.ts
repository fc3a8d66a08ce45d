import { describe, expect } from 'vitest'
import { environmentFor } from '../../../support/environment.ts'
import type { Message } from '../../../support/service/answer.ts'
import { envelope, type Revision, revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { stdioAnswer } from '../../../support/service/stdio-answer.ts'

// What clients write, made plain: odd messages get the answers that they get over stdio.

const test = serviceTestOn()

const withMeta = (revision: Revision, params: object): object =>
  revision === '2026-07-28' ? { ...params, _meta: envelope() } : params

/** A call of the list of script types with odd members. */
const typesCall = (revision: Revision, params: object, more: object = {}): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 5,
    method: 'tools/call',
    params: withMeta(revision, { name: 'car_list_script_types', ...params }),
    ...more,
  })

const jobsCall = (revision: Revision, args: unknown): string =>
  typesCall(revision, { name: 'car_search_jobs', arguments: args })

const same: readonly (readonly [string, (revision: Revision) => string | Buffer])[] = [
  ['without arguments', (revision) => typesCall(revision, {})],
  ['with null for arguments', (revision) => typesCall(revision, { arguments: null })],
  ['with an empty list for arguments', (revision) => typesCall(revision, { arguments: [] })],
  ['with a byte order mark', (revision) => `\ufeff${typesCall(revision, {})}`],
  ['with blanks around it', (revision) => ` \t${typesCall(revision, {})}  `],
  [
    'with members that nobody knows',
    (revision) => typesCall(revision, {}, { more: { a: 1 }, result: null, error: null }),
  ],
  ['with arguments as JSON text', (revision) => jobsCall(revision, '{"pageSize":1}')],
  ['with arguments as other text', (revision) => jobsCall(revision, 'pageSize=1')],
  ['with null members', (revision) => jobsCall(revision, { pageSize: 1, filter: null, fields: null })],
  ['with a null in a list', (revision) => jobsCall(revision, { pageSize: 1, fields: [null] })],
  ['with a number as text', (revision) => jobsCall(revision, { pageSize: '1' })],
  [
    'with members that hosts add',
    (revision) => jobsCall(revision, { pageSize: 1, toolCallId: 'x', sessionId: 'y' }),
  ],
  ['with an unknown argument', (revision) => jobsCall(revision, { pagesize: 1 })],
  ['with a name that is a number', (revision) => typesCall(revision, { name: 5 })],
  ['without a name', (revision) => typesCall(revision, { name: null })],
  ['of an unknown tool', (revision) => typesCall(revision, { name: 'car_no_such_tool' })],
  [
    'with a progress token that cannot be sent back',
    (revision) => {
      const _meta = { ...(revision === '2026-07-28' && envelope()), progressToken: 1.5 }
      return typesCall(revision, { _meta })
    },
  ],
  ['whose id is text', (revision) => typesCall(revision, {}, { id: 'five' })],
  ['whose id is null', (revision) => typesCall(revision, {}, { id: null })],
  ['whose id is a fraction', (revision) => typesCall(revision, {}, { id: 1.5 })],
  ['whose id is true', (revision) => typesCall(revision, {}, { id: true })],
  ['of another version of JSON-RPC', (revision) => typesCall(revision, {}, { jsonrpc: '1.0' })],
  ['without a version of JSON-RPC', (revision) => typesCall(revision, {}, { jsonrpc: null })],
  ['whose method is a number', (revision) => typesCall(revision, {}, { method: 7 })],
  ['whose params are text', (revision) => typesCall(revision, {}, { params: 'x' })],
  ['that is a number', () => '5'],
  [
    'nested beyond reading',
    () =>
      `{"jsonrpc":"2.0","id":5,"method":"ping","params":{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
  ],
]

/** An answer without what differs between two servers. */
const plain = ({ id, result, error }: Message): object => ({
  id,
  ...(result && { content: result['content'], isError: result['isError'] }),
  ...(error && { code: error.code, message: error.message }),
})

describe.each(revisions)('%s: a call', (revision) => {
  test.for(same)('%s', async ([, bodyOf], { serve, sandbox }) => {
    const body = bodyOf(revision)
    const overStdio = await stdioAnswer(environmentFor(sandbox, { QUALYS_UNVERIFIED: 'all' }), revision, body)
    const service = await serve()
    const client = service.client('ada', { revision })
    const { method, params } = methodAndName(body)
    const answer = await client.post(Buffer.from(body), {
      headers: client.isModern ? { 'mcp-method': method, 'mcp-name': params } : {},
    })
    expect(plain(answer.message)).toEqual(plain(overStdio))
    expect(answer.status).toBe(answer.error && answer.error.code !== -32_602 ? 400 : answer.status)
    expect(answer.status).toBeLessThan(500)
  })
})

/** What the headers of 2026 repeat of a message, where it can be read. */
function methodAndName(body: string | Buffer): {
  readonly method: string | undefined
  readonly params: string | undefined
} {
  try {
    const { method, params } = JSON.parse(String(body).replace(/^\ufeff/, '')) as {
      readonly method?: unknown
      readonly params?: { readonly name?: unknown }
    }
    const name = params?.name
    return {
      method: typeof method === 'string' ? method : undefined,
      params: typeof name === 'string' ? name : undefined,
    }
  } catch {
    return { method: undefined, params: undefined }
  }
}

test.for(revisions)(
  '%s: a body that is no JSON, no UTF-8, or empty gets an answer without an id',
  async (revision, { serve }) => {
    const client = (await serve()).client('ada', { revision })
    for (const body of [
      '',
      ' ',
      '{"jsonrpc":',
      'hello',
      Buffer.from([0x7b, 0xff, 0x7d]),
      Buffer.from('{}', 'utf16le'),
    ]) {
      const answer = await client.post(Buffer.from(body))
      expect([answer.status, answer.message.id, answer.error?.code]).toEqual([400, null, -32_700])
    }
  },
)

test.for(revisions)('%s: a body between 4 and 10 MiB is read whole', async (revision, { serve }) => {
  const client = (await serve()).client('ada', { revision })
  const answer = await client.call('car_search_jobs', { match: 'x'.repeat(6 * 1024 * 1024) })
  expect([answer.status, answer.text]).toEqual([
    200,
    expect.stringContaining('match: must be at most 200 characters'),
  ])
})

describe('a batch', () => {
  const ids = (messages: readonly Message[]): unknown[] => messages.map(({ id }) => id).sort()

  test('of 2025-03-26 is answered as a batch, each by its id', async ({ serve }) => {
    const client = (await serve()).client('ada', { revision: '2025-11-25' })
    const batch = [
      client.messageOf('tools/list'),
      client.messageOf('prompts/list'),
      client.messageOf('no/such'),
    ]
    const answer = await client.post(batch, { headers: { 'mcp-protocol-version': '2025-03-26' } })
    expect(answer.status).toBe(200)
    expect(ids(answer.messages)).toEqual([1, 2, 3])
  })

  test.for(['2025-06-18', '2025-11-25'])(
    'of %s is refused: these revisions have none',
    async (version, { serve }) => {
      const client = (await serve()).client('ada', { revision: '2025-11-25' })
      const batch = [client.messageOf('tools/list'), client.messageOf('prompts/list')]
      const answer = await client.post(batch, { headers: { 'mcp-protocol-version': version } })
      expect(answer.messages.some(({ result }) => result !== undefined)).toBe(false)
      expect(answer.error?.code).toBe(-32_600)
    },
  )

  test('of 2026-07-28 is refused, and nothing of it runs', async ({ serve, upstream }) => {
    const client = (await serve()).client('ada')
    const batch = [1, 2].map(() =>
      client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} }),
    )
    const answer = await client.post(batch, {
      headers: { 'mcp-method': 'tools/call', 'mcp-name': 'car_list_script_types' },
    })
    expect(answer.status).toBe(400)
    expect(answer.messages.some(({ result }) => result !== undefined)).toBe(false)
    expect(await upstream()).toEqual([])
  })

  test('each call in it counts for the rate of its caller', async ({ serve, upstream }) => {
    const service = await serve({ settings: { QUALYS_CALLS_PER_MINUTE: '10' } })
    const client = service.client('ada', { revision: '2025-11-25' })
    const batch = Array.from({ length: 50 }, () =>
      client.messageOf('tools/call', { name: 'car_list_script_types', arguments: {} }),
    )
    await client.post(batch, { headers: { 'mcp-protocol-version': '2025-03-26' } })
    expect((await upstream()).length).toBeLessThanOrEqual(10)
  })
})
