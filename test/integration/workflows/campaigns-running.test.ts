import { describe, expect } from 'vitest'
import { anchor, day } from '../../../src/sandbox/data/calendar.ts'
import { testOn } from '../../support/fixtures.ts'
import {
  expectedCountsOf,
  readCampaigns,
  type SandboxCampaigns,
  type User,
} from '../../support/workflows/campaign-expectations.ts'
import { ofKind } from '../../support/workflows/campaigns.ts'
import { openStatusServer, type StatusServer } from '../../support/workflows/status-server.ts'

// All running campaigns of the sandbox, and the companies of one, counted independently from the sandbox's rows.

/** A time when much is overdue. */
const now = anchor + 40 * day
const sample = 640002

const test = testOn({ jobs: 100 }).extend<{ held: SandboxCampaigns; server: StatusServer }>({
  held: async ({ sandbox }, use) => use(await readCampaigns(sandbox.control)),
  server: async ({ sandbox }, use) => {
    const server = await openStatusServer(sandbox, now, { QUALYS_REPLY_CHARS: '400000' })
    await use(server)
    await server.close()
  },
})

const nameOf = ({ firstName, lastName }: User): string => `${firstName} ${lastName}`

/** The people who are certainly late in each running campaign: all of their name are. `crowd`: who may bear a name. */
function expectedLate(held: SandboxCampaigns, crowd?: readonly User[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const campaign of held.campaigns.filter(({ status }) => status === 'ACTIVE')) {
    const { own, late } = expectedCountsOf(held, campaign, now)
    const userOf = (recipientId: number): User => held.users.get(recipientId) as User
    const isLate = new Set(late.map(({ id }) => id))
    for (const { recipientId } of late) {
      const user = userOf(recipientId)
      const bearers = (crowd ?? own.map((row) => userOf(row.recipientId))).filter(
        (one) => nameOf(one) === nameOf(user),
      )
      const rows = own.filter((row) => nameOf(userOf(row.recipientId)) === nameOf(user))
      const isCertain =
        new Set(bearers).size === 1 ||
        (rows.length === new Set(bearers).size && rows.every(({ id }) => isLate.has(id)))
      if (isCertain) found.set(String(user.id), [...(found.get(String(user.id)) ?? []), String(campaign.id)])
    }
  }
  return new Map([...found].filter(([, ids]) => ids.length > 1))
}

const sorted = (found: Iterable<readonly [string, readonly string[]]>) =>
  [...found].map(([id, ids]) => [id, [...ids].sort()]).sort()

describe('the running campaigns', () => {
  test.for<object>([
    {},
    { questionnaireCampaign: 'id' },
    { questionnaireCampaign: 'none' },
    { questionnaireDueDate: false },
    { campaignDueDate: false },
    { campaignRecipients: 'hidden' },
    { userGroupFields: false },
  ])('and who is late in several: %o', async (knobs, { sandbox, held, server }) => {
    await sandbox.control.knobs(knobs)
    const { structured } = await server.ask({ late: 200 }, 'json')
    const active = held.campaigns.filter(({ status }) => status === 'ACTIVE')
    const rows = ofKind(structured, 'campaign')
    expect(rows.map(({ id }) => id).sort()).toEqual(active.map(({ id }) => String(id)).sort())
    for (const row of rows) {
      const campaign = active.find(({ id }) => String(id) === row['id'])
      if (!campaign) throw new Error('none')
      const { own, open, late } = expectedCountsOf(held, campaign, now)
      expect(row).toMatchObject({
        name: campaign.name.trim(),
        questionnaires: own.length,
        closed: own.filter(({ state }) => state === 'CLOSED').length,
        open: open.length,
        overdue: late.length,
      })
    }
    const people = ofKind(structured, 'late in several')
    const crowd = 'campaignRecipients' in knobs ? [...held.users.values()] : undefined
    const expected = expectedLate(held, crowd)
    expect(expected.size).toBeGreaterThan(5)
    expect(sorted(people.map(({ id, campaignIds }) => [String(id), campaignIds as string[]]))).toEqual(
      sorted(expected).slice(0, 200),
    )
  })
})

describe('by company', () => {
  test('closed and open of each, and what is unknown', async ({ held, server }) => {
    const campaign = held.campaigns.find(({ id }) => id === sample)
    if (!campaign) throw new Error('none')
    const { own, open } = expectedCountsOf(held, campaign, now)
    const isOpen = new Set(open.map(({ id }) => id))
    const counts = new Map<string, [closed: number, open: number]>()
    const userOf = (recipientId: number): User => held.users.get(recipientId) as User
    const companiesOf = new Map<string, Set<string>>()
    for (const { recipientId } of own) {
      const { company } = userOf(recipientId)
      const name = nameOf(userOf(recipientId))
      companiesOf.set(name, (companiesOf.get(name) ?? new Set()).add(company))
    }
    const kindOf = ({ id, state }: { id: number; state: string }): string =>
      isOpen.has(id) ? 'open' : state === 'CLOSED' ? 'closed' : 'other'
    for (const row of own) {
      const user = userOf(row.recipientId)
      const alike = own.filter(({ recipientId }) => nameOf(userOf(recipientId)) === nameOf(user))
      const isKnown = companiesOf.get(nameOf(user))?.size === 1 || new Set(alike.map(kindOf)).size === 1
      if (!isKnown) continue
      const count = counts.get(user.company) ?? [0, 0]
      if (kindOf(row) !== 'other') count[kindOf(row) === 'closed' ? 0 : 1]++
      counts.set(user.company, count)
    }
    const { structured } = await server.ask({ campaignId: sample }, 'json')
    const rows = ofKind(structured, 'company')
    expect(rows.length).toBeGreaterThan(10)
    for (const { company, closed, open } of rows)
      expect([company, closed, open]).toEqual([company, ...(counts.get(String(company)) ?? [0, 0])])
    expect(rows).toHaveLength(counts.size)
  })

  test.for([{ campaignRecipients: 'hidden', userGroupFields: false }, { campaignRecipients: 'hidden' }])(
    'what no record shows is unknown: %o',
    async (knobs, { sandbox, held, server }) => {
      await sandbox.control.knobs(knobs)
      const { structured, text } = await server.ask({ campaignId: sample }, 'json')
      const total = held.questionnaires.filter(({ campaignId }) => campaignId === sample).length
      const counted = [...ofKind(structured, 'company'), ...ofKind(structured, 'company unknown')]
      const sum = counted.reduce(
        (all, { closed, open, canceled, unknown }) =>
          all + Number(closed) + Number(open) + Number(canceled ?? 0) + Number(unknown ?? 0),
        0,
      )
      expect(sum, text).toBe(total)
      expect(ofKind(structured, 'company unknown')).toHaveLength(1)
      if ('userGroupFields' in knobs) expect(ofKind(structured, 'company')).toEqual([])
    },
  )
})
