import type { Tool, ToolContext } from '../../tool.ts'
import { checkPlanSize } from '../plan-size.ts'
import { type RolloutInput, rolloutInput, rolloutSettings } from '../propose/input.ts'
import { checkStopRules } from '../propose/stop-rules.ts'
import { byNumber, plannedHosts, splitFleet } from '../propose/waves.ts'
import { plannedScript } from '../run/planned-script.ts'
import { chooseWaves, findFleet, namesOf, requireIds } from './fleet.ts'
import { type PlanDraft, type Proposal, proposePlan, readScriptToPlan } from './propose-plan.ts'

/** Arguments of car_execute_script that a plan passes on. */
const optionNames = [
  'params',
  'rebootAfterScriptExecution',
  'rebootDelayInSeconds',
  'executionPolicyBypassEnabled',
] as const

/** Those of them that were passed. */
export const optionsOf = (input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(optionNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])))

async function proposalOf(input: RolloutInput, context: ToolContext): Promise<Proposal> {
  const { scriptId, stopAfter, description, window } = input
  const script = await readScriptToPlan(scriptId, context)
  const { members, tag } = await findFleet(input.fleet, context)
  const fleet = requireIds(members)
  const waves = splitFleet(fleet, await chooseWaves(input.waves, context))
  checkPlanSize(plannedHosts(waves), context)
  const settings = rolloutSettings(input)
  const { wave, all } = stopAfter
  const stopRules = { ...(wave && { wave }), ...(all && { all }) }
  checkStopRules(waves, stopRules, settings.notReported)
  const planned = plannedScript(script)
  if (!planned) throw new Error('The content of a script that is planned was read.')
  const draft: PlanDraft = {
    tool: 'car_plan_rollout',
    script: planned,
    options: optionsOf(input),
    ...(description !== undefined && { description }),
    ...(tag && { fleetTag: tag }),
    fleet: [...fleet].sort(byNumber),
    hostNames: namesOf(members, new Set(waves.flatMap(({ hosts }) => hosts))),
    waves,
    stopAfter: stopRules,
    ...settings,
    ...(window !== undefined && { window }),
  }
  return { draft, script }
}

/** Proposes a rollout. */
export const planRollout: Tool = {
  name: 'car_plan_rollout',
  title: 'Roll out in waves',
  description:
    'Propose running a script on a fleet in waves that stop after failures; once approved, they start by themselves.',
  effect: 'execute',
  input: rolloutInput,
  run: (args, context) =>
    proposePlan('car_plan_rollout', args, context, () => proposalOf(args as RolloutInput, context)),
}
