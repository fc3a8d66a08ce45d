import { describe, expect, test } from 'vitest'
import { type Act, acts } from '../../../src/operations/effects/effect-targets.ts'
import type { Row } from '../../../src/session/answer.ts'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, effectNamed, type Outcome } from '../../support/effects/in-memory.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_FORBID: what no call may do, whatever the reason and whoever approves it.

const schedule = (more: Row = {}): Row => ({
  ...{ id: 'a', title: 'Nightly', activate: true, scripts: [{ id: 7 }] },
  ...{ assets: [{ id: 1 }], assetTags: [], excludedAssets: [] },
  ...{ rebootAfterScriptExecution: false, executionPolicyBypassEnabled: false },
  ...more,
})
const replies = (stored: Row = schedule(), status = 'ACTIVE'): Replies => ({
  ...fleetReplies({
    hosts: [
      { id: 1, tags: [{ id: '11', name: 'Red' }] },
      { id: 2, tags: [] },
    ],
  }),
  car_get_schedule: stored,
  car_search_schedules: [stored],
  car_search_scripts: [],
  car_search_blocked_commands: [{ commandId: 1, languageId: 201, commands: ['rm'] }],
  car_list_reports: [{ fileUuid: 'r', reportName: 'Jobs', status: 'COMPLETED' }],
  car_list_script_types: [{ id: '1', name: 'Custom QID' }],
  car_list_script_languages: [{ id: '201', name: 'PowerShell', platform: 'WINDOWS' }],
  saq_get_campaign: { id: '1', status, recipients: [{ id: '5', company: 'Acme' }] },
  saq_search_users: ({ id }) => (id as string[] | undefined)?.map((one) => ({ id: one })) ?? [],
  saq_search_templates: ({ id }) => (id as string[]).map((one) => ({ id: one, state: 'PUBLISHED' })),
  saq_search_questionnaires: [],
})

const attempt = (forbid: string, tool: string, args: object, more = replies()): Promise<Outcome> =>
  attemptInBothModes(more, tool, args, { QUALYS_FORBID: forbid })

/** What a call does is refused; everything else may be forbidden. */
async function expectActs(done: readonly Act[], tool: string, args: object, more?: Replies): Promise<void> {
  for (const act of done)
    expect(await attempt(act, tool, args, more)).toMatchObject({
      sent: 0,
      kind: 'setup',
      text: expect.stringMatching(
        new RegExp(
          `would do what QUALYS_FORBID switches off: ${act}\\..* only the operator can change QUALYS_FORBID\\.`,
        ),
      ),
    })
  const others = acts.filter((act) => !done.includes(act)).join(',')
  expect(await attempt(others, tool, args, more)).toMatchObject({ sent: 1 })
}

