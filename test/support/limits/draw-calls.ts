import fc from 'fast-check'

// Random calls with an effect that the model can read on the wire. Small pools let the calls meet often.

export const scripts = ['19218', '20748', '16515']
/** A script that takes one parameter. */
export const withParameter = '25209'
export const tags = ['7512801', '7512803', '7512830']
const launchable = '1111001'
const running = '640002'
const people = ['339590', '401990', '767231592', '713091591']

/** The hosts that calls name. */
export interface Fleet {
  readonly hosts: readonly string[]
  readonly labHosts: readonly string[]
  readonly labTag: string
}

/** The argument that names what the calls before made last. */
export type Made = 'scheduleId' | 'scriptId' | 'campaignId'

/** A call of a tool. */
export interface DrawnCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly uses?: Made
  /** How long the assistant waits before it. */
  readonly hoursBefore?: number
}

/** A call, or the stop file appears or goes. */
export type Step = DrawnCall | { readonly stops: boolean }

export const someOf = <T>(list: readonly T[]) => fc.subarray([...list], { minLength: 1 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const targets = ({ hosts }: Fleet, names: readonly [assets: string, tags: string, excluded: string]) =>
  fc
    .tuple(
      fc.subarray([...hosts], { maxLength: 5 }),
      fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray(tags, { maxLength: 2 })),
      fc.subarray([...hosts], { maxLength: 1 }),
    )
    .map(([assets, tagIds, excluded]) => ({
      ...(assets.length > 0 && { [names[0]]: assets }),
      ...(tagIds.length > 0 && { [names[1]]: tagIds }),
      ...(excluded.length > 0 && { [names[2]]: excluded.filter((id) => !assets.includes(id)) }),
    }))

const options = fc.constantFrom(
  ...[{}, {}, {}, { rebootAfterScriptExecution: true }, { executionPolicyBypassEnabled: true }],
)

/** Ids as somebody may spell them. */
const spelled = (id: string) => fc.constantFrom<unknown>(id, id, id, id, ` ${id} `, `00${id}`, Number(id))

const execute = 'car_execute_script'

const run = (fleet: Fleet) =>
  fc
    .tuple(
      fc.constantFrom(...scripts).chain(spelled),
      targets(fleet, ['assetIds', 'assetTagIds', 'excludedAssetIds']),
      options,
    )
    .map(([scriptId, target, more]) => ({ tool: execute, args: { scriptId, ...target, ...more } }))

const parameters = fc
  .constantFrom('/tmp/safe', '/tmp/safe\n/etc', '/etc', '/TMP/safe')
  .map((value) => ({ params: [{ key: 'path', value }] }))

const runWithParameter = ({ hosts }: Fleet) =>
  fc
    .tuple(fc.subarray([...hosts], { minLength: 1, maxLength: 2 }), parameters)
    .map(([assetIds, params]) => ({ tool: execute, args: { scriptId: withParameter, assetIds, ...params } }))

const labTargets = ({ labHosts, labTag }: Fleet) =>
  fc.oneof(
    someOf(labHosts).map((testAssets) => ({ testAssets })),
    fc.constant({ testTags: [labTag] }),
  )

const labRun = (fleet: Fleet) =>
  fc
    .tuple(fc.constantFrom(...scripts), labTargets(fleet), fc.boolean())
    .map(([scriptId, target, usesMade]) => ({
      tool: execute,
      args: { scriptId, testMode: true, ...target },
      ...(usesMade && { uses: 'scriptId' as const }),
    }))

const times = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { recurrence: 'HOURLY', endDate: '2096-03-01' },
  { recurrence: 'HOURLY', interval: 6, endDate: '2096-03-02' },
  { recurrence: 'DAILY', endDate: '2096-03-04' },
  { recurrence: 'WEEKLY', endDate: '2097-03-04' },
  { recurrence: 'HOURLY', endDate: '2099-12-31' },
  {},
)

const plan = (fleet: Fleet) =>
  fc
    .tuple(
      fc.subarray(scripts, { minLength: 1, maxLength: 2 }),
      maybe(parameters),
      targets(fleet, ['assets', 'assetTags', 'excludedAssets']),
      times,
      options,
      fc.boolean(),
    )
    .map(([ids, params, target, when, more, activate]) => ({
      scripts: [...ids.map((id) => ({ id })), ...(params ? [{ id: withParameter, ...params }] : [])],
      startDate: '2096-02-29',
      startTime: '08:00',
      ...target,
      ...when,
      ...more,
      activate,
    }))

const named = (tool: string, argument: string, ids: readonly string[]) =>
  someOf(ids).map((list) => ({ tool, args: { [argument]: list } }))

