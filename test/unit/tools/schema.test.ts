import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { argumentReader } from '../../../src/tools/arguments/argument-reader.ts'
import { listInput } from '../../../src/tools/rows/list-input.ts'
import { outputJsonSchema, toJsonSchema } from '../../../src/tools/schema.ts'

// The arguments of a tool: the listed part of their schema, and the errors for invalid ones.

const shape = {
  jobId: z.string({ error: 'must be an id' }).min(1).max(9).describe('of a run').optional(),
  pageSize: z.number({ error: 'must be a number' }).min(1).max(200).optional(),
  names: z
    .array(z.string({ error: 'must be text' }))
    .max(5)
    .optional(),
  parts: z
    .array(z.strictObject({ key: z.string({ error: 'must be a key' }), value: z.string().optional() }))
    .optional(),
}

async function complaintOf(args: unknown, input: z.ZodRawShape = shape): Promise<string[]> {
  const { issues = [] } = await argumentReader(async () => ({ input }))(args)
  return issues.map(({ path, message }) => `${path.map(String).join('.')}|${message}`)
}

describe('the listed schema', () => {
  test('has no bounds, and nothing that clients cannot handle', () => {
    expect(toJsonSchema(shape)).toEqual({
      type: 'object',
      properties: {
        jobId: { type: 'string', description: 'of a run' },
        pageSize: { type: 'number' },
        names: { type: 'array', items: { type: 'string' } },
        parts: {
          type: 'array',
          items: {
            type: 'object',
            properties: { key: { type: 'string' }, value: { type: 'string' } },
            required: ['key'],
          },
        },
      },
    })
  })

  test('has a part of the items of a list that is too large, all of which are validated', async () => {
    const item = z.strictObject({ a: z.string(), b: z.boolean().optional() })
    const listedItems = { type: 'object', properties: { a: { type: 'string' } } }
    const input = { list: z.array(item).meta({ listedItems }) }
    expect(toJsonSchema(input)).toEqual({
      type: 'object',
      properties: { list: { type: 'array', items: listedItems } },
      required: ['list'],
    })
    const { value } = await argumentReader(async () => ({ input }))({
      list: { a: 'x', b: 'true' },
    })
    expect(value).toEqual({ list: [{ a: 'x', b: true }] })
  })

  test('names required arguments first, at any depth, and keeps their order otherwise', () => {
    const item = z.strictObject({
      a: z.string().optional(),
      b: z.string(),
      c: z.string().optional(),
      d: z.string(),
    })
    const properties = (schema: object): object => (schema as { properties: object }).properties
    const listed = toJsonSchema({ x: z.string().optional(), list: z.array(item), y: z.string().optional() })
    expect(Object.keys(properties(listed))).toEqual(['list', 'x', 'y'])
    const { list } = properties(listed) as { list: { items: object } }
    expect(Object.keys(properties(list.items))).toEqual(['b', 'd', 'a', 'c'])
  })

  test('keeps an argument whose name is that of a bound', () => {
    expect(
      toJsonSchema({ pattern: z.string().describe('of names'), minimum: z.number().min(3) }),
    ).toMatchObject({
      properties: { pattern: { description: 'of names' }, minimum: { type: 'number' } },
      required: ['pattern', 'minimum'],
    })
  })

  test('describes the output where it describes an answer', () =>
    expect(outputJsonSchema(z.object({ total: z.number().max(5).default(1) }))).toEqual({
      type: 'object',
      properties: { total: { type: 'number', default: 1 } },
      required: ['total'],
    }))
})

describe('an unknown argument', () => {
  test.each([
    [{ jobID: '1' }, 'there is no argument "jobID"; did you mean jobId?'],
    [{ job: '1' }, 'there is no argument "job"; did you mean jobId?'],
    [{ jo: '1' }, 'there is no argument "jo"; there are jobId, pageSize, names, parts'],
    [{ pagesiz: 1 }, 'there is no argument "pagesiz"; did you mean pageSize?'],
    [{ limit: 3 }, 'there is no argument "limit"; there are jobId, pageSize, names, parts'],
    [{ 'a\nb': 1 }, 'there is no argument "a b"; there are jobId, pageSize, names, parts'],
  ])('%j', async (args, complaint) => expect(await complaintOf(args)).toEqual([`|${complaint}`]))

  test.each([
    ['pageSiXY', 'did you mean pageSize?'],
    ['pageSXYZ', 'there are'],
    ['XYZpageSize', 'did you mean pageSize?'],
    ['pageXYZW', 'there are'],
    ['jobXX', 'did you mean jobId?'],
    ['joXXX', 'there are'],
  ])('%s: a third of its letters may differ, two at least', async (name, words) => {
    expect((await complaintOf({ [name]: 1 }))[0]).toContain(words)
  })

  test('of a tool that takes none', async () => {
    expect(await complaintOf({ verbose: true }, {})).toEqual([
      '|there is no argument "verbose"; there is none at all',
    ])
  })

  test('three of them are named', async () => {
    const [complaint = ''] = await complaintOf({ aa1: 1, bb2: 1, cc3: 1, dd4: 1 })
    expect(complaint.match(/there is no argument/g)).toHaveLength(3)
    expect(complaint.match(/there are /g)).toHaveLength(1)
    expect(complaint).not.toContain('dd4')
  })

  test('is named at any depth', async () => {
    expect(await complaintOf({ parts: [{ key: 'a', val: 'b' }] })).toEqual([
      'parts.0|there is no argument "val"; did you mean value?',
    ])
  })
})

