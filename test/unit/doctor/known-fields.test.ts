import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { envelopeFields, joinPath, knownFields } from '../../../src/cli/probe/recording/known-fields.ts'
import { searchAssets, searchAssetTags } from '../../../src/operations/car/assets.ts'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'

// The field names that may stand in a recording: those that this program knows.

const made = (changes: Partial<Operation>): string[] =>
  knownFields({
    ...searchAssetTags,
    record: z.looseObject({}),
    columns: [],
    ...changes,
  }).map(({ path }) => path)

describe('the known fields of a record', () => {
  test('are those of its schema, in objects and lists, whatever is around them', () => {
    const record = z.looseObject({
      id: z.union([z.string(), z.number()]),
      created: z.union([z.literal(''), z.looseObject({ by: z.looseObject({ name: z.string() }).nullish() })]),
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
        possibleColumns: [{ name: 'note' }],
        fieldAliases: new Map([['enddate', 'endDate']]),
      }),
    ).toEqual(['enddate', 'endDate', 'job', 'job.id', 'note'])
  })

  test.each<readonly [Operation, readonly string[]]>([
    [
      searchAssets,
      ['agentUuid', 'assetId', 'interfaces[].address', 'manifest.status', 'tags[]', 'tags[].id'],
    ],
    [searchJobs, ['description', 'assetIds', 'params[].key', 'user.name']],
    [searchAssetJobs, ['status', 'returnCode', 'isAssetDisconnected', 'asset.agentUuid']],
  ])('are those that public code, sister modules and inputs have, too', (operation, expected) => {
    expect(knownFields(operation).map(({ path }) => path)).toEqual(expect.arrayContaining([...expected]))
  })

  test.each([...operations, { name: 'the envelope' }].map(({ name }) => name))(
    'of %s come once, each after its parent',
    (name) => {
      const operation = operations.find((one) => one.name === name)
      const fields = operation ? knownFields(operation) : envelopeFields
      const paths = fields.map(({ path }) => path)
      expect(paths).toEqual([...new Set(paths)])
      for (const [at, { path, parent, name }] of fields.entries()) {
        expect(joinPath(parent, name)).toBe(path)
        if (parent !== '') expect(paths.slice(0, at)).toContain(parent)
      }
    },
  )
})
