import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { searchAssetJobs, searchJobs } from '../../../../src/operations/car/runs.ts'
import type { Operation } from '../../../../src/operations/operation.ts'
import { movedFields } from '../../../../src/operations/reads/moved-fields.ts'
import { Drift } from '../../../../src/session/records/drift.ts'
import { fieldReader, readRecords } from '../../../../src/session/records/record.ts'
import { runAtOnce } from '../../../../src/shared/turns/steps.ts'
import {
  documentedFields,
  documentedRecord,
  type Fields,
  shownAs,
  valueAt,
  withValue,
} from '../../../support/operations/records.ts'

// When an unknown field is the documented one under a new name.

function read(operation: Operation, ...raws: Fields[]) {
  const drift = new Drift()
  const rows = readRecords(operation, raws, drift)
  return { rows, drift: [...drift].map((entry) => entry.replace(`${operation.name}: `, '')) }
}

const created = { dateTime: 1674216006119 }
const base = { id: '7', created, asset: { id: 1, name: 'ws-1' }, job: { id: '2', title: 'j' } }
const ended = { ...base, enddate: '2023-01-20T12:00:06Z' }
const good = { code: 0, text: 'SUCCESS' }
const bad = { code: 2, text: 'File not found' }

describe('output under another name', () => {
  test.each<[string, Fields[], unknown[], string[]]>([
    ['result', [{ ...ended, result: good }], [good], ['output (missing, taken from result)']],
    [
      'result, in rows of every outcome',
      [{ ...ended, result: good }, base, { ...ended, result: null }, { ...ended, result: { code: 9 } }],
      [good, undefined, undefined, { code: 9 }],
      ['output (missing, taken from result)'],
    ],
    [
      'result in half of the rows',
      [
        { ...ended, output: bad },
        { ...ended, result: good },
      ],
      [bad, good],
      ['output (missing, taken from result)'],
    ],
    [
      'result beside an output that is null',
      [{ ...ended, output: null, result: good }],
      [good],
      ['output (missing, taken from result)'],
    ],
    [
      'an object within another',
      [{ ...ended, body: { result: good } }],
      [good],
      ['output (missing, taken from body.result)'],
    ],
    [
      'flat names of the same words',
      [{ ...ended, outputCode: 0, output_text: 'SUCCESS' }],
      [good],
      ['output.code (missing, taken from outputCode)', 'output.text (missing, taken from output_text)'],
    ],
    [
      'the same name in another case, and its members, too',
      [{ ...ended, Output: { Code: 2, text: 'File not found' } }],
      [bad],
      ['output (missing, taken from Output)', 'output.code (missing, taken from output.Code)'],
    ],
    ['the column of states', [{ ...ended, status: bad }], [bad], ['output (missing, taken from status)']],
  ])('is taken: %s', (_, raws, outputs, drift) => {
    const found = read(searchAssetJobs, ...raws)
    expect(found.rows.map(({ output }) => output ?? undefined)).toEqual(outputs)
    expect(found.drift).toEqual(drift)
    // The new name is gone.
    for (const row of found.rows)
      for (const name of ['Output', 'body', 'outputCode']) expect(row).not.toHaveProperty(name)
  })

  test.each<[string, Fields[]]>([
    ['two candidates in a row', [{ ...ended, result: good, response: good }]],
    [
      'two candidates in two rows',
      [
        { ...ended, result: good },
        { ...ended, response: good },
      ],
    ],
    [
      'beside the documented one in a row',
      [
        { ...ended, result: good },
        { ...ended, output: bad, result: good },
      ],
    ],
    ['with a member that is not documented', [{ ...ended, result: { ...good, took: 5 } }]],
    ['with one member', [{ ...ended, result: { code: 0 } }]],
    ['with members of no value', [{ ...ended, result: { code: null, text: null } }]],
    ['with a member of another type', [{ ...ended, result: { code: 'x', text: 'SUCCESS' } }]],
    [
      'that is text in another row',
      [
        { ...ended, result: good },
        { ...ended, result: 'SUCCESS' },
      ],
    ],
    ['that is a text', [{ ...ended, result: 'SUCCESS' }]],
    ['that is a number', [{ ...ended, exit: 0 }]],
    ['in a list', [{ ...ended, results: [good] }]],
    ['with other members', [{ ...ended, result: { status: 0, message: 'SUCCESS' } }]],
    ['that is an object of an id', [{ ...ended, result: { id: 1, ...good } }]],
    ['flat names without its own', [{ ...ended, code: 0, text: 'SUCCESS' }]],
  ])('is not taken: %s', (_, raws) => {
    const found = read(searchAssetJobs, ...raws)
    const isOwn = raws.map(({ output }) => output)
    expect(found.rows.map(({ output }) => output)).toEqual(isOwn)
    expect(found.drift).toEqual([])
    // Nothing is lost.
    for (const [at, raw] of raws.entries())
      for (const name of Object.keys(raw).filter((name) => name !== 'enddate' && name !== 'created'))
        expect(found.rows[at]?.[name]).toEqual(raw[name])
  })

  test('is taken where only some fields are read, too', () => {
    const drift = new Drift()
    const rows = runAtOnce(fieldReader(searchAssetJobs, ['output'])([{ ...ended, result: bad }], drift))
    expect(rows).toEqual([{ output: bad }])
    expect([...drift]).toEqual(['car_search_asset_jobs: output (missing, taken from result)'])
  })
})

