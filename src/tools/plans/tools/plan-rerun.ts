import { searchAssets } from '../../../operations/car/assets.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted } from '../../../shared/format.ts'
import { requireInList } from '../../effects/targets/lookup.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { hostsByOutcome } from '../../workflows/run/unsuccessful-hosts.ts'
import { checkPlanSize } from '../plan-size.ts'
import { type RerunInput, repeatedOutcomes, rerunInput, rolloutSettings } from '../propose/input.ts'
import { splitFleet } from '../propose/waves.ts'
import { plannedScript } from '../run/planned-script.ts'
import { namesOf, requireIds } from './fleet.ts'
import { optionsOf } from './plan-rollout.ts'
import { type PlanDraft, type Proposal, proposePlan, readScriptToPlan } from './propose-plan.ts'

/** The names of outcomes, as the results of a run are grouped. */
const groups = { failed: 'failed', 'not reported': 'open', unknown: 'unknown' } as const

async function proposalOf(input: RerunInput, context: ToolContext): Promise<Proposal> {
  const { jobId } = input
  const run = await hostsByOutcome(jobId, context)
  if (run.resultLimit !== undefined)
    throw new InputError(
      `Not all hosts of run ${jobId} can be read: ${run.resultLimit}`,
      'Run it again for hosts by id.',
    )
  const wanted = repeatedOutcomes(input)
  const ids = wanted.flatMap((outcome) => run.hosts[groups[outcome]])
  const others = Object.entries(groups)
    .flatMap(([outcome, group]) => {
      const count = run.hosts[group].length
      return count > 0 ? [`${counted(count, 'host')} ${outcome}`] : []
    })
    .join(', ')
  if (ids.length === 0)
    throw new InputError(
      `Run ${jobId} has no host that is ${wanted.join(' or ')}: ${counted(run.hosts.succeeded.length, 'host')} succeeded${run.nameless > 0 ? `, and ${counted(run.nameless, 'result')} name no host` : ''}.`,
      others === '' ? 'There is nothing to run again.' : `Pass outcomes for ${others}.`,
    )
  checkPlanSize(ids.length, context)
  const script = await readScriptToPlan(run.scriptId, context)
  const members = await requireInList(context, searchAssets, ids)
  const fleet = requireIds(members)
  const all = { kind: 'ids', hosts: fleet } as const
  const waves = splitFleet(fleet, [{ name: 'again', selection: all }])
  const planned = plannedScript(script)
  if (!planned) throw new Error('The content of a script that is planned was read.')
  const draft: PlanDraft = {
    tool: 'car_plan_rerun',
    script: planned,
    options: optionsOf(input),
    description: `Again after run ${jobId}: ${wanted.join(', ')}`,
    fleet: waves[0]?.hosts ?? [],
    hostNames: namesOf(members, new Set(fleet)),
    waves,
    // Nothing comes after the only wave, so that nothing is left to stop.
    stopAfter: { all: { percent: 100 } },
    ...rolloutSettings(input),
  }
  return { draft, script }
}

/** Proposes to run a script again where it did not succeed. */
export const planRerun: Tool = {
  name: 'car_plan_rerun',
  title: 'Run again on failed hosts',
  description: 'Run a script again on the hosts of a run that did not succeed, as a rollout.',
  effect: 'execute',
  input: rerunInput,
  run: (args, context) =>
    proposePlan('car_plan_rerun', args, context, () => proposalOf(args as RerunInput, context)),
}
