import { describe, expect } from 'vitest'
import { wayText } from '../../support/consent/pending-resource.ts'
import { expectWellFormed } from '../../support/consent/previews.ts'
import { eras } from '../../support/consent/raw-client.ts'
import {
  activeCampaign,
  approver,
  inactiveCampaign,
  publishedTemplate,
  recipient,
  recipientsOf,
  reviewer,
  rowOf,
} from '../../support/effects/saq/saq-objects.ts'
import { personLine, personRow, previewTest as test } from './saq-fixtures.ts'

// What a person reads before an effect of SAQ: whom it reaches, how many, and what is lost. (Every value and every
// text: test/unit/consent.)

/** Each word with its count, the most frequent first. */
function grouped(words: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

const companyRow = ([company, count]: readonly [string, number]): string =>
  `  "${company}", "${count} ${count === 1 ? 'person' : 'people'}"`

describe('a launch', () => {
  test('shows campaign, workflow, date, reviewer, approver, and recipients by company', async ({
    sandbox,
    users,
    linesOf,
  }) => {
    const row = await rowOf(sandbox.control, 'campaigns', inactiveCampaign)
    const ids = await recipientsOf(sandbox.control, inactiveCampaign)
    const companies = grouped(ids.map((id) => String(users.get(id)?.['company'])))
    expect(companies.length).toBeLessThanOrEqual(10)
    const due = `${new Date(Number(row?.['dueDate'])).toISOString().slice(0, 19)}Z`
    const lines = await linesOf('saq_launch_campaign', { campaignId: inactiveCampaign })
    // This date will be in the past some day.
    expect(lines.filter((text) => text !== '! Its due date is past.')).toEqual([
      'Launch a campaign (execute): 1 campaign, 60 recipients',
      '! 60 recipients are mailed at once.',
      '! Mail that went out cannot be called back.',
      `campaign ${inactiveCampaign}: "Vendor risk 2027"`,
      '  state: "INACTIVE"',
      '  workflow: "FULL"',
      `  due: "${due}"`,
      `  template: "${publishedTemplate}", "Third-party security questionnaire"`,
      personLine('  reviewer', reviewer, users),
      personLine('  approver', approver, users),
      'companies of the recipients (company, people):',
      ...companies.map(companyRow),
      'recipients (id, name, company, address):',
      ...ids.map((id) => personRow(id, users)),
      `account: "${sandbox.apiUrl} sandbox_ab1"`,
    ])
  })

  test.for(eras)(
    '%s era: a form shows the first ten of each group, and the way to all',
    async (era, { sandbox, connect }) => {
      const client = await connect(era, { settings: { QUALYS_UNVERIFIED: 'all' } })
      const args = { campaignId: inactiveCampaign }
      await client.callAndAnswer('saq_launch_campaign', args, { action: 'decline' })
      const shown = String(client.questions.at(-1)?.['message'])
      expectWellFormed(shown)
      const lines = shown.split('\n')
      expect(lines.filter((text) => /^ {2}"\d+", /.test(text))).toHaveLength(10)
      expect(lines.slice(-2)).toEqual([
        '  … and 50 more recipients',
        `account: "${sandbox.apiUrl} sandbox_ab1"`,
      ])
      const [head, ...others] = lines.filter((text) => !text.startsWith('! '))
      expect(head).toBe('Launch a campaign (execute): 1 campaign, 60 recipients')
      expect(others[0]).toMatch(wayText)
    },
  )

  test('says that Qualys shows neither the recipients nor the date', async ({ sandbox, linesOf }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden', campaignDueDate: false })
    const lines = await linesOf('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(lines[0]).toBe('Launch a campaign (execute): 1 campaign')
    expect(lines).toContain('  due: not shown by Qualys')
    expect(lines).toContain('! Qualys does not show who the recipients are, nor how many.')
    expect(lines.filter((text) => /recipient:|of company/.test(text))).toEqual([])
  })

  test('says that there are no recipients, and that the date has passed', async ({ sandbox, linesOf }) => {
    const none = (await sandbox.control.dump('campaigns')).find(({ name }) => name === 'No recipients yet')
    expect(await linesOf('saq_launch_campaign', { campaignId: none?.['id'] })).toContain(
      '! It has no recipients.',
    )
    const past = (await sandbox.control.dump('campaigns')).find(
      ({ name }) => name === 'Draft: physical security',
    )
    expect(await linesOf('saq_launch_campaign', { campaignId: past?.['id'] })).toContain(
      '! Its due date is past.',
    )
  })

  test('of many companies shows each of them', async ({ sandbox, users, linesOf }) => {
    const ids = await recipientsOf(sandbox.control, activeCampaign)
    const companies = grouped(ids.map((id) => String(users.get(id)?.['company'])))
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      notifications: [{ kind: 'overdue', noOfDays: 5 }],
    })
    const from = lines.indexOf('companies of the recipients (company, people):') + 1
    expect(companies.length).toBeGreaterThan(10)
    expect(lines.slice(from, from + companies.length)).toEqual(companies.map(companyRow))
    expect(lines).toContain('! The campaign is active: its 420 recipients get these mails.')
  })
})

