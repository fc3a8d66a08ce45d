import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { lateInSeveral, openness, runningOf } from '../../support/saq/campaign-recipients.ts'
import { runningCampaigns } from '../../support/saq/more-campaigns.ts'
import { readPeople, type SandboxPeople } from '../../support/saq/sandbox-people.ts'
import { allPages, openSmallServer } from '../../support/saq/small-server.ts'

// Who is late in several of the running campaigns, and how far these are, in a process with a small heap: compared with
// a count by brute force. A campaign of 5,000 has every user as its recipient.
// Each page reads every questionnaire again, so that only the first pages are read.

const sizes = [
  { recipients: 1_000, maxHeapMiB: 96, pages: 2 },
  { recipients: 5_000, maxHeapMiB: 256, pages: 1 },
]

describe.each(sizes)(
  '30 running campaigns of $recipients recipients',
  ({ recipients, maxHeapMiB, pages }) => {
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
      const shown = campaigns.map((row) =>
        ['id', 'questionnaires', 'open', 'closed'].map((name) => Number(row[name])).join(' '),
      )
      const states = new Map<number, string[]>()
      for (const { campaignId, state } of held.questionnaires) {
        const own = states.get(campaignId)
        if (own) own.push(openness(state))
        else states.set(campaignId, [openness(state)])
      }
      const running = runningOf(held)
      const expected = running.map(({ id }) => {
        const own = states.get(id) ?? []
        const count = (word: string): number => own.filter((one) => one === word).length
        return `${id} ${own.length} ${count('open')} ${count('closed')}`
      })
      const overdue = running.filter(({ dueDate }) => dueDate < Date.now()).length
      expect(shown.slice(0, overdue)).toEqual(expected.slice(0, overdue))
      expect([...shown].sort()).toEqual([...expected].sort())
    })

    test.each(['shown', 'ids'])('who is late in several, where records have ids (%s)', async (shape) => {
      await sandbox.control.knobs({ campaignRecipients: shape })
      const server = await openSmallServer(sandbox, maxHeapMiB)
      const { rows, notes } = await allPages(server, 'saq_campaign_status', { late: 200 }, pages)
      await server.close()
      const late = rows.filter(({ kind }) => kind === 'late in several').map(({ id }) => String(id))
      const expected = [...lateInSeveral(held, Date.now())]
        .sort(([id, campaigns], [other, others]) => others.length - campaigns.length || id - other)
        .map(([id]) => String(id))
      expect(late.length).toBeGreaterThan(30 * pages)
      expect(expected.length).toBeGreaterThan(late.length)
      // Too many recipients for one reading: the reply says so, and names nobody who is not late.
      if (notes.some((note) => note.includes('and no more'))) {
        expect(expected).toEqual(expect.arrayContaining(late))
      } else expect(late).toEqual(expected.slice(0, late.length))
      if (recipients === 1_000) expect(notes.join()).not.toContain('and no more')
    })
  },
)
