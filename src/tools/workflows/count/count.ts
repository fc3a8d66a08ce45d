import { z } from 'zod'
import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'
import { whole } from '../../../operations/fields.ts'
import { type Input, nounOf, type Operation } from '../../../operations/operation.ts'
import type { Deviations } from '../../../session/answer.ts'
import { systemClock } from '../../../shared/clock.ts'
import type { Reply } from '../../replies/reply.ts'
import { listInput } from '../../rows/list-input.ts'
import { type RowSelector, rowSelector } from '../../rows/row-selector.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { isTemporary } from '../run/watch.ts'
import { bucketNames, type GroupKey, Groups, parseGroupKey } from './groups.ts'
import { rejectUnknownColumns, topLevelField } from './known-columns.ts'
import { type CountResult, countReply, rowsOf } from './report.ts'

const maxColumns = 2
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
  .describe('up to 2 columns, and a time by :hour, :day, :week or :month (created.dateTime:day)')
  .optional()

/** The fields to read; undefined for all fields, which `match` and local filters need. */
function fieldsToRead(operation: Operation, keys: readonly GroupKey[], args: Input): string[] | undefined {
  const { rowFilters = {}, filterFields = [], localFilters = {} } = operation
  if (['match', ...Object.keys(localFilters)].some((name) => args[name] !== undefined)) return undefined
  const usesRowFilter = Object.keys(rowFilters).some(
    (filter) => args[filter] !== undefined || keys.some(({ name }) => name === filter),
  )
  return [
    ...new Set([...keys.map(({ name }) => topLevelField(name)), ...(usesRowFilter ? filterFields : [])]),
  ]
}

/** Walks the whole list and counts the rows that pass the filter. */
async function countRows(
  operation: Operation,
  keys: readonly GroupKey[],
  args: Input,
  selector: RowSelector,
  { session, signal, progress }: ToolContext,
): Promise<CountResult> {
  const groups = new Groups(operation, keys, session.redact)
  const result = {
    groups,
    scanned: 0,
    isFiltered: selector.isFilter,
    deviations: { drift: [] } as Deviations,
  }
  let total: number | undefined
  let incompleteReason: string | undefined
  try {
    const only = fieldsToRead(operation, keys, args)
    for await (const batch of session.walk(operation, selector.narrowed(args), {
      signal,
      prefetch: true,
      ...(only && { fields: only }),
    })) {
      if (result.scanned === 0) rejectUnknownColumns(operation, keys, batch.rows)
      const chosen = await selector.choose(batch.rows)
      for (const row of chosen) if (row) groups.add(row)
      result.scanned += chosen.length
      total = batch.total ?? total
      incompleteReason = batch.resultLimit
      result.deviations = { drift: batch.drift, leftOut: batch.leftOut }
      progress.report(result.scanned, total)
      if (chosen.length === batch.rows.length) continue
      incompleteReason = selector.stopReason
      break
    }
  } catch (error) {
    signal.throwIfAborted()
    // Keeps the rows counted so far; the reply says that they are not all.
    if (!isTemporary(error) || result.scanned === 0) throw error
    incompleteReason = `${error.message} ${error.next}`
  }
  return {
    ...result,
    unknown: selector.unknown,
    notes: selector.notes,
    ...(total !== undefined && { total }),
    ...(incompleteReason !== undefined && { incompleteReason }),
  }
}

/** Qualys' own total, if there is no filter and no grouping; undefined if Qualys reports none. */
async function fetchTotal(
  operation: Operation,
  args: Input,
  { session, signal }: ToolContext,
): Promise<number | undefined> {
  const answer = await session.call(operation, { ...args, pageSize: 1 }, { signal })
  return answer.kind === 'page' ? answer.total : undefined
}

/** The inputs of a list without those about its pages. */
function countInput(shape: z.ZodRawShape): z.ZodRawShape {
  const pageInputs = ['sort', 'includeOutput', 'fields', 'pageSize', 'continuationToken']
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !pageInputs.includes(name)))
}

/** The inputs of a tool that counts the rows of a list: those of the list, and how to group. */
const countingInput = (list: Operation): z.ZodRawShape => ({
  groupBy,
  ...countInput({ ...list.input, ...listInput(list) }),
  top: whole(1, 500, 'groups to show, default 20').optional(),
})

/** Counts the rows of a list, in groups if the arguments name some. */
async function countList(list: Operation, args: Input, context: ToolContext): Promise<Reply> {
  const noun = nounOf(list.name)
  const keys = ((args['groupBy'] ?? []) as readonly string[]).map(parseGroupKey)
  const { groupBy: _groups, top = 20, ...rest } = args
  const selector = await rowSelector(list, args, context)
  if (keys.length === 0 && !selector.isFilter) {
    const total = await fetchTotal(list, rest, context)
    if (total !== undefined) {
      const summary = `${rowsOf(total, noun)}, as Qualys counts them`
      return { summary, body: '', rows: [{ count: total }], total }
    }
  }
  const stopProgress = context.progress.repeat(systemClock)
  try {
    const result = await countRows(list, keys, rest, selector, context)
    return countReply(noun, result, Number(top), context.configuration.settings.replyChars)
  } finally {
    stopProgress()
  }
}

/** The tool that counts the rows of a list. */
const countTool = (list: Operation, name: string, title: string, description: string): Tool => ({
  name,
  title,
  description,
  effect: 'read',
  input: countingInput(list),
  run: (args, context) => countList(list, args, context),
})

export const countJobs = countTool(
  searchJobs,
  'car_count_jobs',
  'Count script runs',
  'Count runs over all pages at once, by script, platform, time or another column.',
)

export const countAssetJobs = countTool(
  searchAssetJobs,
  'car_count_asset_jobs',
  'Count results per host',
  'Count results per host over all pages at once, by outcome, host, run or time.',
)