describe('invalid arguments', () => {
  test.each([[[]], ['x'], [7]])('%j', async (args) => {
    expect(await complaintOf(args)).toEqual(['|must be an object of jobId, pageSize, names, parts'])
  })

  test.each([[null], [undefined], [{}]])('%j are none, which is valid', async (args) => {
    expect(await complaintOf(args)).toEqual([])
  })

  test('of an object inside', async () => {
    expect(await complaintOf({ parts: ['x'] })).toEqual(['parts.0|must be an object of key, value'])
  })
})

describe('complaints', () => {
  test('appear once for each argument, with their places', async () => {
    expect(await complaintOf({ names: [[1], 'x', [3]] })).toEqual(['names.0|must be text (also at names.2)'])
    const many = { names: z.array(z.string({ error: 'must be text' })) }
    expect(await complaintOf({ names: Array.from({ length: 100_000 }, () => [1]) }, many)).toEqual([
      'names.0|must be text (also at names.1-99999)',
    ])
    const everyOther = Array.from({ length: 100 }, (_, at) => (at % 2 ? 'x' : [1]))
    expect(await complaintOf({ names: ['x', [1], [1], 'x', [1], [1], [1]] }, many)).toEqual([
      'names.1|must be text (also at names.2, names.4-6)',
    ])
    expect((await complaintOf({ names: everyOther }, many))[0]).toMatch(
      /^names\.0\|must be text \(also at names\.2, (names\.\d+, ){28}names\.60 and 19 more\)$/,
    )
    expect(await complaintOf({ jobId: [1], pageSize: 'x' })).toEqual([
      'jobId|must be an id',
      'pageSize|must be a number',
    ])
  })

  test.each([
    [9, 9],
    [100, 100],
    [101, 101],
    [230, 101],
  ])('%i of them: a hundred at most, and how many more', async (count, shown) => {
    const many = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`n${at}`, z.string({ error: `wrong ${at}` })]),
    )
    const args = Object.fromEntries(Object.keys(many).map((name) => [name, [0]]))
    const complaints = await complaintOf(args, many)
    expect(complaints).toHaveLength(shown)
    if (count > 100) expect(complaints.at(-1)).toBe(`|and ${count - 100} more`)
  })

  test('end where they are long, with how many more', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 90 }, (_, at) => [
        `n${at}`,
        z.string({ error: `wrong ${at} ${'x'.repeat(600)}` }),
      ]),
    )
    const complaints = await complaintOf(
      Object.fromEntries(Object.keys(many).map((name) => [name, [0]])),
      many,
    )
    expect(complaints).toHaveLength(21)
    expect(complaints.at(-1)).toBe('|and 70 more')
  })

  test('are none where the arguments are valid, which are returned as read', async () => {
    const input = { text: z.string().transform((text) => text.length) }
    const outcome = await argumentReader(async () => ({ input }))({ text: 'four' })
    expect(outcome).toEqual({ value: { text: 4 } })
  })
})

describe('what every list accepts', () => {
  const input = { ...searchJobs.input, ...listInput(searchJobs) }
  const size = 'pageSize|must be a whole number from 1 to 200'
  const columns = 'fields|must name 1 to 50 columns, such as ["id","title"] or ["*"]'
  const many = (count: number, value: string): string[] => Array.from({ length: count }, () => value)

  test.each<[object, string[]]>([
    [{ pageSize: 0 }, [size]],
    [{ pageSize: 1 }, []],
    [{ pageSize: 200 }, []],
    [{ pageSize: 201 }, [size]],
    [{ pageSize: 1.5 }, [size]],
    [{ pageSize: '20' }, []],
    [{ pageSize: '201' }, [size]],
    [{ pageSize: '2e1' }, [size]],
    [{ continuationToken: '' }, []],
    [{ continuationToken: 'A'.repeat(2_000) }, []],
    [{ continuationToken: 'A'.repeat(2_001) }, ['continuationToken|is longer than any that was given out']],
    [{ continuationToken: ['x'] }, ['continuationToken|must be the text from the last page']],
    [{ fields: [] }, []],
    [{ fields: many(50, 'id') }, []],
    [{ fields: many(51, 'id') }, [columns]],
    [{ fields: ['x'.repeat(80)] }, []],
    [{ fields: ['x'.repeat(81)] }, ['fields.0|must be the name of a column, of at most 80 characters']],
    [{ fields: [''] }, ['fields.0|must be the name of a column, of at most 80 characters']],
    [{ fields: ['a b'] }, ['fields.0|must be the name of a column, of at most 80 characters']],
    [{ fields: 'id' }, []],
    [{ fields: 'id;title' }, ['fields|must be a list such as ["id","title"] or ["*"]; write ["id","title"]']],
    [{ match: '' }, []],
    [{ match: '   ' }, ['match|must not be empty']],
    [{ match: 'x'.repeat(200) }, []],
    [{ match: 'x'.repeat(201) }, ['match|must be at most 200 characters']],
    [{ match: 7 }, []],
    [{ match: 7.5 }, []],
    [{ match: 7.5e-9 }, ['match|must be plain words; write "0.0000000075"']],
    [{ match: [7] }, ['match|must be plain words']],
  ])('%j', async (args, complaints) => expect(await complaintOf(args, input)).toEqual(complaints))
})
