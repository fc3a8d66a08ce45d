import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { FieldSelection } from '../../../src/tools/exports/field-selection.ts'
import { canary } from '../../support/canary.ts'
import { runsWith } from '../../support/counting/memory.ts'
import { jobs } from '../../support/workflows/runs.ts'
import { type ExportTrial, runExport } from './memory.ts'

// Requested fields: fields that no row has, and that only requested ones are read.

const asIs = (name: string): string => name
const run: Row = {
  id: '1',
  title: 't',
  created: { dateTime: 'x', more: 1 },
  odd: 1,
  'a b': { 'c.d': 2, e: 3 },
}

describe('selecting fields', () => {
  test.each<[string[] | undefined, Row, string[]]>([
    [undefined, run, []],
    [['id'], { id: '1' }, ['id']],
    [['created'], { created: { dateTime: 'x', more: 1 } }, ['created']],
    [['created.dateTime'], { created: { dateTime: 'x' } }, ['created.dateTime']],
    [
      ['created', 'created.dateTime'],
      { created: { dateTime: 'x', more: 1 } },
      ['created.dateTime', 'created'],
    ],
    [['a_b.c_d'], { 'a b': { 'c.d': 2 } }, ['a_b.c_d']],
    [['id.x'], {}, []],
    [['created.nothing'], {}, []],
    [['nothing', 'odd'], { odd: 1 }, ['odd']],
  ])('%j', (fields, picked, seen) => {
    const asked = new FieldSelection(fields, asIs)
    expect(asked.select(run)).toEqual(picked)
    expect(asked.found).toEqual(seen)
  })

  test('uses the names of the cleaned rows', () => {
    const asked = new FieldSelection(['note'], (name) => name.replace('\u200b', ''))
    expect(asked.select({ 'no\u200bte': 1 })).toEqual({ 'no\u200bte': 1 })
  })
})

describe('fields that no row of the first batch has', () => {
  const said = (fields: readonly string[], rows: readonly Row[], operation = searchJobs): string => {
    try {
      new FieldSelection(fields, asIs).rejectUnknown(operation, rows)
      return ''
    } catch (error) {
      const { message, next } = error as Error & { readonly next: string }
      return `${message} ${next}`
    }
  }

  test.each([
    [['titel'], '"titel"', 'The nearest is title; there are'],
    [['created.dateTim'], '"created.dateTim"', 'The nearest is created.dateTime; there are'],
    [['createt', 'tittle'], '"createt", "tittle"', 'The nearest are created.dateTime, title; there are'],
    [['id.x'], '"id.x"', 'The nearest is id; there are'],
    [['toString', '__proto__'], '"toString", "__proto__"', 'There are'],
  ])('%j are refused: the nearest, then all', (fields, absent, nearest) => {
    const sentences = `No row has ${absent}. ${nearest}: id, title, created.dateTime, created.more, odd, a_b.c_d, a_b.e, `
    expect(said(fields, [run])).toContain(sentences)
    expect(said(fields, [run])).toContain('schedulerName')
  })

  test.each([
    ['one of them is there', ['titel', 'id']],
    ['Qualys documents it', ['schedulerName']],
    ['what it lies in is documented, and no row has it', ['category.name']],
    ['it is a usual column', ['platform']],
  ])('are accepted where %s', (_why, fields) => expect(said(fields, [run])).toBe(''))

  test('are none where none is requested', () => {
    expect(() => new FieldSelection(undefined, asIs).rejectUnknown(searchJobs, [run])).not.toThrow()
  })

  test('are accepted where there are no rows', () => expect(said(['titel'], [])).toBe(''))

  test('are refused where their parent exists without them', () => {
    expect(said(['created.nothing'], [run])).toContain('No row has "created.nothing"')
  })

  test('are refused as what rows are only counted by', () => {
    expect(said(['outcome'], [{ id: '1' }], searchAssetJobs)).toBe(
      'Rows do not show "outcome": it is a column to count by. ',
    )
  })

  test('are refused for any list', () => {
    expect(said(['titel'], [{ id: '1', name: 'x' }], searchAssets)).toContain('No row has "titel"')
  })
})

describe.each(['jsonl', 'csv'] as const)('an export as %s', (format) => {
  const trial = (fields: readonly string[], more: ExportTrial = {}): ExportTrial => ({
    format,
    args: { fields },
    ...more,
  })

  test('with unknown fields is refused at once', async () => {
    const failed = runExport([runsWith([{}])], trial(['titel']))
    await expect(failed).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('No row has "titel"'),
    })
  })

  test('also where match selects none of the first rows', async () => {
    const failed = runExport([runsWith([{}])], {
      format,
      args: { fields: ['titel'], match: 'no such words' },
    })
    await expect(failed).rejects.toMatchObject({ kind: 'input' })
  })

  test('reports at the end what no row had', async () => {
    const { reply } = await runExport([runsWith([{}])], trial(['id', 'titel', 'nothing']))
    expect(reply.note).toMatch(
      /^No row in the file has "titel", "nothing"\. The nearest is title; there are: id, /,
    )
  })

  test.each([[['created']], [['created.dateTime']], [['id', 'created', 'created.dateTime']]])(
    'of %j has no missing fields',
    async (fields) => {
      const { reply, text } = await runExport([runsWith([{}])], trial(fields))
      expect(reply.note).toBeUndefined()
      expect(text).toContain('2023-11-14T22:13:20Z')
    },
  )

  test('is not refused for a field that may come late, or never', async () => {
    const { reply } = await runExport([runsWith([{}, {}])], trial(['schedulerName', 'category.name']))
    expect(reply.note).toBe('No row in the file has a value in "schedulerName", "category.name".')
  })

  test('reads no other field, even one nested too deeply', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const row = `{"id":"7","deep":${deep},"created":{"more":${deep},"dateTime":0}}`
    const body = `{"body":{"totalCount":2,"list":[{"sortValues":[1,"6"],"data":{"id":"6"}},{"sortValues":[1,"7"],"data":${row}}]}}`
    const { reply, text } = await runExport([{ route: jobs, body }], trial(['id', 'created.dateTime']))
    expect(reply.rows[0]).toMatchObject({ rows: 2, complete: true })
    expect(text).toContain('1970-01-01T00:00:00Z')
  })
})

describe('names', () => {
  const secret = canary('asked')
  const environment = { QUALYS_SECRET_CANARY: secret }

  test('are those of the clean rows, and nothing in them is a secret', async () => {
    const rows = [{ 'no\u200bte': `x ${secret}`, 'a,b': { 'c\u202ed': '\u001b[31mred' }, [secret]: 1 }]
    const { file, reply } = await runExport([runsWith(rows)], {
      args: { fields: ['note', 'a_b.cd', '_masked-by-qualys-mcp_'] },
      environment,
    })
    expect(file.rows).toEqual([
      { note: 'x [masked-by-qualys-mcp]', 'a,b': { cd: 'red' }, '[masked-by-qualys-mcp]': 1 },
    ])
    expect(file.lines + JSON.stringify(reply)).not.toContain(secret)
  })
})
