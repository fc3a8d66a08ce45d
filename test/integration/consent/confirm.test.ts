import { describe, expect } from 'vitest'
import { effectCalls } from '../../support/consent/calls.ts'
import { consentTest as test } from '../../support/consent/fixtures.ts'
import { eras, yes } from '../../support/consent/raw-client.ts'

// QUALYS_CONFIRM: which effects a person is asked about. (Every pair, and every input that raises the effect of a
// call: test/unit/consent/decision.test.ts and effect-of-input.test.ts.)

/** No active schedule runs this script. */
const rewrite = {
  tool: 'car_update_script',
  args: { scriptId: 19218, content: 'Get-Date', comment: 'simpler' },
}

describe.each(eras)('%s era', (era) => {
  test('with several effects configured, only those need approval, and all are sent', async ({
    connect,
    effects,
  }) => {
    const client = await connect(era, { settings: { QUALYS_CONFIRM: 'delete, execute' } })
    for (const [tool, args] of Object.values(effectCalls)) await client.callAndAnswer(tool, args, yes)
    expect(client.questions.map(({ message }) => /\((\w+)\)/.exec(String(message))?.[1]).sort()).toEqual([
      'delete',
      'execute',
    ])
    expect(await effects()).toHaveLength(4)
  })

  test.for(['execute', 'update'])(
    'an update that runs code needs approval as execute, with QUALYS_CONFIRM=%s',
    async (confirm, { connect, effects }) => {
      const client = await connect(era, { settings: { QUALYS_CONFIRM: confirm } })
      await client.callAndAnswer(rewrite.tool, rewrite.args, { action: 'decline' })
      expect(client.questions).toHaveLength(1)
      expect(client.questions[0]?.['message']).toMatch(/^Update a script \(execute\)/)
      expect(await effects()).toEqual([])
    },
  )

  test('an update of the title needs no approval where only execute does', async ({ connect, effects }) => {
    const client = await connect(era, { settings: { QUALYS_CONFIRM: 'execute' } })
    const [tool, args] = effectCalls.update
    await client.callAndAnswer(tool, args, { action: 'decline' })
    expect(client.questions).toEqual([])
    expect(await effects()).toHaveLength(1)
  })

  test('a creation that approves the script counts as execute', async ({ connect, effects }) => {
    const client = await connect(era, { settings: { QUALYS_CONFIRM: 'execute' } })
    await client.callAndAnswer(
      'car_create_script',
      {
        ...{ title: 'Approved', typeId: 1, subType: 'Response', languageId: 201, platform: 'WINDOWS' },
        ...{ severity: 1, content: 'Get-Date', scriptApprovalUserConsent: true },
      },
      { action: 'decline' },
    )
    expect(client.questions[0]?.['message']).toMatch(/^Create a script \(execute\)/)
    expect(await effects()).toEqual([])
  })
})
