import { id } from '../../../operations/fields.ts'
import { systemClock } from '../../../shared/clock.ts'
import { InputError } from '../../../shared/errors.ts'
import { inline } from '../../digest/host-result.ts'
import { LineStore } from '../../digest/lines/line-store.ts'
import { listsOf } from '../../lists.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { findRunFacts, type RunFacts, withoutSeconds } from '../run/facts/run-facts.ts'
import { type ComparedKind, compareOutputs } from './compared-kinds.ts'
import { comparisonOf } from './comparison.ts'
import { kindOfHosts } from './kind-sample.ts'
import { matchHosts } from './match-hosts.ts'
import type { ShownRun } from './notes.ts'
import { comparisonReply } from './report.ts'
import { RunResults } from './run-results.ts'

type Facts = ReadonlyMap<string, RunFacts>

function refuseUnlike(jobIdA: string, scriptA: string, jobIdB: string, scriptB: string): void {
  if (scriptA === scriptB) return
  throw new InputError(
    `Run ${inline(jobIdA)} is of script ${inline(scriptA)}, run ${inline(jobIdB)} of script ${inline(scriptB)}: only runs of one script can be compared.`,
    'Find the runs of one script with car_search_jobs and scriptId.',
  )
}

/** The script of both runs. Throws an InputError for unlike ones, and where a run does not show its script. */
function commonScript(facts: Facts, a: RunResults, b: RunResults): string {
  const scriptOf = ({ jobId, script }: RunResults): string => {
    const scriptId = facts.get(jobId)?.scriptId ?? script?.id
    if (scriptId !== undefined) return scriptId
    throw new InputError(
      `Neither run ${inline(jobId)} nor its results show which script it ran: whether the two can be compared is unknown.`,
      'Sum up each run alone with car_follow_run.',
    )
  }
  const scriptId = scriptOf(a)
  refuseUnlike(a.jobId, scriptId, b.jobId, scriptOf(b))
  return scriptId
}

/** `2026-11-22 06:42`, in UTC. */
const dateOf = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16).replace('T', ' ')

function shownRun(results: RunResults, facts: RunFacts | undefined, sentTo: number | undefined): ShownRun {
  const createdAt = facts?.createdAt ?? results.startedAt
  return {
    results,
    date: dateOf(createdAt),
    createdAt,
    expected: Math.max(results.tally.hosts, sentTo ?? 0),
  }
}

/** Reads the hosts of a run. Throws an InputError if there is no such run. */
async function readRun(
  jobId: string,
  facts: Facts,
  store: LineStore,
  { session, signal, progress }: ToolContext,
): Promise<RunResults> {
  const results = new RunResults(jobId, session, store)
  await results.read(signal, (count, total) => progress.report(count, total, `hosts of run ${jobId} read`))
  if (results.tally.hosts === 0 && !facts.has(jobId))
    throw new InputError(`There is no run ${inline(jobId)}.`, 'Take the ids from car_search_jobs.')
  return results
}

/** Compares two runs. Throws an InputError for runs that cannot be compared. */
async function compareTwo(jobIdA: string, jobIdB: string, context: ToolContext): Promise<Reply> {
  const { session, signal, sentRuns, configuration } = context
  // Results also show their script: a list of runs that cannot be read is no reason to give up.
  const facts: Facts =
    (await listsOf(context).attempt(() => findRunFacts([jobIdA, jobIdB], context))) ?? new Map()
  const [scriptA, scriptB] = [jobIdA, jobIdB].map((jobId) => facts.get(jobId)?.scriptId)
  if (scriptA !== undefined && scriptB !== undefined) refuseUnlike(jobIdA, scriptA, jobIdB, scriptB)
  const store = new LineStore()
  const a = await readRun(jobIdA, facts, store, context)
  const b = await readRun(jobIdB, facts, store, context)
  const scriptId = commonScript(facts, a, b)
  const matched = matchHosts(a.hosts, b.hosts)
  const outputs = await compareOutputs(matched, store, signal)
  const comparison = comparisonOf(matched, outputs, store, !b.isUnfinished)
  const sentTo = (jobId: string): number | undefined => {
    const uuid = facts.get(jobId)?.correlationUuid
    const now = systemClock.now()
    return sentRuns.hostsOf(jobId, now) ?? (uuid === undefined ? undefined : sentRuns.hostsOf(uuid, now))
  }
  const title = b.script?.title ?? a.script?.title ?? facts.get(jobIdB)?.title
  const runs = {
    a: shownRun(a, facts.get(jobIdA), sentTo(jobIdA)),
    b: shownRun(b, facts.get(jobIdB), sentTo(jobIdB)),
    scriptId,
    title: title && session.redact(withoutSeconds(title)),
    comparedLength: store.comparedLength,
    passedOver: outputs.passedOver,
  }
  const shown = (kinds: readonly ComparedKind[], run: RunResults, of: 'a' | 'b') =>
    kinds
      .map((kind) => kindOfHosts(kind[of], run, store))
      .sort(
        (x, y) => Number(x.outcome === 'succeeded') - Number(y.outcome === 'succeeded') || y.count - x.count,
      )
  return comparisonReply(
    runs,
    comparison,
    { new: shown(comparison.newKinds, b, 'b'), gone: shown(comparison.goneKinds, a, 'a') },
    configuration.settings.replyChars,
  )
}

/** Compares two runs of one script: host by host, and kind of output by kind of output. */
export const compareRuns: Tool = {
  name: 'car_compare_runs',
  title: 'Compare two runs',
  description: 'What changed from run A to run B: hosts that now fail, outcomes, outputs.',
  effect: 'read',
  input: {
    jobIdA: id('from car_search_jobs'),
    jobIdB: id('from car_search_jobs'),
  },
  run: async (args, context) => {
    const [jobIdA, jobIdB] = [String(args['jobIdA']), String(args['jobIdB'])]
    if (jobIdA === jobIdB)
      throw new InputError(
        'jobIdA and jobIdB name the same run.',
        'Find another run of its script with car_search_jobs and scriptId.',
      )
    const stopProgress = context.progress.repeat(systemClock)
    try {
      return await compareTwo(jobIdA, jobIdB, context)
    } finally {
      stopProgress()
    }
  },
}
