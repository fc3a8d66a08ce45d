import { column, type Fact, pagesOf, type Question, type Truth } from './question.ts'

// Questions about scripts, outputs and reports.

const codeOf = ({ content }: Fact): string => Buffer.from(String(content), 'base64').toString()

const holds =
  (text: string) =>
  (script: Fact): boolean =>
    codeOf(script).toLowerCase().includes(text.toLowerCase())

const someIds = async (truth: Truth): Promise<string[]> => column((await truth('scripts')).slice(3, 15), 'id')

/** The newest run has a host with a long output. */
async function longOutput(truth: Truth): Promise<{ readonly jobId: string; readonly assetJobId: string }> {
  const result = (await truth('assetjobs')).findLast(({ flavour }) => flavour === 'huge')
  if (!result) throw new Error('no output is long')
  return { jobId: String((result['job'] as Fact)['id']), assetJobId: String(result['id']) }
}

export const scriptQuestions: readonly Question[] = [
  {
    asks: 'Which scripts use WScript.Network in their code?',
    answer: async (call) =>
      column(
        await pagesOf(call, 'car_search_scripts', { contentMatch: 'WScript.Network', pageSize: 100 }),
        'id',
      ),
    expected: async (truth) => column((await truth('scripts')).filter(holds('WScript.Network')), 'id'),
  },
  {
    asks: 'On which line do the approved scripts call uname?',
    answer: async (call) => {
      const args = { contentMatch: 'uname -a', status: 'APPROVED', pageSize: 100 }
      const rows = await pagesOf(call, 'car_search_scripts', args)
      return Object.fromEntries(rows.map(({ id, line }) => [String(id), Number(line)]))
    },
    expected: async (truth) =>
      Object.fromEntries(
        (await truth('scripts'))
          .filter((script) => script['status'] === 'APPROVED' && holds('uname -a')(script))
          .map((script) => {
            const lines = codeOf(script).split('\n')
            return [String(script['id']), lines.findIndex((line) => line.includes('uname -a')) + 1]
          }),
      ),
  },
  {
    asks: 'What is the state of these twelve scripts?',
    answer: async (call, truth) => {
      const { rows } = await call('car_search_scripts', { ids: await someIds(truth) })
      return rows.map(({ id, status }) => `${id} ${status}`)
    },
    expected: async (truth) => {
      const ids = await someIds(truth)
      return (await truth('scripts'))
        .filter(({ id }) => ids.includes(String(id)))
        .map(({ id, status }) => `${id} ${status}`)
    },
  },
  {
    asks: 'Which scripts were rejected?',
    answer: async (call) =>
      column((await call('car_search_scripts', { status: 'REJECTED', pageSize: 100 })).rows, 'id'),
    expected: async (truth) =>
      column(
        (await truth('scripts')).filter(({ status }) => status === 'REJECTED'),
        'id',
      ),
  },
  {
    asks: 'Which reports failed?',
    answer: async (call) =>
      column((await call('car_list_reports', { status: 'FAILED', pageSize: 50 })).rows, 'fileUuid'),
    expected: async (truth) =>
      column(
        (await truth('reports')).filter(({ status }) => status === 'FAILED'),
        'fileUuid',
      ),
  },
  {
    asks: 'On which line of a long output does a text stand?',
    answer: async (call, truth) => {
      const { rows } = await call('car_get_output', { ...(await longOutput(truth)), find: '2718\t' })
      return rows.flatMap(({ shown }) => (shown as number[]).map(String))
    },
    // Its lines are numbered from 0.
    expected: async () => ['2719'],
  },
]
