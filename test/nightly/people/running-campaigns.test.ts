import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { lateInSeveral, openness, runningOf } from '../../support/saq/campaign-recipients.ts'
import { runningCampaigns } from '../../support/saq/more-campaigns.ts'
import { readPeople, type SandboxPeople } from '../../support/saq/sandbox-people.ts'
import { allPages, openSmallServer } from '../../support/saq/small-server.ts'

// Who is late in several of the running campaigns, and how far these are, in a process with a small heap: compared with
// a count by brute force. A campaign of 5,000 has every user as its recipient.

const maxHeapMiB = 96

describe.each([1_000, 5_000])('30 running campaigns of %i recipients', (recipients) => {
  let sandbox: TestSandbox
  let held: SandboxPeople
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 100, moreCampaigns: runningCampaigns(30, recipients) })
    held = await readPeople(sandbox.control)
    expect(runningOf(held).length).toBeGreaterThan(30)
  })
  beforeEach(() => sandbox.control.reset())
  afterAll(() => sandbox.close())

  test('each is counted, the most overdue first', async () => {
    const server = await openSmallServer(sandbox, maxHeapMiB, { QUALYS_REPLY_CHARS: '100000' })
    const { rows } = await server.call('saq_campaign_status', { late: 0 })
    await server.close()
    const campaigns = rows.filter(({ kind }) => kind === 'campaign')
    const numbers = campaigns.map((row) =>
      ['id', 'questionnaires', 'open', 'closed'].map((name) => Number(row[name])),
    )
    expect(numbers).toEqual(
      runningOf(held).map(({ id }) => {
        const states = held.questionnaires.flatMap((one) => (one.campaignId === id ? [one.state] : []))
        const open = states.filter((state) => openness(state) === 'open').length
        const closed = states.filter((state) => openness(state) === 'closed').length
        return [id, states.length, open, closed]
      }),
    )
  })

  test.each(['shown', 'ids'])('who is late in several, where records have ids (%s)', async (shape) => {
    await sandbox.control.knobs({ campaignRecipients: shape })
    const server = await openSmallServer(sandbox, maxHeapMiB)
    const { rows } = await allPages(server, 'saq_campaign_status', { late: 200 })
    await server.close()
    const late = rows.filter(({ kind }) => kind === 'late in several').map(({ id }) => String(id))
    const expected = lateInSeveral(held, Date.now())
    expect(expected.size).toBeGreaterThan(100)
    expect([...late].sort()).toEqual([...expected.keys()].map(String).sort())
  })
})
