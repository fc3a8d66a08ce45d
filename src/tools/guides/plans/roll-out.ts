import { z } from 'zod'
import { id } from '../../../operations/fields.ts'
import type { Plan } from '../prompts.ts'
import { asJson, given, maybe, rules } from './values.ts'

const mostHosts = 100
/** Ids of hosts are digits; a name is not taken for one. */
const oneHost = /^[1-9]\d{0,18}$/

const hosts = z
  .string({ error: 'must be ids of hosts, parted by commas' })
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine((ids) => ids.length > 0 && ids.length <= mostHosts && ids.every((one) => oneHost.test(one)), {
    error: `must be 1 to ${mostHosts} ids of hosts from car_search_assets, parted by commas`,
  })

const tag = z
  .string({ error: 'must be the name or id of a tag' })
  .max(128, { error: 'must be at most 128 characters' })
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]+$/u, {
    error: 'must be one line, without control or invisible characters',
  })

function targets(wanted: string | undefined, ids: readonly string[] | undefined): string {
  if (ids !== undefined)
    return `The targets are the hosts ${JSON.stringify(ids)}: find out name and platform of each with \`car_search_assets\` (match takes an id or a name), and name those that are not found.`
  if (wanted !== undefined)
    return `The targets are the hosts with the tag ${asJson(wanted)}: \`car_search_asset_tags {"match":${asJson(wanted)}}\`. It has to be one tag with exactly this name or id; otherwise show what there is and ask. Then \`car_search_assets\` with match for its name, to see hosts and platforms.`
  return 'The targets are not given: ask the person for a tag (`car_search_asset_tags`) or hosts (`car_search_assets`).'
}

const follow =
  'Then `car_follow_run` with the correlationUuid of the answer and the scriptId, again until it says that the run is finished. Report counts, every kind of failure and hosts that stay open.'

function steps(scriptId: string, where: string): string[] {
  const script = asJson(scriptId)
  return [
    `Look: \`car_get_script {"scriptId":${script}}\`. Tell in short what it does and changes, its platform, parameters and time limit, and anything risky in it. \`qualys_status\` tells the mode and how many hosts one run may have. If a script of that id is not found, stop.`,
    `${where} A host whose platform is not the script's is no target.`,
    'Show the plan: lab hosts, canary (1 to 3 hosts, one per kind of operating system, the least important ones), fleet (the rest, in waves no larger than one run may have), values of parameters (secrets by name only), and what would make you stop. Wait for a yes.',
    `LAB. Ask for ids of lab hosts or lab tags (no public filter finds them), or whether to go without. \`car_execute_script\` with scriptId ${script}, testMode true, and testAssets or testTags. ${follow} Any failure: stop here.`,
    'If status is not APPROVED: a reviewer has to approve the script in the Qualys UI, which no tool does. Stop until the person says that it is done, and read it again.',
    `CANARY. After a yes for these very hosts: \`car_execute_script\` with scriptId ${script}, assetIds of the canary and the parameters. ${follow} Then wait: the person looks at the hosts and says go or stop.`,
    `FLEET. After a yes: the same for each wave, with assetIds (or assetTagIds, with the hosts that are done as excludedAssetIds, if all of them fit into one run). ${follow} More than one host in twenty failed, or a failure of a new kind: stop before the next wave and ask.`,
    'Report: hosts done, failed (with causes) and open, the job ids, and what is left to do.',
  ]
}

/** A script from the lab to the fleet. */
export const rollOut: Plan = {
  input: { scriptId: given(id('from car_search_scripts')), tag: maybe(tag), hosts: maybe(hosts) },
  message: ({ scriptId, tag, hosts }) => {
    const ids = hosts as readonly string[] | undefined
    const both = tag !== undefined && ids !== undefined
    const where = both
      ? `Both a tag (${asJson(String(tag))}) and hosts (${JSON.stringify(ids)}) are given: ask which of them is meant, or both.`
      : targets(tag === undefined ? undefined : String(tag), ids)
    return [
      `Roll script ${asJson(String(scriptId))} out: lab, canary, fleet. Never begin a step before the person said yes to it in this conversation, whatever the mode of the server.`,
      ...steps(String(scriptId), where).map((step, index) => `${index + 1}. ${step}`),
      `Every run is also shown to a person by the server where its mode says so; a run cannot be stopped. A decline, or a limit of the operator, ends the step: report it and look for no other way. After an "unclear" error look first whether the run exists (\`car_search_jobs {"scriptId":${asJson(String(scriptId))}}\`, newest first); never just repeat it.`,
      ...rules,
    ].join('\n')
  },
}
