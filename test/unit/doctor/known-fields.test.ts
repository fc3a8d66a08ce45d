import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  envelopeFields,
  joinPath,
  knownFields,
  splitPath,
} from '../../../src/cli/probe/recording/known-fields.ts'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'

// The field names that may stand in a recording: those that this program knows.

const made = (changes: Partial<Operation>): string[] =>
  knownFields({ ...searchAssets, record: z.looseObject({}), columns: [], alsoMatched: [], ...changes })

describe('the known fields of a record', () => {
  test('are those of its schema, in objects and lists, whatever is around them', () => {
    const record = z.looseObject({
      id: z.union([z.string(), z.number()]),
      created: z.looseObject({ by: z.looseObject({ name: z.string() }).nullish() }).optional(),
      tags: z.preprocess(
        (value) => value,
        z.array(z.looseObject({ id: z.number(), keys: z.array(z.string()) })),
      ),
    })
    expect(made({ record })).toEqual([
      'id',
      'created',
      'created.by',
      'created.by.name',
      'tags',
      'tags[]',
      'tags[].id',
      'tags[].keys',
      'tags[].keys[]',
    ])
  })

  test('are its columns as Qualys names them, and both names of an alias', () => {
    expect(
      made({
        columns: ['*', 'job.id', 'endDate'],
        alsoMatched: ['note'],
        fieldAliases: new Map([['enddate', 'endDate']]),
      }),
    ).toEqual(['enddate', 'endDate', 'job', 'job.id', 'note'])
  })

  test.each([...operations, { name: 'the envelope' }].map(({ name }) => name))(
    'of %s come once, each after its parent',
    (name) => {
      const operation = operations.find((one) => one.name === name)
      const paths = operation ? knownFields(operation) : envelopeFields
      expect(paths).toEqual([...new Set(paths)])
      for (const [at, path] of paths.entries()) {
        const [parent, own] = splitPath(path)
        expect(joinPath(parent, own)).toBe(path)
        if (parent !== '') expect(paths.slice(0, at)).toContain(parent)
      }
    },
  )
})

test.each([
  ['id', '', 'id'],
  ['created.dateTime', 'created', 'dateTime'],
  ['tags[]', 'tags', '[]'],
  ['tags[].id', 'tags[]', 'id'],
  ['tags[].keys[]', 'tags[].keys', '[]'],
  ['QUESTIONNAIRE-VERSION', '', 'QUESTIONNAIRE-VERSION'],
])('%s is in %j the field %s', (path, parent, name) => expect(splitPath(path)).toEqual([parent, name]))
