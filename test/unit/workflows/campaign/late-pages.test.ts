import { describe, expect, test } from 'vitest'
import { campaignStatusTool } from '../../../../src/tools/workflows/campaign/status.ts'
import { lateOnes, ofKind, today } from '../../../support/workflows/campaigns.ts'
import {
  drawCampaigns,
  drawPeople,
  isLate,
  manyCampaigns,
  type Shape,
  type TestCampaign,
} from '../../../support/workflows/many-campaigns.ts'
import { callerOn, type ToolCaller } from '../../../support/workflows/memory.ts'

// The late list of one campaign, page by page, compared with brute force.

const tool = campaignStatusTool(() => today)
const people = drawPeople(90)

/** Two campaigns of their own for each test, since some of them change. */
const drawTwo = (): TestCampaign[] => drawCampaigns(2, people, 60, 3)

const serverOn = (campaigns: readonly TestCampaign[], shape: Shape = {}, extra = {}): ToolCaller =>
  callerOn(manyCampaigns(people, campaigns, shape), { QUALYS_REPLY_CHARS: '100000', ...extra })

const byHand = (campaign: TestCampaign): string[] =>
  campaign.rows
    .filter((row) => isLate(row, campaign))
    .sort((one, other) => one.id - other.id)
    .map(({ id }) => String(id))

/** All pages; `between` is called after each with the ids so far. */
async function walk(caller: ToolCaller, args: object, between?: (seen: readonly string[]) => void) {
  const seen: string[] = []
  const summaries: string[] = []
  let continuationToken: string | undefined
  do {
    const { structured, text } = await caller.call(
      tool,
      { ...args, ...(continuationToken && { continuationToken }) },
      'json',
    )
    if (structured === undefined) throw new Error(text)
    summaries.push(structured.summary)
    seen.push(...ofKind(structured, 'late').map(({ questionnaire }) => String(questionnaire)))
    continuationToken = structured.continuationToken
    if (continuationToken) expect(continuationToken.length).toBeLessThanOrEqual(64)
    between?.(seen)
  } while (continuationToken !== undefined)
  return { seen, summaries }
}

