import { scriptResult } from '../../../src/sandbox/data/car/content/outputs.ts'
import type { AssetJob } from '../../../src/sandbox/data/car/rows.ts'
import { at, countsBy, type Fact, groupsOf, type Question, type Truth } from './question.ts'

// Questions about outputs, and about results that Qualys names otherwise.

/** Some outputs of the run hold it. */
const text = 'denied'

/** The lines that the sandbox made up for a host. */
const linesOf = (row: Fact): readonly string[] =>
  Buffer.from(scriptResult(row as unknown as AssetJob) ?? '', 'base64')
    .toString()
    .replace(/\n$/, '')
    .split('\n')

/** The newest result with a long output. */
async function longResult(truth: Truth): Promise<Fact> {
  const row = (await truth('assetjobs')).findLast(({ flavour }) => flavour === 'huge')
  if (!row) throw new Error('no output is long')
  return row
}

/** The run of that result. */
const runOf = async (truth: Truth): Promise<string> => String(at(await longResult(truth), 'job.id'))

async function ofRun(truth: Truth): Promise<readonly Fact[]> {
  const jobId = await runOf(truth)
  return (await truth('assetjobs')).filter((row) => String(at(row, 'job.id')) === jobId)
}

const outcomeOf = ({ outcome }: Fact): string =>
  outcome === 'failed' || outcome === 'timed out' ? 'failed' : String(outcome)

/** A run of which Qualys calls the output by another name. */
const renamed: Question = {
  asks: 'How did the hosts of a run end whose output is called result?',
  prepare: (_, control) =>
    control.faults([
      { route: 'POST /sm/v2/assetjobs/search', kind: 'renameField', fields: { output: 'result' } },
    ]),
  answer: async (call, truth) => {
    const args = { jobId: await runOf(truth), groupBy: ['outcome'] }
    return groupsOf((await call('car_count_asset_jobs', args)).rows, args.groupBy)
  },
  expected: async (truth) => countsBy(await ofRun(truth), outcomeOf),
}

export const outputQuestions: readonly Question[] = [
  {
    asks: 'What are the last 20 lines of a long output?',
    answer: async (call, truth) => {
      const { id, job } = await longResult(truth)
      const args = { jobId: String((job as Fact)['id']), assetJobId: String(id), fromEnd: 20 }
      const { rows } = await call('car_get_output', args)
      return String(rows[0]?.['output']).replace(/\n$/, '').split('\n')
    },
    expected: async (truth) => linesOf(await longResult(truth)).slice(-20),
  },
  {
    asks: 'On which hosts of a run does the output hold a text, and in which lines?',
    answer: async (call, truth) => {
      const jobId = await runOf(truth)
      const args = { jobId, match: text, includeOutput: true, fields: ['id', 'scriptResult'] }
      const { rows } = await call('car_search_asset_jobs', { ...args, pageSize: 50 })
      return rows.flatMap(({ id, scriptResult }) =>
        String(scriptResult)
          .split('\n')
          .filter((line) => line.includes(text))
          .map((line) => `${id} ${line.replace(/^(\d+): /, '$1 ')}`),
      )
    },
    expected: async (truth) =>
      (await ofRun(truth)).flatMap((row) =>
        linesOf(row).flatMap((line, index) =>
          line.includes(text) ? [`${row['id']} ${index + 1} ${line}`] : [],
        ),
      ),
  },
  renamed,
]
