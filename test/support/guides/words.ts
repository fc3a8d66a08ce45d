import { z } from 'zod'
import { specs } from '../../../src/config/specs.ts'
import { lineColumns } from '../../../src/operations/car/script-filters/matching-lines.ts'
import { hintsOf } from '../../../src/operations/hints.ts'
import { derivedLists, operations } from '../../../src/operations/index.ts'
import {
  BusyError,
  DeclinedError,
  DriftError,
  InputError,
  SetupError,
  UnclearError,
  VendorError,
} from '../../../src/shared/errors.ts'
import { holdRollout, stopRollout } from '../../../src/tools/plans/tools/end-rollout.ts'
import { getRollout } from '../../../src/tools/plans/tools/get-rollout.ts'
import { listRollouts } from '../../../src/tools/plans/tools/list-rollouts.ts'
import { planRerun } from '../../../src/tools/plans/tools/plan-rerun.ts'
import { planRollout } from '../../../src/tools/plans/tools/plan-rollout.ts'
import { resumeRollout } from '../../../src/tools/plans/tools/resume-rollout.ts'
import { countedColumns, knownColumns } from '../../../src/tools/replies/known-columns.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { campaignStatus } from '../../../src/tools/workflows/campaign/status.ts'
import { compareRuns } from '../../../src/tools/workflows/compare/compare-runs.ts'
import { countAssetJobs, countJobs } from '../../../src/tools/workflows/count/count.ts'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { getOutput } from '../../../src/tools/workflows/run/output.ts'
import { everyTool } from '../../programs/costs.ts'
import { toolFor } from '../workflows/memory.ts'

// What a guide or a prompt may name in backticks: every name in the code.

type Json = Readonly<Record<string, unknown>>

const rollouts = [planRollout, getRollout, holdRollout, resumeRollout, stopRollout, listRollouts, planRerun]

const workflows: readonly Tool[] = [
  ...[followRun, compareRuns, getOutput, countJobs, countAssetJobs, campaignStatus],
  ...rollouts,
]

/** Every tool that sends requests to Qualys, by its name. */
export const tools: ReadonlyMap<string, Tool> = new Map(
  [...[...operations, ...derivedLists].map(toolFor), ...workflows].map((tool) => [tool.name, tool]),
)

/** Every listed tool, and its effect. */
export const effects: ReadonlyMap<string, string> = new Map(
  everyTool.map(({ name, effect }) => [name, effect]),
)

/** Names of arguments and their allowed words, at any depth. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, items, enum: words = [] } = schema as Json
  const inside = Object.entries(properties as Json).flatMap(([name, inner]) => [name, ...wordsOf(inner)])
  return [...inside, ...wordsOf(items), ...(words as string[])]
}

/** `job.id` of "QQL, e.g. job.id:80507"; tokens that are not public are left out. */
function tokensOf(schema: Json): string[] {
  const { filter } = (schema['properties'] ?? {}) as Record<string, { readonly description?: string }>
  const example = filter?.description ?? ''
  return example.includes('not public')
    ? []
    : [...example.matchAll(/([\w.]+):/g)].map(([, token = '']) => token)
}

/** The words that a setting accepts, if it accepts only certain words. */
function choicesOf(schema: z.ZodType): string[] {
  return schema instanceof z.ZodEnum ? schema.options.map(String) : []
}

/** Fields of qualys_status that guides name: its tool is not loaded here, since it loads the protocol. */
export const statusFields = ['carVersions', 'retiredByQualys', 'hostsPerRun', 'hostsPerRollout'] as const

/** Every word that the code knows. */
export function vocabulary(): ReadonlySet<string> {
  const schemas = everyTool.map(({ schema }) => schema as Json)
  const kinds = [BusyError, DeclinedError, DriftError, InputError, SetupError, UnclearError, VendorError]
  return new Set([
    ...effects.keys(),
    ...schemas.flatMap(wordsOf),
    ...schemas.flatMap(tokensOf),
    // `:day` of "a time by :hour, :day".
    ...(JSON.stringify(schemas).match(/(?<= ):[a-z]+/g) ?? []),
    ...[...operations, ...derivedLists].flatMap(({ record, columns, fieldAliases }) => [
      ...Object.keys(record.shape),
      ...columns,
      ...(fieldAliases?.values() ?? []),
    ]),
    ...operations.flatMap((operation) =>
      [...knownColumns(operation).map(({ name }) => name), ...countedColumns(operation)].flatMap((name) => [
        name,
        ...name.split('.'),
      ]),
    ),
    ...lineColumns,
    ...operations.flatMap(({ route, retired = [] }) => [route, ...retired.map((old) => old.route)]),
    ...Object.values(specs).flatMap(({ env, schema }) => [env, ...choicesOf(schema)]),
    ...kinds.map((Kind) => new Kind('', '').kind),
    ...Object.keys(hintsOf),
    ...statusFields,
  ])
}

/** The texts in backticks. */
export const quotedIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, part = '']) => part)

/** A call as a guide shows it. */
export interface Example {
  readonly tool: string
  readonly args: Json
}

/** `tool {"a":1}`; undefined for anything else. */
export function exampleIn(part: string): Example | undefined {
  const [, tool, json] = /^((?:car|saq|qualys)_\w+) (\{.*\})$/.exec(part) ?? []
  return tool === undefined || json === undefined ? undefined : { tool, args: JSON.parse(json) as Json }
}

/** Names without backticks that look like ours: `jobId`, `car_get_output`, `QUALYS_MODE`. */
export function namesIn(text: string): string[] {
  return text.match(/\b(?:[a-z]+[A-Z]\w*|(?:car|saq|qualys)_\w+|QUALYS_\w+)\b/g) ?? []
}