describe('a change of an active campaign', () => {
  test('says how many are mailed at once, and who', async ({ linesOf }) => {
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      addRecipientCompany: 'ABC Freight',
    })
    expect(lines[0]).toBe('Update a campaign (execute): 1 campaign, 28 recipients')
    expect(lines).toContain('  "ABC Freight", "28 people"')
    const from = lines.indexOf('new recipients (id, name, company, address):') + 1
    const rows = lines.slice(from, from + 28)
    expect(rows.every((text) => /^ {2}"\d+", "[^"]+", "ABC Freight", "[^"]+@[^"]+"$/.test(text))).toBe(true)
    expect(lines).toContain('! The campaign is active: 28 recipients are mailed at once.')
  })

  test('says who is removed', async ({ users, linesOf }) => {
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      removeRecipientIds: [recipient],
    })
    expect(lines[0]).toBe('Update a campaign (execute): 1 campaign, 1 recipient to remove')
    const from = lines.indexOf('recipients to remove (id, name, company, address):')
    expect(lines[from + 1]).toBe(personRow(recipient, users))
    expect(lines.join('\n')).toMatch(/\n! What becomes of the answers of recipients that are removed is not/)
  })
})

describe.each([
  ['saq_cancel_campaign', 'Cancel a campaign (execute): 1 campaign', /cannot be taken up again/],
  ['saq_delete_campaign', 'Delete a campaign (delete): 1 campaign', /cannot be brought back/],
])('%s', (tool, head, warning) => {
  test('shows the questionnaires by state', async ({ sandbox, linesOf }) => {
    const own = (await sandbox.control.dump('questionnaires')).filter(
      ({ campaignId }) => String(campaignId) === activeCampaign,
    )
    const lines = await linesOf(tool, { campaignId: activeCampaign })
    expect(lines[0]).toBe(head)
    expect(lines).toContain(`its questionnaires: ${own.length}`)
    const states = lines.filter((text) => / in state: /.test(text))
    expect([...states].sort()).toEqual(
      grouped(own.map(({ state }) => String(state)))
        .map(([state, count]) => `  ${count} in state: "${state}"`)
        .sort(),
    )
    expect(lines[1]).toMatch(warning)
  })

  test('says that they cannot be counted', async ({ sandbox, linesOf }) => {
    const route = 'POST /qps/rest/1.0/search/saq/questionnaire'
    await sandbox.control.faults([{ route, kind: 'status', status: 403 }])
    expect(await linesOf(tool, { campaignId: activeCampaign })).toContain(
      'its questionnaires: they cannot be counted',
    )
  })
})
