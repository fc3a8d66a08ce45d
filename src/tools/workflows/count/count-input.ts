import { z } from 'zod'
import { whole } from '../../../operations/fields.ts'
import type { Input, Operation } from '../../../operations/operation.ts'
import { InputError } from '../../../shared/errors.ts'
import { listInput } from '../../rows/list-input.ts'
import { bucketNames, type GroupKey, parseGroupKey } from './group-key.ts'

const maxColumns = 3
const groupByError = `must be up to ${maxColumns} columns and one time with :${bucketNames.join(', :')}, such as ["platform","created.dateTime:day"]`

/** A column, or a time with a bucket. */
const labelPattern = new RegExp(`^[^\\s:]{1,80}(?::(?:${bucketNames.join('|')}))?$`)

const groupBy = z
  .preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(z.string({ error: groupByError }).regex(labelPattern, { error: groupByError }), {
        error: groupByError,
      })
      .refine(
        (labels) => {
          const buckets = labels.filter((label) => parseGroupKey(label).bucket !== undefined).length
          const names = new Set(labels)
          return buckets <= 1 && labels.length - buckets <= maxColumns && names.size === labels.length
        },
        { error: groupByError },
      ),
  )
  .describe(`up to ${maxColumns} columns and a time by :hour, :day, :week or :month (created.dateTime:day)`)
  .optional()

const distinctError = 'must be one column, such as "asset.name"'

const distinct = z
  .preprocess(
    (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value),
    z.string({ error: distinctError }).regex(labelPattern, { error: distinctError }),
  )
  .describe('column')
  .optional()

/** The inputs of a list without those about its pages. */
function countInput(shape: z.ZodRawShape): z.ZodRawShape {
  const pageInputs = ['sort', 'includeOutput', 'fields', 'pageSize', 'continuationToken']
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !pageInputs.includes(name)))
}

/** The inputs of a tool that counts the rows of a list: those of the list, and how to group. */
export const countingInput = (list: Operation): z.ZodRawShape => ({
  groupBy,
  distinct,
  ...countInput({ ...list.input, ...listInput(list) }),
  min: whole(1, 1_000_000, 'rows per group').optional(),
  top: whole(1, 500, 'largest, default 20').optional(),
})

/** How rows are counted. */
export interface CountRequest {
  readonly keys: readonly GroupKey[]
  readonly distinct: GroupKey | undefined
  readonly min: number | undefined
  /** Groups to show. */
  readonly top: number
  /** True for the largest groups; else with a time the latest come first. */
  readonly bySize: boolean
  /** The arguments of the list itself. */
  readonly list: Input
}

/** Reads the arguments of a count. */
export function readCountRequest({ groupBy = [], distinct, min, top, ...list }: Input): CountRequest {
  const keys = (groupBy as readonly string[]).map(parseGroupKey)
  if (min !== undefined && keys.length === 0)
    throw new InputError('min keeps groups of at least so many.', 'Pass groupBy as well, or leave min out.')
  return {
    keys,
    distinct: distinct === undefined ? undefined : parseGroupKey(String(distinct)),
    min: min === undefined ? undefined : Number(min),
    top: Number(top ?? 20),
    bySize: top !== undefined,
    list,
  }
}
