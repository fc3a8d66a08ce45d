import { z } from 'zod'
import { id } from '../../../operations/fields.ts'
import { dayMs } from '../../../shared/clock.ts'
import { asJson, commonRules, optional, titledId } from './arguments.ts'
import type { PromptContent } from './content.ts'

function findFailures(since: string): string[] {
  const failed = `{"startAt":"${since}","outcome":"failed","groupBy":["job.id"],"top":5}`
  return [
    `\`car_count_asset_jobs ${failed}\` counts the failed hosts of each run, over all pages, and shows the five runs with the most; the number of groups is the number of runs. If none failed, say so and stop. If the group is "(not shown)", results do not name their run: take the runs of \`car_search_jobs {"startAt":"${since}"}\` instead.`,
    'Say how many more runs there are. For each of the five: `car_follow_run` with its jobId and waitSeconds 0; it shows the exit codes, and each kind of output once with its hosts.',
  ]
}

function steps(jobId: string | undefined, since: string): string[] {
  return [
    ...(jobId === undefined
      ? findFailures(since)
      : [
          `\`car_follow_run {"jobId":${asJson(jobId)},"waitSeconds":0}\` counts the hosts by outcome, and shows each kind of output once with its hosts. If none failed, say so, and how many are open, and stop.`,
        ]),
    'For every kind of failure that is cut or unclear: `car_get_output` with jobId and the assetJobId in brackets, for one host of the kind; find shows the lines that hold a text.',
    'For hosts that are still open: `car_search_asset_jobs` with jobId, outcome "open" and fields ["asset.name"]. Qualys does not say whether they are offline or busy; say so.',
    'Group the failures by CAUSE, which may be one for several kinds of output: the script itself, a missing program or right, the host, the network, a time-out, an execution policy. Say which of it is certain (quote one line of output) and which you infer.',
    'Report a table, the largest cause first: cause, number of hosts, three of them by name, exit code, evidence, what to do. Below it: what is still open, and what could not be read.',
    'Change nothing and run nothing. If a second run would help, say with which script, hosts and why, and wait for the person.',
  ]
}

/** The prompt for finding out why runs failed. */
export const triage: PromptContent = {
  input: {
    jobId: optional(titledId(id('from car_search_jobs'))),
    days: optional(
      z
        .string({ error: 'must be a whole number from 1 to 90' })
        .regex(/^(?:[1-9]|[1-8]\d|90)$/, { error: 'must be a whole number from 1 to 90' }),
    ),
  },
  message: ({ jobId, days }, now) => {
    const run = jobId === undefined ? undefined : String(jobId)
    const since = new Date(now - Number(days ?? 1) * dayMs).toISOString().slice(0, 16)
    const what = run === undefined ? `the script runs since ${since}Z` : `script run ${asJson(run)}`
    return [
      `Find out why ${what} failed on hosts.`,
      ...steps(run, `${since}Z`).map((step, index) => `${index + 1}. ${step}`),
      ...commonRules,
    ].join('\n')
  },
}
