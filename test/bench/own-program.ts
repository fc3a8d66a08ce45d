import { searchJobs } from '../../src/operations/car/runs.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { searchQuestionnaires } from '../../src/operations/saq/questionnaires.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { openAssistantOn } from '../support/assistant.ts'
import { sessionOn } from '../support/session.ts'

// One task of ours in a process of its own, measured like the baselines in test/bench/bare.

interface Options extends Sandbox {
  readonly task: keyof typeof tasks
  readonly folder: string
  readonly rounds: number
  readonly warmUp: boolean
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
  (tool: string, args: object) =>
  async (options: Options): Promise<Opened> => {
    const assistant = await openAssistantOn(options, {
      QUALYS_EXPORT_DIR: options.folder,
      QUALYS_EXPORT_MAX_MB: '4000',
      QUALYS_LOG_LEVEL: 'error',
    })
    const work = async () => {
      const { text, isError, structured } = await assistant.call(tool, args, 'json')
      if (isError) throw new Error(text)
      const [{ rows = 0, bytes = 0 } = {}] = structured.rows
      return { rows, bytes }
    }
    return { work, close: () => assistant.close() }
  }

const tasks = {
  walk: walking(searchJobs),
  'walk-xml': walking(searchQuestionnaires),
  count: calling('car_count_jobs', { groupBy: ['platform', 'executionType'] }),
  'export-jsonl': calling('qualys_export', { tool: 'car_search_jobs', format: 'jsonl' }),
  'export-csv': calling('qualys_export', { tool: 'car_search_jobs', format: 'csv' }),
}

const options: Options = JSON.parse(process.argv[2] ?? '')
const { work, close } = await tasks[options.task](options)
if (options.warmUp) await work()
const ms: number[] = []
const cpuMs: number[] = []
let result = {}
for (let round = 0; round < options.rounds; round++) {
  const began = performance.now()
  const before = process.cpuUsage()
  result = await work()
  const { user, system } = process.cpuUsage(before)
  ms.push(performance.now() - began)
  cpuMs.push((user + system) / 1_000)
}
console.log(JSON.stringify({ ...result, ms, cpuMs, peakMiB: process.resourceUsage().maxRSS / 1_024 }))
await close()
