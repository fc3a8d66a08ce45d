import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anchor, day } from '../../../src/sandbox/data/calendar.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import {
  expectPeople,
  expectReported,
  readCampaigns,
  type SandboxCampaigns,
} from '../../support/workflows/campaign-expectations.ts'
import { openStatusServer, type StatusServer } from '../../support/workflows/status-server.ts'

// Every campaign of the sandbox. Some of them: test/integration/workflows/campaign-counts.test.ts.

/** On the last day of the data, and when much more is overdue. */
describe.each([anchor, anchor + 40 * day])('at %i', (now) => {
  let sandbox: TestSandbox
  let held: SandboxCampaigns
  let server: StatusServer
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 100 })
    held = await readCampaigns(sandbox.control)
    server = await openStatusServer(sandbox, now, { QUALYS_REPLY_CHARS: '400000' })
  })
  afterEach(() => sandbox.control.reset())
  afterAll(async () => {
    await server.close()
    await sandbox.close()
  })

  test.each(['ACTIVE', 'COMPLETE', 'CANCELED', 'INACTIVE'])('every campaign that is %s', async (status) => {
    const those = held.campaigns.filter((campaign) => campaign.status === status)
    expect(those.length).toBeGreaterThan(3)
    for (const campaign of those) await expectReported(server, held, campaign, now)
  })

  test.each([true, false])(
    'people with overdue questionnaires, where the recipients are shown: %s',
    async (shown) => {
      await sandbox.control.knobs({ campaignRecipients: shown ? 'shown' : 'hidden' })
      const active = held.campaigns.filter(({ status }) => status === 'ACTIVE')
      const namesakes = await expectPeople(server, held, active, { now, shown })
      if (now > anchor && !shown) expect(namesakes).toBeGreaterThan(10)
    },
  )

  test('every launched campaign fits a budget of 2,000 characters', async () => {
    const tight = await openStatusServer(sandbox, now, { QUALYS_REPLY_CHARS: '2000' })
    const active = held.campaigns.filter(({ status }) => status === 'ACTIVE')
    for (const { id } of active) {
      const args = { campaignId: id, late: 200 }
      const { text } = await tight.ask(args)
      const { structured } = await tight.ask(args, 'json')
      expect(Math.max(text.length, JSON.stringify(structured).length)).toBeLessThanOrEqual(2_000)
    }
    await tight.close()
  })
})