describe('the late list by token', () => {
  test.each<[string, Shape]>([
    ['as in the sandbox', {}],
    ['without recipients', { recipients: false }],
    ['without due dates of rows', { dueDateOfRow: false }],
    ['without the due date of the campaign', { dueDateOfCampaign: false }],
    ['without campaigns of rows', { campaignOfRow: 'none' }],
  ])('over all pages is the whole list: %s', async (_what, shape) => {
    const [campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const expected = byHand(campaign)
    expect(expected.length).toBeGreaterThan(20)
    const { seen } = await walk(serverOn([campaign], shape), { campaignId: campaign.id, late: 9 })
    expect(seen).toEqual(expected)
  })

  test('a page by token is the list alone, with one line that says which part', async () => {
    const [, campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const total = byHand(campaign).length
    const caller = serverOn([campaign])
    const first = await caller.call(tool, { campaignId: campaign.id }, 'json')
    const args = { campaignId: campaign.id, continuationToken: first.structured.continuationToken }
    const { structured } = await caller.call(tool, args, 'json')
    expect(structured.summary).toMatch(
      new RegExp(`^late 21-40 of ${total} in campaign ${campaign.id}, the longest first; all: .*daysOverdue`),
    )
    expect(structured.rows.every(({ kind }) => kind === 'late')).toBe(true)
    const { text } = await caller.call(tool, args)
    expect(text.split('\n')[1]).toMatch(/^questionnaire\tname\t/)
    expect(text).not.toMatch(/by state|by company|next to act/)
    expect(lateOnes(text)).toEqual([])
  })

  test('nobody is left out or shown twice when others answer between two pages', async () => {
    const [campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const before = byHand(campaign)
    const answered = new Set<string>()
    const { seen } = await walk(serverOn([campaign]), { campaignId: campaign.id, late: 5 }, (shown) => {
      // One who was shown, and one who was not, have answered.
      for (const id of [shown.at(-2), before.find((each) => !shown.includes(each) && !answered.has(each))]) {
        const row = campaign.rows.find((each) => String(each.id) === id)
        if (!row || !id) continue
        if (!shown.includes(id)) answered.add(id)
        row.state = 'CLOSED'
      }
    })
    expect(answered.size).toBeGreaterThan(2)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(before.filter((id) => !answered.has(id)))
  })

  test('nobody is left out or shown twice when turns change between two pages', async () => {
    const [campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const before = byHand(campaign)
    const { seen } = await walk(serverOn([campaign]), { campaignId: campaign.id, late: 5 }, () => {
      // Each answer is passed on to the reviewer, and each review is sent back.
      for (const row of campaign.rows.filter((each) => isLate(each, campaign)))
        row.state = row.state === 'INFORMATION_GATHERING' ? 'REVIEW' : 'INFORMATION_GATHERING'
    })
    expect(seen).toEqual(before)
  })

  test('the end, where all others have answered since', async () => {
    const [campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const caller = serverOn([campaign])
    const { structured } = await caller.call(tool, { campaignId: campaign.id, late: 9 }, 'json')
    const shown = ofKind(structured, 'late').map(({ questionnaire }) => questionnaire)
    for (const row of campaign.rows) if (!shown.includes(String(row.id))) row.state = 'CLOSED'
    const { continuationToken } = structured
    const { text, isError } = await caller.call(tool, { campaignId: campaign.id, late: 9, continuationToken })
    expect(isError).toBe(false)
    expect(text).toBe(`late in campaign ${campaign.id}: none behind this place, 9 in all`)
  })

  test('goes on where a small reply ends', async () => {
    const [campaign] = drawTwo()
    if (!campaign) throw new Error('none')
    const caller = serverOn([campaign], {}, { QUALYS_REPLY_CHARS: '3000' })
    const { seen } = await walk(caller, { campaignId: campaign.id, late: 200 })
    expect(seen).toEqual(byHand(campaign))
  })
})

describe('a token', () => {
  const [campaign, other] = drawTwo()
  const caller = serverOn([campaign, other].flatMap((each) => each ?? []))
  const tokenOf = async (args: object): Promise<string> => {
    const { structured } = await caller.call(tool, args, 'json')
    return structured.continuationToken ?? ''
  }

  test.each<[string, (token: string) => object]>([
    ['damaged', (token) => ({ campaignId: campaign?.id, continuationToken: `${token.slice(0, -2)}AA` })],
    ['cut', (token) => ({ campaignId: campaign?.id, continuationToken: token.slice(0, 12) })],
    ['no token at all', () => ({ campaignId: campaign?.id, continuationToken: 'next' })],
    ['of another campaign', (token) => ({ campaignId: other?.id, continuationToken: token })],
    ['of one campaign for all of them', (token) => ({ continuationToken: token })],
  ])('%s is refused, with the way to start again', async (_what, argsFor) => {
    const token = await tokenOf({ campaignId: campaign?.id, late: 3 })
    expect(token).not.toBe('')
    const { text, isError } = await caller.call(tool, { late: 3, ...argsFor(token) })
    expect(isError).toBe(true)
    expect(text).toMatch(
      /^The continuationToken does not fit this call: .* or leave it out to start again\.$/,
    )
  })

  test('of all campaigns is none for one of them', async () => {
    const token = await tokenOf({ late: 1 })
    expect(token).not.toBe('')
    const { isError } = await caller.call(tool, { campaignId: campaign?.id, continuationToken: token })
    expect(isError).toBe(true)
  })

  test('may come with another number to list, but not with 0', async () => {
    const token = await tokenOf({ campaignId: campaign?.id, late: 3 })
    const next = { campaignId: campaign?.id, continuationToken: token }
    const { structured } = await caller.call(tool, { ...next, late: 4 }, 'json')
    expect(structured.summary).toMatch(/^late 4-7 of /)
    const { text, isError } = await caller.call(tool, { ...next, late: 0 })
    expect(isError).toBe(true)
    expect(text).toBe('late 0 lists nobody, so no page follows. Leave late out, or pass 1 to 200.')
  })
})

test('late 0 lists nobody, and gives no token', async () => {
  const [campaign] = drawTwo()
  const { structured } = await serverOn(campaign ? [campaign] : []).call(
    tool,
    { campaignId: campaign?.id, late: 0 },
    'json',
  )
  expect(ofKind(structured, 'late')).toEqual([])
  expect(structured).not.toHaveProperty('continuationToken')
})
