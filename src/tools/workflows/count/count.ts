import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'
import { type Input, nounOf, type Operation } from '../../../operations/operation.ts'
import type { Deviations } from '../../../session/answer.ts'
import { systemClock } from '../../../shared/clock.ts'
import { texts } from '../../../shared/format.ts'
import { listsOf } from '../../lists.ts'
import type { Reply } from '../../replies/reply.ts'
import { type RowSelector, rowSelector } from '../../rows/row-selector.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { isTemporary } from '../run/watch.ts'
import { type CountRequest, countingInput, readCountRequest } from './count-input.ts'
import { Groups } from './groups.ts'
import { columnsOfCount, isJoined } from './joined.ts'
import { topLevelField } from './known-columns.ts'
import { PresentColumns } from './present-columns.ts'
import { rank } from './rank.ts'
import { type CountResult, countReply, rowsOf } from './report.ts'
import { findTitles, titleColumns } from './titles.ts'

/** The fields to read; undefined for all fields, which `match` and local filters need. */
function fieldsToRead(operation: Operation, { keys, distinct, list }: CountRequest): string[] | undefined {
  const { rowFilters = {}, filterFields = [], localFilters = {}, joinedColumns } = operation
  if (['match', ...Object.keys(localFilters)].some((name) => list[name] !== undefined)) return undefined
  const names = [...keys, ...(distinct ? [distinct] : [])].map(({ name }) => name)
  const usesRowFilter = Object.keys(rowFilters).some(
    (filter) => list[filter] !== undefined || names.includes(filter),
  )
  const usesJoin = names.some((name) => isJoined(operation, name))
  if (usesJoin && !joinedColumns?.keyFields) return undefined
  const titles = titleColumns(operation, keys).filter((name) => name !== undefined)
  return [
    ...new Set([
      ...[...names, ...titles].map(topLevelField),
      ...(usesRowFilter ? filterFields : []),
      ...(usesJoin ? (joinedColumns?.keyFields ?? []) : []),
    ]),
  ]
}

/** Walks the whole list and counts the rows that pass the filter. */
async function countRows(
  operation: Operation,
  request: CountRequest,
  selector: RowSelector,
  context: ToolContext,
): Promise<CountResult> {
  const { session, signal, progress } = context
  const { keys, distinct, list: args } = request
  const columns = await columnsOfCount(operation, request, listsOf(context), session.redact)
  const groups = new Groups(operation, keys, session.redact, {
    distinct,
    titles: titleColumns(operation, keys),
    joined: columns.joined,
  })
  const result = {
    groups,
    scanned: 0,
    isFiltered: selector.isFilter,
    deviations: { drift: [] } as Deviations,
  }
  const there = new PresentColumns(operation, request, session.redact)
  let total: number | undefined
  let incompleteReason: string | undefined
  try {
    const only = fieldsToRead(operation, request)
    for await (const batch of session.walk(operation, selector.narrowed(args), {
      signal,
      prefetch: true,
      ...(only && { fields: only }),
    })) {
      await columns.prepare(batch.rows, batch.sample)
      there.add(batch)
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
    notes: texts(there.note(groups, result.deviations), columns.notes, selector.notes),
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

/** Counts the rows of a list, in groups if the arguments name some. */
export async function countList(list: Operation, args: Input, context: ToolContext): Promise<Reply> {
  const noun = nounOf(list.name)
  const request = readCountRequest(args)
  const { keys, distinct, top } = request
  const selector = await rowSelector(list, request.list, context)
  if (keys.length === 0 && !distinct && !selector.isFilter) {
    const total = await fetchTotal(list, request.list, context)
    if (total !== undefined) {
      const summary = `${rowsOf(total, noun)}, as Qualys counts them`
      return { summary, body: '', rows: [{ count: total }], total }
    }
  }
  const stopProgress = context.progress.repeat(systemClock)
  try {
    const result = await countRows(list, request, selector, context)
    const ranking = rank(result.groups, request)
    const titles = await findTitles(list, result.groups, ranking.kept.slice(0, top), listsOf(context))
    return countReply(noun, result, ranking, titles, context.configuration.settings.replyChars)
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
  'Count runs over all pages, by script.*, platform, time or another column.',
)

export const countAssetJobs = countTool(
  searchAssetJobs,
  'car_count_asset_jobs',
  'Count results per host',
  'Count results per host over all pages, by outcome, job.*, script.*, asset.* or time.',
)
