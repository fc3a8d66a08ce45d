import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import type { Tool } from '../../../src/tools/tool.ts'

// Arguments as hosts and models write them: what is taken, and what is refused with the form that is meant.

const input = {
  advised: z.string().meta({ whenEmpty: 'leave it out for none' }).optional(),
  names: z.array(z.string()).meta({ emptiable: true, whenEmpty: 'pass [] for none' }).optional(),
  jobId: z.string({ error: 'must be an id' }).optional(),
  pageSize: z.number({ error: 'must be a whole number' }).int().max(200).optional(),
  share: z.number({ error: 'must be a number' }).optional(),
  testMode: z.boolean({ error: 'must be true or false' }).optional(),
  status: z.enum(['ACTIVE', 'Closed'], { error: 'must be one of ACTIVE, Closed' }).optional(),
  fields: z.array(z.string({ error: 'must be text' }), { error: 'must be a list' }).optional(),
  parts: z
    .array(
      z.strictObject({
        key: z.string({ error: 'must be text' }),
        value: z.string({ error: 'must be text' }).meta({ emptiable: true }).optional(),
        weight: z.number().optional(),
      }),
    )
    .optional(),
  nested: z
    .strictObject({ deep: z.strictObject({ list: z.array(z.number()).optional() }).optional() })
    .optional(),
}

const options = {
  ...input,
  option: z
    .preprocess(
      (value) => (typeof value === 'string' ? { text: value } : value),
      z.strictObject({ text: z.string() }),
    )
    .meta({ takesText: true })
    .optional(),
  oneOrMany: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.enum(['A', 'B'], { error: 'must be A or B' })),
    )
    .optional(),
}

async function validated(args: unknown, keepsStored?: Tool['keepsStored']) {
  const rules = { input: options, keepsStored }
  const { value, issues = [] } = await argumentReader(async () => rules)(args)
  return value ?? issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
}

describe('taken', () => {
  test.each<[what: string, given: unknown, read: unknown]>([
    ['no arguments at all', null, {}],
    ['arguments that are left out', undefined, {}],
    ['null for an optional argument', { jobId: null, fields: null, pageSize: 2 }, { pageSize: 2 }],
    ['null inside', { parts: [{ key: 'a', value: null }] }, { parts: [{ key: 'a' }] }],
    ['an unknown argument that is null', { nosuch: null }, {}],
    ['empty text', { jobId: '', pageSize: '', fields: '' }, {}],
    ['empty lists and objects', { fields: [], parts: [], nested: {} }, {}],
    ['an empty object for a list', { fields: {}, parts: '{}' }, {}],
    ['JSON text where a text is a value of its own', { option: '{"a":1}' }, { option: { text: '{"a":1}' } }],
    ['a number where a text is a value of its own', { option: 5 }, { option: { text: '5' } }],
    ['an object that holds nulls alone', { nested: { deep: { list: null } } }, {}],
    ['a number as text', { pageSize: '20', share: ' -1.50 ' }, { pageSize: 20, share: -1.5 }],
    ['a switch as text', { testMode: 'False' }, { testMode: false }],
    ['a number for a text', { jobId: 123128 }, { jobId: '123128' }],
    ['a round number for a text', { jobId: 1e5 }, { jobId: '100000' }],
    ['a negative zero for a text', { jobId: -0 }, { jobId: '0' }],
    ['a fraction for a text', { jobId: 0.5 }, { jobId: '0.5' }],
    ['a negative fraction for a text', { jobId: -1234.56 }, { jobId: '-1234.56' }],
    ['a small fraction for a text', { jobId: 0.000012 }, { jobId: '0.000012' }],
    ['15 digits for a text', { jobId: 0.123456789012345 }, { jobId: '0.123456789012345' }],
    ['fractions for a list of texts', { fields: [1.5, '2.10'] }, { fields: ['1.5', '2.10'] }],
    ['a switch for a text', { jobId: true }, { jobId: 'true' }],
    ['a word in another case', { status: 'active' }, { status: 'ACTIVE' }],
    ['a word with blanks around it', { status: ' CLOSED ' }, { status: 'Closed' }],
    ['a list as JSON text', { fields: '["id","title"]' }, { fields: ['id', 'title'] }],
    [
      'an object as JSON text',
      { nested: '{"deep":"{\\"list\\":[\\"1\\"]}"}' },
      { nested: { deep: { list: [1] } } },
    ],
    ['one value for a list', { fields: 'id' }, { fields: ['id'] }],
    ['one number for a list of texts', { fields: 7 }, { fields: ['7'] }],
    ['one object for a list', { parts: { key: 'a', weight: '2' } }, { parts: [{ key: 'a', weight: 2 }] }],
    ['one object as JSON text for a list', { parts: '{"key":1}' }, { parts: [{ key: '1' }] }],
    ['an empty text for a list that may be empty', { names: '' }, {}],
    ['a list that may be empty', { names: '[]' }, { names: [] }],
    [
      'an input that may be empty',
      { parts: [{ key: 'a', value: '' }] },
      { parts: [{ key: 'a', value: '' }] },
    ],
    [
      'members that hosts add',
      {
        sessionId: 's',
        action: 'sendMessage',
        chatInput: 'hi',
        toolCallId: 'c',
        tool: 't',
        security_context: {},
        pageSize: 2,
      },
      { pageSize: 2 },
    ],
  ])('%s', async (_what, given, read) => expect(await validated(given)).toEqual(read))
})

