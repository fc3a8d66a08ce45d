import { describe, expect, test } from 'vitest'
import { campaignStatusTool } from '../../../../src/tools/workflows/campaign/status.ts'
import { ofKind, today } from '../../../support/workflows/campaigns.ts'
import {
  drawCampaigns,
  drawPeople,
  expectedCompanies,
  manyCampaigns,
  type Shape,
  type TestCampaign,
  type TestPerson,
} from '../../../support/workflows/many-campaigns.ts'
import { callerOn } from '../../../support/workflows/memory.ts'

// The questionnaires of a campaign by the company of their recipients, compared with brute force.

const tool = campaignStatusTool(() => today)

async function ask(
  people: readonly TestPerson[],
  campaign: TestCampaign,
  shape: Shape = {},
  budget = 100_000,
) {
  const environment = { QUALYS_REPLY_CHARS: String(budget) }
  const caller = callerOn(manyCampaigns(people, [campaign], shape), environment)
  const args = { campaignId: campaign.id, late: 5 }
  const { structured } = await caller.call(tool, args, 'json')
  const { text } = await caller.call(tool, args)
  return { structured, text, companies: ofKind(structured, 'company') }
}

/** Closed, open, canceled and unknown questionnaires of each company in a reply; of unknown ones under ''. */
const countsIn = ({ structured, companies }: Awaited<ReturnType<typeof ask>>) => {
  const rows: Record<string, unknown>[] = [...companies, ...ofKind(structured, 'company unknown')]
  return Object.fromEntries(
    rows.map(({ company, closed, open, canceled, unknown }) => [
      company ?? '',
      [closed, open, canceled ?? 0, unknown ?? 0],
    ]),
  )
}

describe('by company', () => {
  const people = drawPeople(150, 5)
  const unsent: TestPerson = {
    id: 7,
    firstName: 'Bo',
    lastName: 'Ray',
    company: 'Nothing Sent',
    emailAddress: 'b@x.example',
  }

  test.each([1, 2, 3])('campaign %i, zeros included, is as by brute force', async (seed) => {
    const unknown: unknown[] = []
    for (const drawn of drawCampaigns(2, people, 70, seed)) {
      const campaign = { ...drawn, unsent: [unsent] }
      const reply = await ask([...people, unsent], campaign)
      const expected = expectedCompanies(campaign)
      expect(expected.get('Nothing Sent')).toEqual([0, 0, 0, 0])
      unknown.push(expected.get(''))
      expect(countsIn(reply)).toEqual(Object.fromEntries(expected))
      const open = reply.companies.map((row) => Number(row['open']))
      expect(open).toEqual([...open].sort((one, other) => other - one))
      for (const { kind: _kind, ...counts } of reply.companies)
        expect(reply.text).toContain(`\n${Object.values(counts).join('\t')}\n`)
    }
    expect(unknown.some((counts) => counts !== undefined)).toBe(true)
  })

  test('without recipients the users tell it, but for namesakes of whom not all are recipients', async () => {
    const [campaign] = drawCampaigns(1, people, 70, 4)
    if (!campaign) throw new Error('none')
    const reply = await ask(people, campaign, { recipients: false })
    const sum = [...reply.companies, ...ofKind(reply.structured, 'company unknown')].reduce(
      (total, { closed, open, canceled, unknown }) =>
        total + Number(closed) + Number(open) + Number(canceled ?? 0) + Number(unknown ?? 0),
      0,
    )
    expect(sum).toBe(70)
    const expected = expectedCompanies(campaign)
    for (const { company, open } of reply.companies)
      expect(Number(open)).toBeLessThanOrEqual(expected.get(String(company))?.[1] ?? 0)
    expect(reply.text).toContain('by company, unknown: ')
  })

  test('that no record shows is unknown, and no zero', async () => {
    const [campaign] = drawCampaigns(1, people, 20, 4)
    if (!campaign) throw new Error('none')
    const reply = await ask(people, campaign, { recipients: false, userCompany: false })
    expect(reply.companies).toEqual([])
    expect(reply.text).toMatch(
      /\nby company, unknown: \d+ closed, \d+ open(, \d+ canceled)?(, \d+ of unknown state)? \(.*no record shows the company.*\); saq_list_recipients shows who/,
    )
  })

  test.each([2_000, 5_000, 24_000])(
    'in %i characters: the first ones, and the sum of the others',
    async (budget) => {
      const many = drawPeople(80, 6).map((person, at) => ({ ...person, company: `Company number ${at}` }))
      const [campaign] = drawCampaigns(1, many, 80, 6)
      if (!campaign) throw new Error('none')
      const { structured, companies, text } = await ask(many, campaign, {}, budget)
      expect(Math.max(text.length, JSON.stringify(structured).length)).toBeLessThanOrEqual(budget)
      expect(companies.length).toBeLessThanOrEqual(40)
      const [rest] = ofKind(structured, 'companies not shown')
      expect(Number(rest?.['count']) + companies.length).toBe(80)
      expect(text).toContain(` ${rest?.['count']} more companies: `)
      expect(text).toContain('saq_count_questionnaires with groupBy ["company","state"]')
    },
  )

  test('named like our own words is in quotes', async () => {
    const odd = drawPeople(3, 1).map((person, at) => ({
      ...person,
      company: ['unknown', 'Note: x', 'A\tB'][at] ?? '',
    }))
    const [campaign] = drawCampaigns(1, odd, 3, 1)
    if (!campaign) throw new Error('none')
    const { text } = await ask(odd, campaign)
    expect(text).toMatch(/\n"\\"unknown\\"\\t\d/)
    expect(text).toMatch(/\n"Note: x\\t\d/)
    expect(text).toMatch(/\nA B\t\d/)
  })
})
