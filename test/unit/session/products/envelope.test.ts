import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../../src/operations/operation.ts'
import { type Answer, openInMemory, operationNamed } from '../../../support/session/memory.ts'

// Success in every form the gateway may give it, and what an effect's answer says.

describe('success in every form', () => {
  const row = { id: 1, name: 'Custom Script' }
  const list = { totalCount: 1, list: [row] }
  test.each([
    { name: 'errorCode null', body: { errorCode: null, message: null, body: list } },
    { name: 'no errorCode', body: { body: list } },
    { name: 'errorCode "0"', body: { errorCode: '0', message: 'Done', body: list } },
    { name: 'errorCode 0', body: { errorCode: 0, body: list } },
    { name: 'no envelope', body: { ...list, message: 'Successfully list fetched.' } },
    { name: 'a bare array', body: [row] },
    { name: 'an array for a body', body: { body: [row] } },
    { name: 'a count as text', body: { body: { totalCount: '1', list: [row] } } },
    {
      name: 'rows that are wrapped',
      body: { body: { totalCount: 1, list: [{ sortValues: [1], data: row }] } },
    },
    { name: 'rows wrapped without sort values', body: { body: { totalCount: 1, list: [{ data: row }] } } },
    {
      name: 'rows with sort values beside',
      body: { body: { totalCount: 1, list: [{ sortValues: [1], ...row }] } },
    },
  ])('$name', async ({ body }) => {
    const { structured } = await openInMemory({ body }).call('car_list_script_types')
    expect(structured).toMatchObject({ rows: [{ ...row, id: '1' }], returned: 1, total: 1 })
    expect(structured).not.toHaveProperty('note')
  })

  test('204 is a list without rows', async () => {
    expect(await openInMemory({ status: 204 }).call('car_search_jobs')).toMatchObject({
      isError: false,
      text: 'no jobs found',
    })
  })

  const emptyLists = ['car_search_jobs', 'car_search_schedules', 'car_list_script_types', 'car_list_reports']
  const spellings: object[] = [
    { body: { totalCount: 0, list: null } },
    { body: { totalCount: 0, list: '' } },
    { body: { totalCount: 0, list: {} } },
    { body: { totalCount: 0, list: [] } },
    { body: { totalCount: 0 } },
    { body: { totalCount: '0', list: null } },
    { body: { totalCount: ' 0 ', list: null } },
    { body: { totalCount: 0, list: [null] } },
    { body: { count: 0, list: null } },
    { body: null, totalCount: 0 },
    { totalCount: 0, list: null, message: 'Successfully list fetched.' },
  ]
  test.each(emptyLists)(
    'a count of zero is a list without rows for %s, however it is spelled',
    async (tool) => {
      expect(spellings.length).toBeGreaterThan(0)
      for (const body of spellings) {
        const { text, isError, structured } = await openInMemory({
          body: { errorCode: null, message: null, ...body },
        }).call(tool)
        expect(isError, `${JSON.stringify(body)}: ${text}`).toBe(false)
        expect(structured).toMatchObject({ rows: [], returned: 0, total: 0 })
      }
    },
  )

  test.each([
    [{ body: null }],
    [{ body: {} }],
    [{ body: '' }],
    [{ body: { list: null } }],
    [{ body: { totalCount: null, list: null } }],
    [{ body: { totalCount: 5, list: null } }],
    [{ body: { totalCount: 0, list: 'none' } }],
    [{ body: { totalCount: 0, list: { id: 1 } } }],
    [{ body: { totalCount: 0, rows: [row], list: 7 } }],
    [{ message: 'Successfully list fetched.' }],
  ])('%j is no list', async (body) => {
    const { error, text } = await openInMemory({ body }).call('car_search_jobs')
    expect(error, text).toMatchObject({ kind: 'drift' })
    expect(text).toContain('holds no list of rows')
  })

  test('an empty list of an error is the error', async () => {
    const body = { errorCode: '403', message: 'No', body: { totalCount: 0, list: null } }
    expect((await openInMemory({ body }).call('car_search_jobs')).error).toMatchObject({ kind: 'setup' })
  })

  test.each([
    [{ list: [row] }],
    [{ totalCount: 'many', list: [row] }],
    [{ totalCount: -1, list: [row] }],
    [{ totalCount: 1.5, list: [row] }],
    [{ totalCount: '', list: [row] }],
    [{ totalCount: 2 ** 53, list: [row] }],
  ])('%j has no count: the total is unknown, not guessed', async (body) => {
    const { structured } = await openInMemory({ body: { body } }).call('car_list_script_types')
    expect(structured).not.toHaveProperty('total')
    expect(structured.summary).toContain('unknown')
  })

  test('a total smaller than the rows already seen is ignored', async () => {
    const body = { body: { totalCount: 1, list: [row, { ...row, id: 2 }] } }
    const { structured } = await openInMemory({ body }).call('car_list_script_types')
    expect(structured).not.toHaveProperty('total')
    expect(structured.returned).toBe(2)
  })
})