test.each(['script_result', 'ScriptResult', 'SCRIPT-RESULT', 'script.result'])(
  'scriptResult is taken from %s, and decoded',
  (name) => {
    const { rows, drift } = read(searchAssetJobs, { ...ended, output: good, [name]: 'dGV4dA==' })
    expect(rows[0]?.['scriptResult']).toBe('text')
    expect(drift).toEqual([`scriptResult (missing, taken from ${name})`])
  },
)

test.each<[string, unknown]>([
  ['result', 'dGV4dA=='],
  ['script_result', 'no base64!'],
  ['script_result', 7],
])('scriptResult is not taken from %s: %j', (name, value) => {
  const { rows } = read(searchAssetJobs, { ...ended, output: good, [name]: value })
  expect(rows[0]).not.toHaveProperty('scriptResult')
  expect(rows[0]?.[name]).toBe(value)
})

test('an end under a name of the same words is read as a time', () => {
  const { rows } = read(searchAssetJobs, { ...base, end_date: 1674216006119 })
  expect(rows[0]?.['endDate']).toBe('2023-01-20T12:00:06Z')
  const corrected = read(searchAssetJobs, { ...base, endDate: '2023-01-20T12:00:06Z' })
  expect(corrected.drift).toEqual([])
})

describe('an id', () => {
  test.each(['script_id', 'ScriptId', 'script.id'])('is never taken: %s', (name) => {
    const { scriptId: _, ...rest } = documentedRecord(searchJobs)
    const { rows, drift } = read(searchJobs, { ...rest, [name]: 5 })
    expect(rows[0]).not.toHaveProperty('scriptId')
    expect(drift).toEqual([`scriptId (missing; now ${name}?)`])
  })

  test('that names the row ends the read', () => {
    const { id: _, ...rest } = ended
    for (const name of ['ID', '_id', 'i_d'])
      expect(() => read(searchAssetJobs, { ...rest, [name]: 7 })).toThrow('without an id')
  })

  test('makes an object like any other', () => {
    const { category: _, ...rest } = documentedRecord(searchJobs)
    const { rows, drift } = read(searchJobs, { ...rest, script: { id: 3, name: 'x' } })
    expect(rows[0]).not.toHaveProperty('category')
    expect(drift).toEqual([])
  })
})