describe('refused', () => {
  test.each<[what: string, given: unknown, complaint: string]>([
    ['null in a list', { fields: ['id', null] }, 'fields.1: must be text'],
    ['a number with an exponent', { pageSize: '2e1' }, 'pageSize: must be a whole number'],
    ['a number with a leading zero', { pageSize: '020' }, 'pageSize: must be a whole number'],
    ['a number with separators', { pageSize: '1,000' }, 'pageSize: must be a whole number'],
    ['a fraction for a whole number', { pageSize: '2.0' }, 'pageSize: must be a whole number'],
    ['hexadecimal', { share: '0x10' }, 'share: must be a number'],
    ['more digits than a number holds', { share: '9007199254740993' }, 'share: must be a number'],
    ['a number for a switch', { testMode: 1 }, 'testMode: must be true or false'],
    ['another word for a switch', { testMode: 'yes' }, 'testMode: must be true or false'],
    ['a sum of fractions', { jobId: 0.1 + 0.2 }, 'jobId: must be an id; write "0.3"'],
    ['a fraction with an exponent', { jobId: 1e-7 }, 'jobId: must be an id; write "0.0000001"'],
    [
      'a fraction of more digits than are certain',
      { jobId: 1234567890123.456 },
      'jobId: must be an id; write "1234567890123.46"',
    ],
    [
      'infinity',
      { jobId: Number.POSITIVE_INFINITY },
      'jobId: must be an id; write it as text, with all its digits',
    ],
    ['a huge number', { jobId: 1e21 }, 'jobId: must be an id; write it as text, with all its digits'],
    ['another word', { status: 'open' }, 'status: must be one of ACTIVE, Closed'],
    ['several values as text', { fields: 'id, title' }, 'fields: must be a list; write ["id","title"]'],
    ['broken JSON', { fields: '["id"' }, 'fields: must be a list'],
    [
      'several values of a list that takes one',
      { oneOrMany: 'A;B' },
      'oneOrMany.0: must be A or B; write ["A","B"]',
    ],
    ['one value of such a list', { oneOrMany: 'C' }, 'oneOrMany.0: must be A or B'],
    ['a form that would be refused again', { oneOrMany: 'A,C' }, 'oneOrMany.0: must be A or B'],
    ['deep nesting', { fields: `${'['.repeat(60_000)}${']'.repeat(60_000)}` }, 'fields.0: must be text'],
    ['a missing argument', { parts: [{ value: 'x' }] }, 'parts.0.key: must be text; it is missing'],
    [
      'a required argument that is null',
      { parts: [{ key: null }] },
      'parts.0.key: must be text; it is missing',
    ],
    ['another unknown argument', { sessionIds: 's' }, ': there is no argument "sessionIds"'],
    [
      'a member of a host inside',
      { parts: [{ key: 'a', toolCallId: 'c' }] },
      'parts.0: there is no argument "toolCallId"',
    ],
  ])('%s', async (_what, given, complaint) => {
    const complaints = await validated(given)
    expect(complaints).toHaveLength(1)
    expect((complaints as string[])[0]?.split(/; (?:there are|did you)/)[0]).toBe(complaint)
  })

  test('a number beyond 2^53, whose digits are lost', async () => {
    expect(await validated({ jobId: 2 ** 53 })).toEqual([
      'jobId: must be an id; write it as text, with all its digits',
    ])
  })
})

describe('a change that keeps what is left out', () => {
  const emptied = 'is empty, and cannot be emptied here; leave it out to keep what is stored'

  test.each<[given: object, places: readonly string[]]>([
    [{ jobId: '' }, ['jobId']],
    [{ fields: [], nested: {} }, ['fields', 'nested']],
    [{ fields: '[]' }, ['fields']],
    [{ nested: { deep: { list: [] } } }, ['nested.deep.list']],
  ])('refuses %j', async (given, places) => {
    expect(await validated(given, true)).toEqual(places.map((place) => `${place}: ${emptied}`))
  })

  test.each<[given: object, complaint: string]>([
    [{ advised: '' }, 'advised: is empty; leave it out for none'],
    [{ names: '' }, 'names: is empty; pass [] for none'],
    [{ names: {} }, 'names: is empty; pass [] for none'],
  ])('refuses %j with the advice of the input', async (given, complaint) => {
    expect(await validated(given, true)).toEqual([complaint])
  })

  test('leaves out what is empty inside a list, which is sent as a whole', async () => {
    expect(await validated({ parts: [{ key: 'a', weight: '' }] }, true)).toEqual({
      parts: [{ key: 'a' }],
    })
  })

  test('takes null for what is left out, and what may be empty', async () => {
    expect(await validated({ jobId: null, parts: [{ key: 'a', value: '' }] }, true)).toEqual({
      parts: [{ key: 'a', value: '' }],
    })
  })
})

test('a member of a host is kept where the tool has an argument of that name', async () => {
  const rules = { input: { tool: z.string() } }
  const outcome = await argumentReader(async () => rules)({
    tool: 'x',
    action: 'y',
  })
  expect(outcome).toEqual({ value: { tool: 'x' } })
})
