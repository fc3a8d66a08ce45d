import { getOutput } from '../../../src/tools/workflows/run/output.ts'
import { callerOn, type ToolOutcome, Upstream } from './memory.ts'
import { assetJobs } from './runs.ts'

const answerOf = (more: object): object => {
  const data = { id: '7', created: { dateTime: 1 }, output: { code: 0 }, ...more }
  return { body: { totalCount: 1, list: [{ sortValues: [1], data }] } }
}

/** What car_get_output replies about host 7 of run 1, which printed this. */
export async function outputReply(
  printed: Buffer | string,
  args: object,
  form: 'text' | 'json' = 'json',
  environment: Readonly<Record<string, string>> = {},
): Promise<ToolOutcome> {
  const upstream = new Upstream()
  const scriptResult = Buffer.from(printed).toString('base64')
  // The host is looked up without its output first.
  upstream.serve(
    { route: assetJobs, body: answerOf({}), times: 1 },
    { route: assetJobs, body: answerOf({ scriptResult }) },
  )
  return callerOn(upstream.answer, environment).call(getOutput, { jobId: 1, assetJobId: 7, ...args }, form)
}
