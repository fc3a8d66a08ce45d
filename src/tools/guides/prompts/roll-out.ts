import { z } from 'zod'
import { id } from '../../../operations/fields.ts'
import { controls, unseen } from '../../../shared/characters/unseen.ts'
import { asJson, commonRules, optional, required, titledId } from './arguments.ts'
import type { PromptContent } from './content.ts'

const maxHosts = 100
/** Host ids are digits, so a name is not accepted. */
const hostId = /^[1-9]\d{0,18}$/

const hosts = z
  .string({ error: 'must be ids of hosts, parted by commas' })
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine((ids) => ids.length > 0 && ids.length <= maxHosts && ids.every((id) => hostId.test(id)), {
    error: `must be 1 to ${maxHosts} ids of hosts from car_search_assets, parted by commas`,
  })

const tag = z
  .string({ error: 'must be the name or id of a tag' })
  .max(128, { error: 'must be at most 128 characters' })
  .regex(new RegExp(`^[^\\n\\t${controls}${unseen}]+$`, 'u'), {
    error: 'must be one line, without control or invisible characters',
  })

/** The step for hosts by id: one call for all. The token is undocumented, so only rows with an id of the list count. */
function hostsById(ids: readonly string[]): string {
  const call = { filter: `id:[${ids.join(', ')}]`, fields: ['id', 'name', 'platform'], pageSize: ids.length }
  return `The targets are the hosts of \`car_search_assets ${JSON.stringify(call)}\`. This filter is not public: only rows with these very ids count. For an id without a row, or if it is refused: match with the id, on with the token until it is found or the list ends. Name those not found.`
}

/** The step for hosts by tag. `match` also finds parts of words, so the names of tags are compared. */
function hostsByTag(tag: string): string {
  const match = asJson(tag)
  return `The targets are the hosts with the tag ${match}: \`car_search_asset_tags {"match":${match}}\`, to the last page. Unless exactly one has this very name or id, show what there is and ask. Then \`car_search_assets\` with its id as tagId, fields ["id","name","platform"] and pageSize 200, to its last page. Hosts that do not show their tags are unknown and no targets: say how many, and ask for ids.`
}

function targetStep(tag: string | undefined, ids: readonly string[] | undefined): string {
  if (ids !== undefined) return hostsById(ids)
  if (tag !== undefined) return hostsByTag(tag)
  return 'The targets are not given: ask the person for a tag (`car_search_asset_tags`) or hosts (`car_search_assets`).'
}

function steps(scriptId: string, targets: string): string[] {
  return [
    `Look: \`car_get_script {"scriptId":${asJson(scriptId)}}\`. Not found: stop. Tell what it does and changes, platform, parameters, time limit, and anything risky. Not APPROVED: stop until a reviewer approved it in the Qualys UI. \`qualys_status\` tells how many hosts a wave (hostsPerRun) and a rollout (hostsPerRollout) may have; 0: the operator has to allow rollouts, stop.`,
    `${targets} A host whose platform is not the script's is no target.`,
    'Show the waves: lab (ask which hosts), canary (1 to 3 unimportant hosts, one per kind of system), fleet (the rest, in as many waves as needed), how long each soaks, values of parameters (secrets by name only), and how many failed hosts stop it (of a wave 5%, if the person names none). Wait for a yes.',
    'Propose: `car_plan_rollout` with all targets as fleet, these waves and stopAfter. Tell the person where to approve it, as the reply says, and wait.',
    'Follow: `car_get_rollout` with planId and waitSeconds until it is held or done, at most five times; then say who is still open, and ask whether to wait on. Report each wave that ends. Waves go on without you only while a server runs.',
    'Held: say why. Failures: every kind, by `car_follow_run` with the jobId. Ask: resume or stop. Resume (`car_resume_rollout`, if that tool is listed) only after a yes; whether a run exists (adopt, notRun) is for the person to find out in the Qualys UI.',
    'Report per wave: hosts succeeded, failed (with causes), unknown, not reported and left out, the job id, and what is left to do.',
  ]
}

/** The prompt for rolling a script out from the lab to the fleet. */
export const rollOut: PromptContent = {
  input: {
    scriptId: required(titledId(id('from car_search_scripts'))),
    tag: optional(tag),
    hosts: optional(hosts),
  },
  message: ({ scriptId, tag, hosts }) => {
    const ids = hosts as readonly string[] | undefined
    const hasBoth = tag !== undefined && ids !== undefined
    const targets = hasBoth
      ? `Both a tag (${asJson(String(tag))}) and hosts (${JSON.stringify(ids)}) are given: ask which of them is meant, or both.`
      : targetStep(tag === undefined ? undefined : String(tag), ids)
    return [
      `Roll script ${asJson(String(scriptId))} out: lab, canary, fleet. Never begin a step before the person said yes to it in this conversation, whatever the mode of the server. The guide qualys://guides/rollouts explains every input.`,
      ...steps(String(scriptId), targets).map((step, index) => `${index + 1}. ${step}`),
      'If the person says wait or stop: at once `car_hold_rollout` or, for good, `car_stop_rollout`. A run that is on its way cannot be stopped. A decline or a limit of the operator ends the rollout: report it, seek no other way, neither another plan nor single runs.',
      ...commonRules,
    ].join('\n')
  },
}
