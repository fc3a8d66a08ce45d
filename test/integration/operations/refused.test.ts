import { describe, expect } from 'vitest'
import {
  activeCampaign,
  campaignWithStatus,
  draftTemplateId,
  inactiveCampaign,
} from '../../support/effects/saq/saq-objects.ts'
import { refusedCalls } from '../../support/operations/refused/all.ts'
import { test } from '../../support/operations/refused/over-http.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Each way in which a call can be refused, once through the whole stack. All calls:
// test/unit/operations/refused.test.ts.

/** By tool, the names of calls in test/support/operations/refused. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  car_create_script: ['a severity too high', 'no source', 'another platform', 'an unknown type'],
  car_update_script: ['an update of no script', 'new content without a comment'],
  car_clone_script: ['a clone by title', 'a clone of no script'],
  car_import_library_script: ['a type under another name'],
  car_execute_script: [
    'an unknown lab host',
    'a tag that no list shows',
    'an unknown script',
    'a missing parameter',
    'a surplus parameter',
  ],
  car_create_schedule: ['an unknown host', 'an unknown tag', 'an unknown script', 'a missing parameter'],
  car_update_schedule: ['an update of no schedule'],
  car_activate_schedule: ['switching on no schedule'],
  car_deactivate_schedule: ['switching off no schedule'],
  car_delete_schedule: ['deleting no schedule'],
  car_add_blocked_commands: ['a comma', 'an unknown language'],
  car_block_assets: ['assetIds abc'],
  saq_create_campaign: [
    'FULL without a reviewer',
    'an unknown template',
    'an unknown recipient among others',
    'a company that nobody is of',
    'a tag that nobody has',
    'a part of a company',
  ],
  saq_update_campaign: ['an unknown campaign', 'a change to SIMPLE with a reviewer', 'a tag to add'],
  saq_launch_campaign: ['an unknown campaign to launch'],
  saq_cancel_campaign: ['an unknown campaign to cancel'],
  saq_delete_campaign: ['an unknown campaign to delete'],
  saq_create_template: ['single without options'],
  saq_publish_template: ['publishing what is published', 'an unknown template'],
  saq_create_template_version: ['a template of the library'],
  saq_create_template_from_library: ['an own template as one of the library'],
  saq_create_users: ['the same address twice', 'an address that is none: somebody@'],
  saq_update_user: ['an unknown user'],
  saq_delete_user: ['an unknown user to delete'],
}

const calls = Object.entries(chosen).flatMap(([tool, names]) =>
  names.map((name) => {
    const found = Object.values(refusedCalls)
      .flat()
      .find((call) => call[0] === name && call[1] === tool)
    if (!found) throw new Error(`no call of ${tool} is called ${name}`)
    const [, , args, says] = found
    return [tool, name, { args, says }] as const
  }),
)

test.for(calls)('%s: %s', ([tool, , { args, says }], { expectRefused }) => expectRefused(tool, args, says))

describe('the whole text', () => {
  test('of a wrong argument', async ({ assistant }) => {
    const { text } = await assistant.call('car_create_script', { ...validScript, severity: 6, titel: 'x' })
    expect(text).toBe(
      'Input validation error: Invalid arguments for tool car_create_script: severity: must be a whole number from 1 to 5, there is no argument "titel"; did you mean title?',
    )
  })

  test('of a list that is far too long', async ({ assistant }) => {
    const ids = Array.from({ length: 20_000 }, () => ({ a: [1] }))
    const { text } = await assistant.call('car_block_assets', { assetIds: ids })
    expect(text).toMatch(
      /^Input validation error: Invalid arguments for tool car_block_assets: assetIds\.0: must be an id from car_search_assets/,
    )
    expect(text.length).toBeLessThan(900)
  })

  // Categories cannot be listed: only Qualys knows which ones are valid.
  test('where Qualys refuses, and nothing is created', async ({ sandbox, assistant }) => {
    const before = (await sandbox.control.dump('scripts')).length
    const { text, isError, error } = await assistant.call('car_create_script', {
      ...validScript,
      categoryId: 999,
    })
    expect(text).toMatch(
      /^Qualys refuses the request \(400: "No category has the id 999"\)\. Change what the reason names/,
    )
    expect({ isError, kind: error?.['kind'] }).toEqual({ isError: true, kind: 'input' })
    expect((await sandbox.control.dump('scripts')).length).toBe(before)
  })
})

test('__proto__ changes nothing', async ({ expectRefused }) => {
  const args = JSON.parse(
    `{"__proto__":{"scriptApprovalUserConsent":true},"params":[{"key":"a","value":"b","__proto__":{"secret":"x"}}],${JSON.stringify(validScript).slice(1)}`,
  )
  await expectRefused('car_create_script', args, /there is no argument "__proto__"/)
  expect(({} as Record<string, unknown>)['scriptApprovalUserConsent']).toBeUndefined()
})

describe('what the object’s state forbids', () => {
  test('launching a campaign that is active', async ({ sandbox, expectRefused }) => {
    const campaignId = await campaignWithStatus(sandbox.control, 'ACTIVE')
    await expectRefused(
      'saq_launch_campaign',
      { campaignId },
      new RegExp(`^Campaign ${campaignId} is ACTIVE, and only INACTIVE ones can be launched\\.`),
    )
  })

  test('updating a campaign that is canceled', async ({ sandbox, expectRefused }) => {
    const campaignId = await campaignWithStatus(sandbox.control, 'CANCELED')
    await expectRefused(
      'saq_update_campaign',
      { campaignId, name: 'x' },
      /^Campaign \d+ is canceled and can only be read\. Create a new one\.$/,
    )
  })

  test('a new version of a draft', async ({ sandbox, expectRefused }) => {
    const templateId = await draftTemplateId(sandbox.control)
    await expectRefused(
      'saq_create_template_version',
      { templateId },
      /^Template \d+ is a draft itself\. Change it with saq_update_templates\.$/,
    )
  })

  test('a SIMPLE campaign that is to become FULL, without an approver', async ({
    sandbox,
    expectRefused,
  }) => {
    const simple = (await sandbox.control.dump('campaigns')).find(
      ({ workflowType, status }) => workflowType === 'SIMPLE' && status === 'INACTIVE',
    )
    await expectRefused(
      'saq_update_campaign',
      { campaignId: String(simple?.['id']), workflowType: 'FULL' },
      /^A FULL campaign needs an approver\./,
    )
  })

  test.for([
    ['FULL', activeCampaign],
    ['REVIEWABLE', inactiveCampaign],
    ['SIMPLE', inactiveCampaign],
  ] as const)(
    'but not %s, where a campaign has the people it needs',
    async ([workflowType, campaignId], { assistant }) => {
      const { text, isError } = await assistant.call('saq_update_campaign', { campaignId, workflowType })
      expect(isError, text).toBe(false)
    },
  )
})

// Parameters reach a script by position (car-api 5): in another order, `rm -r "$1"` gets what was meant for `$2`.
test('parameters in another order than the script’s', async ({ sandbox, assistant, expectRefused }) => {
  const created = await assistant.call('car_create_script', {
    ...validScript,
    title: 'Two parameters',
    params: [
      { key: 'path', value: '/tmp/x' },
      { key: 'mode', value: 'dry' },
    ],
    scriptApprovalUserConsent: true,
  })
  const scriptId = /script (\d+) "[^"]*" created/.exec(created.text)?.[1]
  await sandbox.control.clearRequests()
  const path = { key: 'path', value: '/tmp/y' }
  const mode = { key: 'mode', value: '/' }
  const run = { scriptId, assetIds: [21789601] }
  await expectRefused(
    'car_execute_script',
    { ...run, params: [mode, path] },
    new RegExp(
      `^Script ${scriptId} takes its parameters in another order\\. Pass params in this order: "path", "mode"\\.$`,
    ),
  )
  const inOrder = await assistant.call('car_execute_script', { ...run, params: [path, mode] })
  expect(inOrder.isError, inOrder.text).toBe(false)
})
