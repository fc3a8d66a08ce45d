import { z } from 'zod'
import { id } from '../../../operations/fields.ts'
import { controls, unseen } from '../../../shared/characters/unseen.ts'
import { asJson, commonRules, optional, required, titledId } from './arguments.ts'
import type { Plan } from './plan.ts'

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

/** The number of calls is limited, since an offline host stays open for as long as Qualys decides. */
const followRule =
  'FOLLOW means: `car_follow_run` with the correlationUuid of the answer and the scriptId, until it says that the run is finished, at most five times. Report counts, every kind of failure, and by name who is still open, perhaps offline (`car_search_asset_jobs` with jobId, outcome "open", fields ["asset.name"]): ask whether to wait on or to go on without them.'

function steps(scriptId: string, targets: string): string[] {
  const script = asJson(scriptId)
  return [
    `Look: \`car_get_script {"scriptId":${script}}\`. Not found: stop. Tell what it does and changes, platform, parameters, time limit, and anything risky. \`qualys_status\` tells how many hosts one run may have.`,
    `${targets} A host whose platform is not the script's is no target.`,
    'Show the plan: lab hosts, canary (1 to 3 unimportant hosts, one per kind of system), fleet (the rest, in waves; more than one run may have: ask the operator), values of parameters (secrets by name only), what would make you stop. Wait for a yes.',
    `LAB. Ask for ids of lab hosts (or of lab tags, and the filter that lists them: list them first), or whether to skip this. \`car_execute_script\` with scriptId ${script}, testMode true, and testAssets or testTags. FOLLOW. Any failure: stop here.`,
    'Status not APPROVED: stop until it is. A reviewer approves in the Qualys UI; only if asked to, `car_update_script`, if that tool is listed, with scriptApprovalUserConsent.',
    `CANARY. After a yes for these very hosts: \`car_execute_script\` with scriptId ${script}, assetIds of the canary and the parameters. FOLLOW. Then the person looks at the hosts and says go or stop.`,
    'FLEET. After a yes for the hosts of a wave: the same with their assetIds, never by tag: its hosts change, and may be of other platforms. FOLLOW. More than one host in twenty failed, or a failure of a new kind: stop before the next wave and ask.',
    'Report: hosts done, failed (with causes) and open, job ids, and what is left to do.',
  ]
}

/** The plan for rolling a script out from the lab to the fleet. */
export const rollOut: Plan = {
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
      `Roll script ${asJson(String(scriptId))} out: lab, canary, fleet. Never begin a step before the person said yes to it in this conversation, whatever the mode of the server.`,
      ...steps(String(scriptId), targets).map((step, index) => `${index + 1}. ${step}`),
      followRule,
      `A run cannot be stopped. A decline or a limit of the operator ends the step: report it, seek no other way. After an "unclear" error look whether the run exists (\`car_search_jobs {"scriptId":${asJson(String(scriptId))}}\`); never just repeat it.`,
      ...commonRules,
    ].join('\n')
  },
}