const schedules = (fleet: Fleet): fc.Arbitrary<DrawnCall> => {
  const planned = (tool: string, more: Pick<DrawnCall, 'uses'> = {}) =>
    fc.tuple(plan(fleet), fc.uuid()).map(([args, title]) => ({ tool, args: { title, ...args }, ...more }))
  const switched = fc
    .constantFrom('car_activate_schedule', 'car_deactivate_schedule', 'car_delete_schedule')
    .map((tool) => ({ tool, args: {}, uses: 'scheduleId' as const }))
  // What is left out stays.
  const changed = fc
    .tuple(maybe(options), maybe(fc.record({ activate: fc.boolean() })), fc.uuid())
    .map(([more, state, title]) => ({
      tool: 'car_update_schedule',
      args: { ...(more ?? { title }), ...state },
      uses: 'scheduleId' as const,
    }))
  return fc.oneof(
    { weight: 3, arbitrary: planned('car_create_schedule') },
    { weight: 1, arbitrary: planned('car_update_schedule', { uses: 'scheduleId' }) },
    { weight: 2, arbitrary: changed },
    { weight: 3, arbitrary: switched },
  )
}

const importScript = fc.tuple(fc.uuid(), fc.boolean()).map(([title, approved]) => ({
  tool: 'car_import_library_script',
  args: {
    ...{ id: '234564', title, categoryId: '1', typeId: '1', typeName: 'Custom Script', subType: 'Detection' },
    approved,
  },
}))

const copies = fc
  .tuple(fc.constantFrom(...scripts, withParameter).chain(spelled), fc.uuid())
  .map(([scriptId, title]) => ({ tool: 'car_clone_script', args: { scriptId, title } }))

const changes = fc
  .tuple(fc.constantFrom(...scripts, withParameter), fc.boolean())
  .map(([scriptId, scriptApprovalUserConsent]) => ({
    tool: 'car_update_script',
    args: {
      ...{ scriptId, content: 'hostname', comment: 'shorter' },
      ...(scriptApprovalUserConsent && { scriptApprovalUserConsent }),
    },
  }))

const guardrails = ({ hosts }: Fleet): fc.Arbitrary<DrawnCall> =>
  fc.oneof(
    named('car_block_assets', 'assetIds', hosts),
    named('car_unblock_assets', 'assetIds', hosts),
    named('car_block_tags', 'tagIds', tags),
    named('car_unblock_tags', 'tagIds', tags),
    named('car_delete_blocked_commands', 'commandIds', ['102', '103', '104']),
  )

const createCampaign = fc.tuple(someOf(people), fc.uuid()).map(([recipientIds, name]) => ({
  tool: 'saq_create_campaign',
  args: {
    ...{ name, templateId: '722010', workflowType: 'SIMPLE', dueDate: '2097-01-01' },
    recipientIds,
  },
}))

const onCampaign = fc
  .tuple(
    fc.constantFrom('saq_launch_campaign', 'saq_cancel_campaign'),
    fc.constantFrom(launchable, running),
    fc.boolean(),
  )
  .map(([tool, campaignId, usesMade]) => ({
    ...{ tool, args: { campaignId } },
    ...(usesMade && { uses: 'campaignId' as const }),
  }))

const addRecipients = fc
  .tuple(fc.constantFrom(launchable, running), someOf(people))
  .map(([campaignId, addRecipientIds]) => ({
    tool: 'saq_update_campaign',
    args: { campaignId, addRecipientIds },
  }))

const mails: fc.Arbitrary<DrawnCall> = fc.oneof(
  { weight: 2, arbitrary: onCampaign },
  { weight: 1, arbitrary: createCampaign },
  { weight: 2, arbitrary: addRecipients },
  { weight: 1, arbitrary: named('saq_delete_users', 'ids', people) },
  {
    weight: 1,
    arbitrary: someOf(people).map((ids) => ({ tool: 'saq_update_users', args: { ids, lastName: 'New' } })),
  },
)

/** A call with an effect that the model can read on the wire. */
export function call(fleet: Fleet): fc.Arbitrary<DrawnCall> {
  const calls = fc.oneof<fc.MaybeWeightedArbitrary<DrawnCall>[]>(
    { weight: 6, arbitrary: run(fleet) },
    { weight: 2, arbitrary: runWithParameter(fleet) },
    { weight: 2, arbitrary: labRun(fleet) },
    { weight: 7, arbitrary: schedules(fleet) },
    { weight: 1, arbitrary: importScript },
    { weight: 2, arbitrary: copies },
    { weight: 2, arbitrary: changes },
    { weight: 4, arbitrary: guardrails(fleet) },
    { weight: 6, arbitrary: mails },
  )
  return fc
    .tuple(calls, fc.constantFrom(0, 0, 0, 0, 0, 1, 5, 25))
    .map(([one, hoursBefore]) => ({ ...one, hoursBefore }))
}
