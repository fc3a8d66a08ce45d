import { z } from 'zod'
import type { Input, Operation } from '../../operations/operation.ts'
import { countingInput } from '../workflows/count/count-input.ts'

/** What counting a list in groups adds to its input. */
const groupInputs = ['groupBy', 'distinct', 'top', 'min']

/** The names of the inputs for which the rows of a list must be read, so that Qualys' own count is not enough. */
const rowInputs = ({ localFilters = {} }: Operation): readonly string[] => [
  'groupBy',
  'distinct',
  'min',
  ...Object.keys(localFilters),
]

const withoutDescription = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodType ? schema.meta({ description: undefined }) : schema

/**
 * The inputs of an operation that counts a list: its own, those of counting in groups, and the local filters of the
 * list. Without descriptions: that of the tool names the columns.
 */
export function groupCountingInput({ input, counts }: Operation): z.ZodRawShape {
  if (!counts) return input
  const names = [...groupInputs, ...Object.keys(counts.localFilters ?? {})]
  const added = Object.entries(countingInput(counts)).filter(([name]) => names.includes(name))
  return {
    ...input,
    ...Object.fromEntries(added.map(([name, schema]) => [name, withoutDescription(schema)])),
  }
}

/** The list whose rows must be read for these arguments; undefined if Qualys' own count answers them. */
export const listToCount = ({ counts }: Operation, args: Input): Operation | undefined =>
  counts && rowInputs(counts).some((name) => args[name] !== undefined) ? counts : undefined
