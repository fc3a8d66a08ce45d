import { z } from 'zod'
import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'
import { whole } from '../../../operations/fields.ts'
import { nounOf, type Operation } from '../../../operations/operation.ts'
import { realPace } from '../../../shared/clock.ts'
import { Progress } from '../../progress-timer.ts'
import { keeper, listInput } from '../../replies/list-filter.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Running, Tool } from '../../tool.ts'
import { passes } from '../run/watch.ts'
import { bucketNames, Groups, type Key, keyOf } from './groups.ts'
import { refuseUnknown, topOf } from './known-columns.ts'
import { type Counted, countReply } from './report.ts'

type Args = Readonly<Record<string, unknown>>

const mostColumns = 2
const wrongGroups = `must be up to ${mostColumns} columns and one time with :${bucketNames.join(', :')}, such as ["platform","created.dateTime:day"]`

/** A column, or a time with a bucket. */
const label = new RegExp(`^[^\\s:]{1,80}(?::(?:${bucketNames.join('|')}))?$`)

const groupBy = z
  .preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(z.string({ error: wrongGroups }).regex(label, { error: wrongGroups }), {
        error: wrongGroups,
      })
      .refine(
        (labels) => {
          const buckets = labels.filter((label) => keyOf(label).bucket !== undefined).length
          const names = new Set(labels)
          return buckets <= 1 && labels.length - buckets <= mostColumns && names.size === labels.length
        },
        { error: wrongGroups },
      ),
  )
  .describe('up to 2 columns, and a time by :hour, :day, :week or :month (created.dateTime:day)')
  .optional()

/** The fields to read; undefined for all, which `match` needs. */
function fieldsFor(operation: Operation, keys: readonly Key[], args: Args): string[] | undefined {
  if (args['match'] !== undefined) return undefined
  const { rowTests = {}, testedFields = [] } = operation
  const tested = Object.keys(rowTests).some(
    (test) => args[test] !== undefined || keys.some(({ name }) => name === test),
  )
  return [...new Set([...keys.map(({ name }) => topOf(name)), ...(tested ? testedFields : [])])]
}

/** Walks the whole list and counts the rows that pass the filter. */
async function counted(
  operation: Operation,
  keys: readonly Key[],
  args: Args,
  { session, signal }: Running,
  progress: Progress,
): Promise<Counted> {
  const groups = new Groups(operation, keys, session.redact)
  const keep = keeper(operation, args, session.redact)
  const result = { groups, scanned: 0, sifted: keep !== undefined, drift: [] as readonly string[] }
  let total: number | undefined
  let wall: string | undefined
  try {
    const only = fieldsFor(operation, keys, args)
    for await (const stretch of session.walk(operation, args, {
      signal,
      eager: true,
      ...(only && { only }),
    })) {
      if (result.scanned === 0) refuseUnknown(operation, keys, stretch.rows)
      for (const row of stretch.rows) if (!keep || keep(row)) groups.add(row)
      result.scanned += stretch.rows.length
      total = stretch.total ?? total
      wall = stretch.wall
      result.drift = stretch.drift
      progress.set(result.scanned, total)
    }
  } catch (error) {
    signal.throwIfAborted()
    // Keeps the rows counted so far; the reply says that they are not all.
    if (!passes(error) || result.scanned === 0) throw error
    wall = `${error.message} ${error.next}`
  }
  return { ...result, ...(total !== undefined && { total }), ...(wall !== undefined && { wall }) }
}

/** Qualys' own total, if there is no filter and no grouping; undefined if Qualys reports none. */
async function totalOf(
  operation: Operation,
  args: Args,
  { session, signal }: Running,
): Promise<number | undefined> {
  const answer = await session.call(operation, { ...args, pageSize: 1 }, { signal })
  return answer.kind === 'page' ? answer.total : undefined
}

/** The inputs of a list without those for its pages. */
function countable(shape: z.ZodRawShape): z.ZodRawShape {
  const ofPages = ['sort', 'includeOutput', 'fields', 'pageSize', 'continuationToken']
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !ofPages.includes(name)))
}

/** The tool that counts the rows of a list. */
function countTool(operation: Operation, name: string, title: string, description: string): Tool {
  const noun = nounOf(operation.name)
  return {
    name,
    title,
    description,
    effect: 'read',
    input: {
      groupBy,
      ...countable({ ...operation.input, ...listInput(operation) }),
      top: whole(1, 500, 'groups to show, default 20').optional(),
    },
    run: async (args, running): Promise<Reply> => {
      const keys = ((args['groupBy'] ?? []) as readonly string[]).map(keyOf)
      const { groupBy: _groups, top = 20, ...rest } = args
      const sifted = keeper(operation, args, running.session.redact) !== undefined
      if (keys.length === 0 && !sifted) {
        const total = await totalOf(operation, rest, running)
        if (total !== undefined) {
          const summary = `${total.toLocaleString('en')} ${noun}, as Qualys counts them`
          return { summary, body: '', rows: [{ count: total }], total }
        }
      }
      const progress = new Progress(realPace, running.progress)
      try {
        const found = await counted(operation, keys, rest, running, progress)
        const { replyChars } = running.configuration.settings
        return countReply(noun, found, Number(top), replyChars)
      } finally {
        progress.stop()
      }
    },
  }
}

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