const script = { title: 'S', typeId: 1, languageId: 201, platform: 'WINDOWS', severity: 1 }
const plan = {
  ...{ title: 'P', scripts: [{ id: 7, title: 'T' }], startDate: '2096-02-29', startTime: '08:30' },
  assets: [1],
}
const [reboot, bypass] = [{ rebootAfterScriptExecution: true }, { executionPolicyBypassEnabled: true }]
const github = { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1' }
const run = { scriptId: 7, assetIds: [1] }

const cases: readonly (readonly [done: readonly Act[], tool: string, args: object, more?: Replies])[] = [
  [['run'], 'car_execute_script', run],
  [['run'], 'car_execute_script', { ...run, rebootAfterScriptExecution: false }],
  [['run', 'reboot'], 'car_execute_script', { ...run, ...reboot }],
  [['run', 'policy-bypass'], 'car_execute_script', { ...run, ...bypass }],
  [['run'], 'car_execute_script', { scriptId: 7, testMode: true, testAssets: [1] }],
  [['schedule'], 'car_create_schedule', { ...plan, activate: false }],
  [['schedule', 'run'], 'car_create_schedule', { ...plan, activate: true }],
  [
    ['schedule', 'reboot', 'policy-bypass'],
    'car_create_schedule',
    { ...plan, activate: false, ...reboot, ...bypass },
  ],
  [['schedule', 'run'], 'car_update_schedule', { ...plan, recurrence: 'ONCE', scheduleId: 'a' }],
  [
    ['schedule', 'run', 'reboot'],
    'car_update_schedule',
    { ...plan, recurrence: 'ONCE', scheduleId: 'a', ...reboot },
  ],
  [
    [],
    'car_update_schedule',
    { ...plan, title: 'Nightly', recurrence: 'ONCE', assets: undefined, scheduleId: 'a', activate: false },
  ],
  [
    ['schedule'],
    'car_update_schedule',
    { ...plan, recurrence: 'ONCE', assets: undefined, scheduleId: 'a', activate: false },
  ],
  [['schedule', 'run'], 'car_activate_schedule', { scheduleId: 'a' }],
  [[], 'car_deactivate_schedule', { scheduleId: 'a' }],
  [['delete'], 'car_delete_schedule', { scheduleId: 'a' }],
  [[], 'car_create_script', { ...script, content: 'echo 1' }],
  [['approve'], 'car_create_script', { ...script, content: 'echo 1', scriptApprovalUserConsent: true }],
  [['repository'], 'car_create_script', { ...script, ...github }],
  [['run'], 'car_update_script', { scriptId: 7, content: 'echo 1', comment: 'x' }],
  [['run', 'repository'], 'car_update_script', { scriptId: 7, ...github }],
  [['run', 'approve'], 'car_update_script', { scriptId: 7, scriptApprovalUserConsent: true }],
  [[], 'car_update_script', { scriptId: 7, title: 'T' }],
  [[], 'car_update_script', { scriptId: 8, content: 'echo 1', comment: 'x' }],
  [
    ['approve'],
    'car_import_library_script',
    { ...{ id: 1, title: 'T', categoryId: 1, typeId: 1, typeName: 'Custom QID' }, approved: true },
  ],
  [
    [],
    'car_import_library_script',
    { ...{ id: 1, title: 'T', categoryId: 1, typeId: 1, typeName: 'Custom QID' }, approved: false },
  ],
  [[], 'car_block_assets', { assetIds: [1] }],
  [['unblock', 'delete'], 'car_unblock_assets', { assetIds: [1] }],
  [['unblock', 'delete'], 'car_unblock_tags', { tagIds: [11] }],
  [['unblock', 'delete'], 'car_delete_blocked_commands', { commandIds: [1] }],
  [[], 'car_add_blocked_commands', { languageId: 201, commands: ['rm'] }],
  [['delete'], 'car_delete_report', { reportId: 'r' }],
  [['mail'], 'saq_launch_campaign', { campaignId: 1 }, replies(undefined, 'INACTIVE')],
  [['mail'], 'saq_update_campaign', { campaignId: 1, addRecipientIds: [6] }],
  [['mail'], 'saq_update_campaign', { campaignId: 1, notifications: [{ kind: 'reminder', noOfDays: 1 }] }],
  [[], 'saq_update_campaign', { campaignId: 1, notifications: [{ kind: 'reminder', enabled: false }] }],
  [[], 'saq_update_campaign', { campaignId: 1, addRecipientIds: [6] }, replies(undefined, 'INACTIVE')],
  [[], 'saq_update_campaign', { campaignId: 1, removeRecipientIds: [5] }],
  [[], 'saq_update_campaign', { campaignId: 1, dueDate: '2096-01-01' }],
  [[], 'saq_cancel_campaign', { campaignId: 1 }],
  [['delete'], 'saq_delete_campaign', { campaignId: 1 }],
  [['delete'], 'saq_delete_users', { ids: [1, 2] }],
]

test.each(cases.map(([done, tool, args, more]) => ({ done, tool, args, more })))(
  '$tool $args: $done',
  ({ done, tool, args, more }) => expectActs(done, tool, args, more),
)

describe('the options of a stored schedule count', () => {
  test.each<readonly [Row, readonly Act[]]>([
    [reboot, ['reboot']],
    [bypass, ['policy-bypass']],
    [{ rebootAfterScriptExecution: 'true' }, ['reboot']],
    [{ rebootAfterScriptExecution: 1 }, ['reboot']],
    [{ rebootAfterScriptExecution: undefined }, ['reboot']],
    [{ rebootAfterScriptExecution: null, executionPolicyBypassEnabled: 'false' }, []],
  ])('%j', async (stored, done) => {
    const more = replies(schedule(stored))
    const all: readonly Act[] = ['schedule', 'run', ...done]
    await expectActs(all, 'car_activate_schedule', { scheduleId: 'a' }, more)
    await expectActs(all, 'car_update_schedule', { ...plan, recurrence: 'ONCE', scheduleId: 'a' }, more)
    // New content would run before that reboot.
    await expectActs(['run', ...done], 'car_update_script', { scriptId: 7, content: 'x', comment: 'y' }, more)
  })

  test('unless the call replaces them, or switches it off', async () => {
    const more = replies(schedule(reboot))
    const off = { ...plan, recurrence: 'ONCE', scheduleId: 'a', rebootAfterScriptExecution: false }
    await expectActs(['schedule', 'run'], 'car_update_schedule', off, more)
    await expectActs([], 'car_deactivate_schedule', { scheduleId: 'a' }, more)
  })
})

test('schedules that cannot be read count as one that runs the script', async () => {
  const more = { ...replies(), car_search_schedules: { rows: [] } }
  for (const act of ['run', 'reboot', 'policy-bypass'])
    expect(
      (await attempt(act, 'car_update_script', { scriptId: 7, content: 'x', comment: 'y' }, more)).text,
    ).toMatch(new RegExp(`QUALYS_FORBID switches off: ${act}`))
})

describe('a set of blocked commands', () => {
  const change = { languageId: 201, commandId: 5, commands: ['rm', 'dd'] }

  test.each<readonly [string, Row | undefined, readonly Act[]]>([
    ['keeps what it holds', { commands: ['rm'] }, []],
    ['keeps all of it', { commands: ['dd', 'rm'] }, []],
    ['loses one', { commands: ['rm', 'mkfs'] }, ['unblock']],
    ['loses another spelling', { commands: ['RM'] }, ['unblock']],
    ['is not shown', {}, ['unblock']],
    ['is not known', undefined, ['unblock']],
  ])('that %s', (_what, stored, done) => {
    expect(effectNamed('car_update_blocked_commands').change.acts?.(change, stored)).toEqual(done)
  })

  test('that is replaced may lose a guard', async () => {
    const more = {
      ...replies(),
      car_search_blocked_commands: [{ commandId: 5, languageId: 201, commands: ['mkfs'] }],
    }
    expect((await attempt('unblock', 'car_update_blocked_commands', change, more)).text).toMatch(
      /QUALYS_FORBID switches off: unblock/,
    )
  })
})