describe('the answer to an effect', () => {
  const clone = operationNamed('car_clone_script')
  const activate = operationNamed('car_activate_schedule')
  const changed = (operation: Operation, answer: Answer) =>
    openInMemory(answer).session.call(operation, { scriptId: '1', scheduleId: '7', title: 'x' })

  test.each<readonly [string, Answer, object]>([
    ['the object', { body: { body: { id: 5 } } }, { id: 5 }],
    [
      'the object, and a word beside',
      { body: { message: 'Done', body: { id: 5 } } },
      { message: 'Done', id: 5 },
    ],
    ['a word alone', { body: { message: 'Done', body: null } }, { message: 'Done' }],
    ['a word for a body', { body: { body: 'Cloned 5' } }, { message: 'Cloned 5' }],
    ['nothing', { body: '' }, {}],
    ['blanks', { body: ' \n' }, {}],
    ['204', { status: 204 }, {}],
    ['true', { body: 'true' }, {}],
  ])('is %s', async (_name, answer, record) => {
    const done = (await changed(clone, answer)) as { record: object }
    expect(done.record).toEqual(record)
  })

  test.each<readonly [string, Answer, RegExp]>([
    ['the word false', { body: 'false' }, /^The answer is the word false\. Whether car_clone_script took/],
    ['a body that is false', { body: { body: false } }, /the word false/],
    ['a body that is "false"', { body: { body: 'false' } }, /the word false/],
    ['no JSON', { body: 'OK' }, /^The answer is no JSON\. Whether car_clone_script took effect is not known/],
    ['a web page', { body: '<html></html>' }, /^The answer is a web page, /],
    // No page documents these codes, or says whether work precedes them.
    ['a failure inside a success', { body: { errorCode: '404', message: 'No' } }, /^Qualys refused the call/],
  ])('%s: the outcome is unknown', async (_name, answer, says) => {
    await expect(changed(clone, answer)).rejects.toMatchObject({
      kind: 'unclear',
      message: expect.stringMatching(says),
    })
  })

  test.each([
    [401, 'setup'],
    [403, 'setup'],
    [404, 'setup'],
    [409, 'input'],
    [429, 'busy'],
    [300, 'unclear'],
    [301, 'unclear'],
    [302, 'unclear'],
    [303, 'unclear'],
    [304, 'setup'],
    [307, 'setup'],
    [308, 'setup'],
    [406, 'unclear'],
    [408, 'unclear'],
    [418, 'unclear'],
    [500, 'unclear'],
    [502, 'unclear'],
    [503, 'unclear'],
  ])('%i: %s', async (status, kind) => {
    await expect(changed(activate, { status })).rejects.toMatchObject({ kind })
  })
})

describe('a file', () => {
  const exported = (answer: Answer) =>
    openInMemory(answer).session.call(operationNamed('car_export_scripts'), { ids: ['1'] })

  test('is returned as it is, with its name and type', async () => {
    const headers = {
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="scripts.zip"',
    }
    expect(await exported({ body: Buffer.from('PK'), headers })).toEqual({
      kind: 'file',
      bytes: Buffer.from('PK'),
      mediaType: 'application/zip',
      filename: 'scripts.zip',
    })
  })

  test.each([
    ['attachment; filename=scripts.zip', 'scripts.zip'],
    ['attachment; FILENAME=scripts.zip; size=3', 'scripts.zip'],
    ['attachment', undefined],
  ])('named by %j', async (disposition, filename) => {
    const file = await exported({ body: 'a,b', headers: { 'content-disposition': disposition } })
    expect('filename' in file ? file.filename : undefined).toBe(filename)
    expect(file).toMatchObject({ mediaType: 'application/octet-stream' })
  })

  const json = { 'content-type': 'application/json' }
  test.each<readonly [string, Answer, RegExp]>([
    ['204', { status: 204 }, /answered car_export_scripts with nothing/],
    ['blanks', { body: ' \n' }, /answered car_export_scripts with nothing/],
    ['a web page by its type', { body: 'x', headers: { 'content-type': 'text/html' } }, /web page/],
    ['a web page by what it is', { body: '<!doctype html><p>' }, /web page/],
    ['half of the JSON', { body: '{"a":', headers: json }, /says that it is JSON, and is none/],
  ])('%s is no file: drift', async (_name, answer, says) => {
    await expect(exported(answer)).rejects.toMatchObject({
      kind: 'drift',
      message: expect.stringMatching(says),
    })
  })

  const refused = { errorCode: '1001', message: 'No such script' }
  test.each<readonly [string, Answer]>([
    ['as JSON', { body: refused, headers: json }],
    ['as text', { body: refused, headers: { 'content-type': 'text/plain' } }],
    ['of no type', { body: refused, headers: { 'content-type': '' } }],
  ])('a refusal %s is no file', async (_name, answer) => {
    await expect(exported(answer)).rejects.toMatchObject({
      kind: 'vendor',
      message: 'Qualys sent no file, but a refusal: "No such script".',
      details: { status: 200, code: '1001' },
    })
  })

  test.each<readonly [string, Answer]>([
    ['a table that is called JSON', { body: 'a,b\n1,2', headers: json }],
    ['JSON without an error', { body: [{ a: 1 }], headers: json }],
    ['an error in a table', { body: refused, headers: { 'content-type': 'text/csv' } }],
  ])('%s is a file', async (_name, answer) => {
    await expect(exported(answer)).resolves.toMatchObject({ kind: 'file' })
  })
})
