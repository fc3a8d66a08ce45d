import type { PassedParameters } from '../../../../operations/effects/effect-targets.ts'
import type { Effect } from '../../../../operations/operation.ts'
import { counted, texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import { type CarTargets, scriptsOf, storedIdsIn } from '../../targets/car-targets.ts'
import type { Hosts } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import { checkTargets, runTargetsOf, storedTargets } from './hosts.ts'
import { hostLimitOf, limitError } from './limit-error.ts'
import { checkPassedParameters, checkStoredParameters, hidesParameters } from './parameters.ts'
import { checkScriptsToChange, checkScriptsToCopy, checkScriptsToRun, scriptInWords } from './scripts.ts'

/** The stored scripts of a schedule that is switched on, or changed without naming scripts. */
function scriptsOfSchedules({ named, schedules }: CarTargets, context: ToolContext): readonly string[] {
  const { allowedScripts, blockedScripts } = context.configuration.settings
  const setting = texts(
    allowedScripts && 'QUALYS_ALLOWED_SCRIPTS',
    blockedScripts && 'QUALYS_BLOCKED_SCRIPTS',
  ).join(' and ')
  if (named.scripts || setting === '') return []
  return schedules.flatMap(({ id, row }) => {
    const scripts = storedIdsIn(row?.['scripts'])
    if (scripts) return scripts
    throw limitError(`the scripts of schedule ${id} cannot be read, and ${setting} needs them`, setting)
  })
}

/** The hosts on which code will run. Throws a SetupError if they exceed a limit. */
async function checkRun(targets: CarTargets, context: ToolContext): Promise<Hosts> {
  const { named, schedules, activeSchedules } = targets
  await checkScriptsToRun(scriptsOfSchedules(targets, context), targets, context)
  if (!named.scripts || named.keepsScripts) checkStoredParameters(schedules, targets, context)
  if (activeSchedules === undefined)
    throw limitError(
      'which active schedules run the script cannot be read, and an unknown number of hosts counts as more than QUALYS_MAX_ASSETS_PER_RUN',
      'QUALYS_MAX_ASSETS_PER_RUN',
    )
  // New content runs wherever an active schedule runs the script.
  if (named.changesScript && activeSchedules.length > 0) {
    await checkScriptsToRun(named.scripts ?? [], targets, context)
    checkStoredParameters(activeSchedules, targets, context)
  }
  const reachedHosts = new Map<string, Target>()
  for (const schedule of activeSchedules) {
    const stored = await storedTargets(schedule, context)
    const { members } = await checkTargets(stored, `schedule ${schedule.id}`, context)
    for (const host of members) reachedHosts.set(host.id, host)
  }
  const { max: maxHosts, source } = hostLimitOf(context)
  if (named.changesScript && reachedHosts.size > maxHosts)
    throw limitError(
      `by its active schedules new content would run on ${counted(reachedHosts.size, 'host')}, and ${source} is ${maxHosts}`,
      source,
      targets.scripts.flatMap(({ id }) => scriptInWords(id, targets, context)),
    )
  if (named.changesScript) return { count: reachedHosts.size, members: [...reachedHosts.values()] }
  return checkTargets(runTargetsOf(targets), 'the target', context)
}

/**
 * Checks an effect against the operator's limits. Returns the hosts on which it runs code, if any. Switching
 * a schedule off is always allowed; scripts and hosts that the same call adds are still checked.
 */
export async function checkLimits(
  targets: CarTargets,
  effect: Effect,
  context: ToolContext,
): Promise<Hosts | undefined> {
  const { scripts = [], assets, tags, passed = [], schedules, ...named } = targets.named
  const { changesScript = false, copiesScript = false, isSwitchOff = false } = named
  const runsCode = effect === 'execute'
  const storedScripts = isSwitchOff ? scriptsOf(targets.schedules) : []
  const newScripts = scripts.filter((id) => !storedScripts.includes(id))
  if (copiesScript) checkScriptsToCopy(scripts, targets, context)
  if (changesScript) checkScriptsToChange(scripts, targets, context)
  else if (runsCode) await checkScriptsToRun(newScripts, targets, context)
  // What is stored already may be sent back; what the record does not show counts as new.
  const isStored = ({ script }: PassedParameters): boolean =>
    storedScripts.includes(script) && !hidesParameters(targets.schedules, script)
  checkPassedParameters(isSwitchOff ? passed.filter((one) => !isStored(one)) : passed, targets, context)
  const { stored } = targets
  const comes = (ids: readonly string[] = [], there: readonly Target[] = []): boolean =>
    ids.some((id) => !there.some((one) => one.id === id))
  const addsTargets = comes(assets, stored?.assets) || comes(tags, stored?.tags)
  const onlySwitchesOff = isSwitchOff && !addsTargets && newScripts.length === 0
  const namesTargets = (targets.named.scripts ?? schedules) !== undefined
  return runsCode && namesTargets && !onlySwitchesOff ? checkRun(targets, context) : undefined
}
