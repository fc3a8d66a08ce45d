import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type ExportRequest, parseExportRequest } from '../../../src/tools/exports/export-request.ts'

// What can be exported, and with which arguments: those of the list's own tool.

const lists = operations.filter(({ returns }) => returns === 'rows')
const exportArguments = (more: object = {}): Readonly<Record<string, unknown>> => ({
  tool: 'car_search_jobs',
  format: 'csv',
  ...more,
})
const readRequest = (more: object = {}, withheld = new Map<string, string>()): Promise<ExportRequest> =>
  parseExportRequest(exportArguments(more), withheld)

/** The refusal of other arguments. */
const refusalOf = (more: object, withheld?: Map<string, string>): Promise<string> =>
  readRequest(more, withheld).then(
    () => 'taken',
    (error: Error & { readonly next: string }) => `${error.message} ${error.next}`.trim(),
  )

describe('the list', () => {
  test.each(lists.map(({ name }) => name))('%s can be exported', async (tool) => {
    expect((await readRequest({ tool })).operation.name).toBe(tool)
  })

  test.each(['Car_Search_Jobs', ' car_search_jobs\n'])('%j is read as it is meant', async (tool) => {
    expect((await readRequest({ tool })).operation.name).toBe('car_search_jobs')
  })

  test.each([
    ['car_search_job', /^There is no list tool "car_search_job"\. Did you mean car_search_jobs\?$/],
    ['car_search_jxxx', /^There is no list tool "car_search_jxxx"\. Did you mean car_search_jobs\?$/],
    ['bananas', /^There is no list tool "bananas"\. There are car_search_scripts, /],
    ['saq_count_users', /^saq_count_users brings no list\. There are car_search_scripts, /],
    ['car_execute_script', /^car_execute_script brings no list\./],
    ['qualys_export', /^There is no list tool/],
    ['constructor', /^There is no list tool/],
    ['../../etc/passwd', /^There is no list tool/],
    ['x'.repeat(5_000), /^There is no list tool "x{59}…"/],
  ])('%s is not exportable', async (tool, sentence) => expect(await refusalOf({ tool })).toMatch(sentence))

  test('that a setting withholds is withheld here, too', async () => {
    const withheld = new Map([['car_search_jobs', 'QUALYS_TOOLSETS']])
    expect(await refusalOf({}, withheld)).toBe(
      'The tool car_search_jobs is withheld by QUALYS_TOOLSETS, and so is its export. Ask the operator to change that setting, or export another list.',
    )
    expect(await refusalOf({ tool: 'bananas' }, withheld)).not.toContain('car_search_jobs')
    expect(await refusalOf({ tool: 'car_search_job' }, withheld)).not.toContain(
      'Did you mean car_search_jobs',
    )
  })
})

describe('arguments', () => {
  test.each<[object, string]>([
    [{ scriptid: 1 }, 'there is no argument "scriptid"; did you mean scriptId?'],
    [
      { startAt: 'yesterday' },
      'startAt: must be an ISO 8601 date or time, e.g. 2026-01-31 or 2026-01-31T08:00:00Z.',
    ],
    [{ match: ' ' }, 'match: must not be empty.'],
    [{ fields: Array(51).fill('id') }, 'fields: must name 1 to 50 columns, such as ["id","title"] or ["*"].'],
    [{ pageSize: 0 }, 'pageSize: must be a whole number from 1 to 200.'],
    [{ outcome: 'failed' }, 'there is no argument "outcome"; there are '],
  ])('%j: get the error messages of the tool itself', async (args, words) => {
    const sentence = await refusalOf({ arguments: args })
    expect(sentence).toMatch(/^Invalid arguments for car_search_jobs: .*[.?]$/)
    expect(sentence).toContain(words.replace(/\.$/, ''))
    expect(sentence).not.toMatch(/\.\.$|\?\.$/)
  })

  test('that are wrong twice are reported twice', async () => {
    const sentence = await refusalOf({ arguments: { match: ' ', pageSize: 0 } })
    expect(sentence).toMatch(
      /match: must not be empty; pageSize: must be|pageSize: must be .*; match: must not/,
    )
  })

  test('whose continuationToken is empty have none', async () => {
    for (const continuationToken of [null, ''])
      expect((await readRequest({ arguments: { continuationToken, match: 'x' } })).args).toEqual({
        match: 'x',
      })
  })

  test('contain no continuationToken', async () => {
    expect(await refusalOf({ arguments: { continuationToken: 'abc' } })).toBe(
      'An export holds the whole list, from its first row on: it takes no continuationToken. Leave it out.',
    )
  })

  test('are those of the list, without its page size', async () => {
    expect((await readRequest({ arguments: { pageSize: 3, match: 'x', scriptId: 7 } })).args).toEqual({
      match: 'x',
      scriptId: '7',
    })
    expect((await readRequest()).args).toEqual({})
  })
})

describe('fields', () => {
  test.each([
    [undefined, undefined],
    [['*'], undefined],
    [['id', '*'], undefined],
    [['id'], ['id']],
    [
      ['created.dateTime', 'a/b.c'],
      ['created.dateTime', 'a_b.c'],
    ],
  ])('%j', async (fields, expected) =>
    expect((await readRequest({ arguments: { ...(fields && { fields }) } })).fields).toEqual(expected),
  )
})

describe('the format', () => {
  test.each([
    ['csv', 'csv'],
    ['jsonl', 'jsonl'],
  ])('%s', async (format, expected) => expect((await readRequest({ format })).format).toBe(expected))
})
