import { describe, expect } from 'vitest'
import { anchor, day } from '../../../src/sandbox/data/calendar.ts'
import { testOn } from '../../support/fixtures.ts'
import {
  expectedCountsOf,
  expectPeople,
  expectReported,
  readCampaigns,
  type SandboxCampaigns,
} from '../../support/workflows/campaign-expectations.ts'
import { lateOnes, ofKind } from '../../support/workflows/campaigns.ts'
import { openStatusServer, type StatusServer } from '../../support/workflows/status-server.ts'

// Campaigns of the sandbox, counted independently from the sandbox's rows. All of them, at several times:
// test/nightly/workflows; the rules: test/unit/workflows.

/** A time when much is overdue. */
const now = anchor + 40 * day

const test = testOn({ jobs: 100 }).extend<{ held: SandboxCampaigns; server: StatusServer }>({
  held: async ({ sandbox }, use) => {
    const held = await readCampaigns(sandbox.control)
    await sandbox.control.clearRequests()
    await use(held)
  },
  server: async ({ sandbox }, use) => {
    const server = await openStatusServer(sandbox, now, { QUALYS_REPLY_CHARS: '400000' })
    await use(server)
    await server.close()
  },
})

test.for(['ACTIVE', 'COMPLETE', 'CANCELED', 'INACTIVE'])(
  'two campaigns that are %s',
  async (status, { held, server }) => {
    const those = held.campaigns.filter((campaign) => campaign.status === status).slice(0, 2)
    expect(those).toHaveLength(2)
    for (const campaign of those) await expectReported(server, held, campaign, now)
  },
)

describe('overdue questionnaires', () => {
  const sample = 640002

  test.for([0, 1, 200, undefined])('as many as requested: %s', async (late, { held, server }) => {
    const campaign = held.campaigns.find(({ id }) => id === sample)
    const expected = campaign && expectedCountsOf(held, campaign, now).late.map(({ id }) => String(id))
    expect(expected?.length).toBeGreaterThan(200)
    const args = { campaignId: sample, ...(late !== undefined && { late }) }
    const { structured } = await server.ask(args, 'json')
    expect(ofKind(structured, 'late').map(({ questionnaire }) => questionnaire)).toEqual(
      expected?.slice(0, late ?? 20),
    )
    expect(structured.summary).toContain(`${expected?.length} of them overdue`)
    const { text } = await server.ask(args)
    const heading = `late, the longest first (${late ?? 20} of ${expected?.length}`
    expect(text.includes(heading)).toBe(late !== 0)
    expect(lateOnes(text)).toHaveLength(late ?? 20)
  })

  test('a single one folds no columns', async ({ server }) => {
    const { text } = await server.ask({ campaignId: sample, late: 1 })
    expect(text).toContain('\nquestionnaire\tname\tcompany\temailAddress\twaitsFor\tdueDate\tdaysOverdue\n')
    expect(text).not.toContain('; all: ')
  })
})

describe('people with overdue questionnaires', () => {
  test.for([true, false])(
    'are shown with company and e-mail; recipients shown: %s',
    async (shown, { sandbox, held, server }) => {
      await sandbox.control.knobs({ campaignRecipients: shown ? 'shown' : 'hidden' })
      const active = held.campaigns.filter(({ status }) => status === 'ACTIVE').slice(0, 2)
      await expectPeople(server, held, active, { now, shown })
      const searches = (await sandbox.control.requests()).filter(({ path }) =>
        path.endsWith('search/saq/user'),
      )
      expect(searches.length > 0).toBe(!shown)
    },
  )
})

describe('a campaign that cannot be read', () => {
  test('because the id does not exist', async ({ server }) => {
    const { text, isError, raw } = await server.ask({ campaignId: '9223372036854775807' })
    expect(isError, text).toBe(true)
    expect(text).toContain('9223372036854775807')
    expect(text).not.toContain('0 questionnaires')
    expect(raw['_meta']).toMatchObject({ 'qualys-mcp/error': { kind: 'input' } })
  })

  test('because it is out of scope', async ({ sandbox, held }) => {
    const narrow = await openStatusServer(sandbox, now, { QUALYS_USERNAME: 'saq-emea' })
    const own = held.campaigns.find(({ name }) => name === 'EMEA processors 2026')
    expect((await narrow.ask({ campaignId: own?.id })).isError).toBe(false)
    const { text, isError } = await narrow.ask({ campaignId: 640002 })
    await narrow.close()
    expect(isError).toBe(true)
    expect(text).toMatch(/640002.*scope/)
  })

  test.for([
    { kind: 'limit' },
    { kind: 'reset' },
    { kind: 'truncate' },
    { kind: 'dropId' },
    { kind: 'status', status: 500 },
  ])('because Qualys fails: %o', async (fault, { sandbox, server }) => {
    await sandbox.control.faults([{ route: 'POST /qps/rest/1.0/search/saq/questionnaire', ...fault }])
    const { text, isError } = await server.ask({ campaignId: 640002 })
    expect(isError, text).toBe(true)
    expect(text).not.toMatch(/\d questionnaire/)
  })
})
