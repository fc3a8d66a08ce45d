import { describe, expect } from 'vitest'
import { consentTest } from '../../support/consent/fixtures.ts'
import { expectWellFormed } from '../../support/consent/previews.ts'
import { campaign, saqChangeRequests } from '../../support/effects/saq/saq-objects.ts'
import { attempt, storeSchedule } from '../limits/attempt.ts'

// What is named by id is looked up and shown. Tried through the real server. (Every value: test/unit/consent.)

const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_ASSETS_PER_RUN: '100' }

describe('a set of blocked commands', () => {
  const guarded = { ...settings, QUALYS_CONFIRM: 'execute,delete' }
  const set = { languageId: '201', commandId: '102' }

  consentTest('a smaller one is asked about as a deletion', async ({ connect, effects }) => {
    const client = await connect('modern', { settings: guarded })
    const { preview } = await client.call('car_update_blocked_commands', { ...set, commands: ['zzzz'] })
    expectWellFormed(preview ?? '')
    expect(preview).toMatch(/^Change blocked commands \(delete\): 1 command set\n! 2 blocked commands fall: /)
    expect(preview).toContain('\ncommands of set 102 that fall: "runas", "Get-Service"\n')
    expect(await effects()).toEqual([])
  })

  consentTest('a larger one is sent', async ({ connect, effects }) => {
    const client = await connect('modern', { settings: guarded })
    const commands = ['runas', 'Get-Service', 'reg']
    const { preview, text } = await client.call('car_update_blocked_commands', { ...set, commands })
    expect([preview, text]).toEqual([
      undefined,
      expect.stringMatching(/^set 102 of blocked commands replaced/),
    ])
    expect(await effects()).toHaveLength(1)
  })
})

consentTest(
  'what a stored schedule passes to its script is shown before it is switched on',
  async ({ sandbox, connect }) => {
    await sandbox.control.knobs({ scheduleParameters: 'values' })
    const stored = await storeSchedule(sandbox, {
      scripts: [{ id: '25209', params: [{ key: 'path', value: 'rm -rf /' }] }],
      assets: [21789601],
    })
    const client = await connect('modern', { settings })
    for (const tool of ['car_activate_schedule', 'car_delete_schedule', 'car_deactivate_schedule']) {
      const { preview } = await client.call(tool, { scheduleId: stored.id })
      expect(preview).toContain('\n  stored parameters of script 25209: "path=rm -rf /"\n')
      expect(preview).toContain('\n  "21789601", "POS-0001", "WINDOWS"\n')
    }
  },
)

describe('a tag of a lab', () => {
  const run = { scriptId: '19218', testMode: true, testTags: ['7512813'] }

  consentTest('is shown by name with its hosts, though no list shows it', async ({ connect }) => {
    const client = await connect('modern', { settings })
    const { preview, text } = await client.call('car_execute_script', run)
    expect(preview, text).toMatch(
      /\ntags \(id, name, hosts\):\n {2}"7512813", "CAR lab - Linux", "\d+ hosts?"\n/,
    )
    expect(preview).not.toContain('could not be looked up')
  })

  consentTest('is not run on where no filter shows it', async ({ sandbox, connect, effects }) => {
    await sandbox.control.knobs({ unknownToken: 'ignore' })
    const client = await connect('modern', { settings })
    expect((await client.call('car_execute_script', { ...run, testTags: ['99'] })).text).toMatch(
      /shows no id 99/,
    )
    expect(await effects()).toEqual([])
  })
})

describe('people found by a group', () => {
  const { recipientIds: _, ...rest } = campaign('By group')
  const groups = [
    ['company', { recipientCompany: 'ABC Freight' }],
    ['tag', { recipientTag: 'EMEA vendors' }],
  ] as const

  const many = { QUALYS_MAX_BULK: '1000' }

  consentTest.for(groups)('by %s, who are of it, are sent', async ([, group], { sandbox }) => {
    const { text } = await attempt(sandbox, ['saq_create_campaign', { ...rest, ...group }], many)
    expect(text).toMatch(/^campaign \d+ created/)
    expect(await saqChangeRequests(sandbox.control)).toHaveLength(1)
  })

  consentTest.for(groups)(
    'by %s, of others too: nothing is sent',
    async ([, group], { sandbox, connect }) => {
      await sandbox.control.knobs({ userGroups: 'ignored' })
      const { text } = await attempt(sandbox, ['saq_create_campaign', { ...rest, ...group }], {})
      expect(text).toMatch(
        /^The (company|tag) "[^"]+" also finds user \d+, "[^"]+", whose record shows .*; nothing was sent\./,
      )
      const asked = await (await connect('modern', { settings })).call('saq_create_campaign', {
        ...rest,
        ...group,
      })
      expect([asked.preview, asked.text]).toEqual([undefined, text])
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    },
  )

  consentTest.for(groups)(
    'by %s, that no record shows: a person decides, and unattended nothing is sent',
    async ([, group], { sandbox, connect }) => {
      await sandbox.control.knobs({ userGroupFields: false })
      const { text } = await attempt(sandbox, ['saq_create_campaign', { ...rest, ...group }], many)
      expect(text).toMatch(
        /the records of \d+ people show no .* could not be compared, and no person is asked\./,
      )
      const client = await connect('modern', { settings: { ...settings, ...many } })
      const { preview } = await client.call('saq_create_campaign', { ...rest, ...group })
      expect(preview).toMatch(
        /\n! The records of \d+ people show no (company|tags), so the .* could not be compared\.\n/,
      )
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    },
  )
})
