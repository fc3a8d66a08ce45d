import { searchJobs } from '../../src/operations/car/runs.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { searchQuestionnaires } from '../../src/operations/saq/questionnaires.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { limitHeapGrowth } from '../../src/shared/memory/heap-growth.ts'
import { openAssistantOn, type ToolReply } from '../support/assistant.ts'
import { sessionOn } from '../support/session.ts'
import { measure, options } from './bare/measure.mjs'

// One task of ours in a process of its own, measured like the baselines in test/bench/bare.

interface Options extends Sandbox {
  readonly task: keyof typeof tasks
  readonly folder: string
  readonly rounds: number
  readonly warmUp: number
}

type Work = () => Promise<object>

/** A task ready to be run, and the end of what it opened. */
interface Opened {
  readonly work: Work
  readonly close: () => Promise<void>
}

const walking =
  (operation: Operation) =>
  async (options: Options): Promise<Opened> => {
    const session = sessionOn(options)
    const work = async () => {
      let rows = 0
      for await (const batch of session.walk(operation, {}, { prefetch: true })) rows += batch.rows.length
      return { rows }
    }
    return { work, close: () => session.close() }
  }

const calling =
  (tool: string, args: object, rowsIn: (reply: ToolReply['structured']) => unknown) =>
  async (options: Options): Promise<Opened> => {
    const assistant = await openAssistantOn(options, {
      QUALYS_EXPORT_DIR: options.folder,
      QUALYS_EXPORT_MAX_MB: '4000',
      QUALYS_LOG_LEVEL: 'error',
    })
    const work = async () => {
      const { text, isError, structured } = await assistant.call(tool, args, 'json')
      if (isError) throw new Error(text)
      return { rows: rowsIn(structured) }
    }
    return { work, close: () => assistant.close() }
  }

const tasks = {
  call: calling('car_search_jobs', { pageSize: 20 }, ({ returned }) => returned),
  walk: walking(searchJobs),
  'walk-xml': walking(searchQuestionnaires),
  count: calling('car_count_jobs', { groupBy: ['platform', 'executionType'] }, ({ total }) => total),
  'export-jsonl': calling(
    'qualys_export',
    { tool: 'car_search_jobs', format: 'jsonl' },
    ({ rows }) => rows[0]?.['rows'],
  ),
  'export-csv': calling(
    'qualys_export',
    { tool: 'car_search_jobs', format: 'csv' },
    ({ rows }) => rows[0]?.['rows'],
  ),
}

const isTask = (name: unknown): name is keyof typeof tasks =>
  typeof name === 'string' && Object.hasOwn(tasks, name)

limitHeapGrowth()
const given = options as Options
if (!isTask(given.task)) throw new Error(`There is no task ${given.task}.`)
const { work, close } = await tasks[given.task](given)
await measure(work, given)
await close()
