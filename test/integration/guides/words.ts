import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import { hintsOf } from '../../../src/operations/operation.ts'
import {
  BusyError,
  DeclinedError,
  DriftError,
  InputError,
  SetupError,
  UnclearError,
  VendorError,
} from '../../../src/session/errors.ts'
import { specs } from '../../../src/setting-specs.ts'
import { exportList } from '../../../src/tools/exports/export.ts'
import { listingOf } from '../../../src/tools/schema.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { toolbox } from '../../../src/tools/toolbox.ts'

// What a guide or a prompt may name between backticks: everything there is, read from the code.

type Json = Readonly<Record<string, unknown>>

/** Every tool, the export too. */
export const tools: ReadonlyMap<string, Tool> = new Map([...toolbox, [exportList.name, exportList]])

/** Names of arguments and the words they take, at any depth. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, items, enum: words = [] } = schema as Json
  const inside = Object.entries(properties as Json).flatMap(([name, inner]) => [name, ...wordsOf(inner)])
  return [...inside, ...wordsOf(items), ...(words as string[])]
}

/** `job.id` of "QQL, e.g. job.id:80507"; those said not to be public are none. */
function tokensOf(schema: Json): string[] {
  const { filter } = (schema['properties'] ?? {}) as Record<string, { readonly description?: string }>
  const example = filter?.description ?? ''
  return example.includes('not public')
    ? []
    : [...example.matchAll(/([\w.]+):/g)].map(([, token = '']) => token)
}

/** The words that a setting takes, where it takes some words only. */
function choicesOf(schema: z.ZodType): string[] {
  return schema instanceof z.ZodEnum ? schema.options.map(String) : []
}

/** Every word that the code knows; `status` is a row of qualys_status. */
export function vocabulary(status: Json): ReadonlySet<string> {
  const schemas = [...tools.values()].map(({ input }) => listingOf(input))
  const kinds = [BusyError, DeclinedError, DriftError, InputError, SetupError, UnclearError, VendorError]
  return new Set([
    ...tools.keys(),
    ...schemas.flatMap(wordsOf),
    ...schemas.flatMap(tokensOf),
    // `:day` of "a time by :hour, :day".
    ...(JSON.stringify(schemas).match(/(?<= ):[a-z]+/g) ?? []),
    ...operations.flatMap(({ record, columns, alsoMatched = [], mend }) => [
      ...Object.keys(record.shape),
      ...columns,
      ...alsoMatched,
      ...(mend?.values() ?? []),
    ]),
    ...operations.flatMap(({ route, retired = [] }) => [route, ...retired.map((old) => old.route)]),
    ...Object.values(specs).flatMap(({ env, schema }) => [env, ...choicesOf(schema)]),
    ...kinds.map((Kind) => new Kind('', '').kind),
    ...Object.keys(hintsOf),
    ...Object.keys(status),
  ])
}

/** What stands between backticks. */
export const quotedIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, part = '']) => part)

/** A call as a text shows it. */
export interface Example {
  readonly tool: string
  readonly args: Json
}

/** `tool {"a":1}`; undefined for anything else. */
export function exampleIn(part: string): Example | undefined {
  const [, tool, json] = /^((?:car|saq|qualys)_\w+) (\{.*\})$/.exec(part) ?? []
  return tool === undefined || json === undefined ? undefined : { tool, args: JSON.parse(json) as Json }
}

/** What looks like one of our names although no backticks are round it: `jobId`, `car_get_output`, `QUALYS_MODE`. */
export function namesIn(text: string): string[] {
  return text.match(/\b(?:[a-z]+[A-Z]\w*|(?:car|saq|qualys)_\w+|QUALYS_\w+)\b/g) ?? []
}