test('two documented objects of the same members are never taken by these', () => {
  const part = z.looseObject({ enabled: z.boolean().optional(), days: z.number().optional() }).optional()
  const record = z.looseObject({ id: z.string(), reminder: part, warning: part })
  const { rows } = read(
    { ...searchJobs, record },
    { id: '1', warning: { enabled: true, days: 1 }, other: { enabled: true, days: 2 } },
  )
  expect(rows[0]).not.toHaveProperty('reminder')
})

test('the answer to an effect gives nothing another name', () => {
  const operation: Operation = { ...searchAssetJobs, effect: 'update' }
  expect(read(operation, { ...ended, result: good }).rows[0]).not.toHaveProperty('output')
})

describe('hostile rows', () => {
  test('a name that is long or no name is quoted, or not shown', () => {
    const long = `o${'_'.repeat(100)}utput`
    expect(read(searchAssetJobs, { ...ended, [long]: good }).drift).toEqual([
      'output (missing, taken from a longer name)',
    ])
    const odd = 'out" \u202e\nput'
    expect(read(searchAssetJobs, { ...ended, [odd]: good }).drift).toEqual([
      `output (missing, taken from "out' put")`,
    ])
  })

  test('a thousand unknown fields are looked at up to a bound', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${at}`, at]))
    const { rows } = read(searchAssetJobs, { ...ended, ...many, result: good })
    expect(rows[0]).toMatchObject({ result: good })
  })

  test('rows that are no objects, and names of every object', () => {
    const own: Fields = JSON.parse('{"id":"1","created":{"dateTime":1},"__proto__":{"code":0,"text":"x"}}')
    const drift = new Drift()
    expect(() => readRecords(searchAssetJobs, [null, 7, [], own], drift)).not.toThrow()
    expect({}).not.toHaveProperty('code')
  })
})

/** Every documented field of every read under another name: its value is the right one, or it has none. */
describe('a field under another name', () => {
  const named = documentedFields.filter(([, path]) => !/\bids?$/i.test(path))
  test('there are many', () => expect(named.length).toBeGreaterThan(80))

  test.for(named)('%s: %s', ([, path, , operation]) => {
    const whole = documentedRecord(operation, path)
    const right = valueAt(read(operation, whole).rows[0] ?? {}, shownAs(operation, path))
    const parts = path.split('.')
    for (const name of ['zzz', `x${path}`, path.toUpperCase(), path.replace(/([A-Z])/g, '_$1')]) {
      const at = [...parts.slice(0, -1), name.split('.').at(-1) ?? ''].join('.')
      if (at === path) continue
      const moved = withValue(withValue(whole, path, undefined), at, valueAt(whole, path))
      const found = valueAt(read(operation, moved).rows[0] ?? {}, shownAs(operation, path))
      if (found !== undefined) expect(found, name).toEqual(right)
    }
  })
})

describe('a field that row filters read', () => {
  const moved = (...raws: Fields[]) => read(searchAssetJobs, ...raws).rows.map(movedFields)

  test('may be under a name that nobody knows', () => {
    expect(moved({ ...base, finished: 'soon' })).toEqual([['endDate', 'output', 'scriptResult']])
    expect(moved({ ...ended, result: 'SUCCESS' })).toEqual([['output', 'scriptResult']])
  })

  test('is not under one that stands beside it elsewhere', () => {
    const all = { ...ended, output: good, scriptResult: 'eA==', zone: 'x' }
    expect(moved(all, { ...base, zone: 'x' })).toEqual([[], []])
  })

  test.each<[string, Fields]>([
    ['as documented', base],
    ['with null', { ...base, enddate: null, output: null, scriptResult: null, zone: 'x' }],
    ['with a flag', { ...base, isManual: true }],
    ['with an object that has an id', { ...base, host: { id: 1, name: 'x' } }],
    ['with nothing', { ...base, zone: '', other: null, more: {} }],
    ['with columns that are expected', { ...base, status: 'X', script: 'y', customerUuid: 'z' }],
  ])('is absent from a row %s', (_, raw) => expect(moved(raw)).toEqual([[]]))
})
