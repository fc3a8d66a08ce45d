import { describe, expect, test } from 'vitest'
import { campaignStatusTool } from '../../../../src/tools/workflows/campaign/status.ts'
import type { SentRequest } from '../../../support/operations/memory.ts'
import { ofKind, today } from '../../../support/workflows/campaigns.ts'
import {
  drawCampaigns,
  drawPeople,
  expectedLateInSeveral,
  isLate,
  isOpen,
  manyCampaigns,
  type Shape,
  type TestCampaign,
} from '../../../support/workflows/many-campaigns.ts'
import { callerOn } from '../../../support/workflows/memory.ts'

// All campaigns that run, in one call: their counts, and who is late in several, compared with brute force.

const tool = campaignStatusTool(() => today)
const wide = { QUALYS_REPLY_CHARS: '400000' }
const people = drawPeople(60)
const thirty = drawCampaigns(30, people, 20)

function serverOn(campaigns: readonly TestCampaign[], shape: Shape = {}, environment = wide) {
  const sent: SentRequest[] = []
  const answers = manyCampaigns(people, campaigns, shape)
  const caller = callerOn((request) => {
    sent.push(request)
    return answers(request)
  }, environment)
  return {
    sent,
    ask: async (args: object = {}) => {
      const { text, isError } = await caller.call(tool, args)
      if (isError) throw new Error(text)
      const { structured } = await caller.call(tool, args, 'json')
      return { text, structured }
    },
    call: (args: object, form: 'text' | 'json' = 'text') => caller.call(tool, args, form),
  }
}

const lateIn = (rows: readonly Record<string, unknown>[]): Map<string, string[]> =>
  new Map(rows.map(({ id, campaignIds }) => [String(id), [...(campaignIds as string[])]]))

const sorted = (found: ReadonlyMap<string, readonly string[]>) =>
  [...found]
    .map(([id, ids]) => [id, [...ids].sort()] as const)
    .sort(([one], [other]) => Number(one) - Number(other))

describe('thirty running campaigns', () => {
  test('are counted as by brute force, the longest overdue first', async () => {
    const { structured, text } = await serverOn(thirty).ask()
    const rows = ofKind(structured, 'campaign')
    expect(rows).toHaveLength(30)
    for (const { id, questionnaires, closed, open, overdue, daysOverdue } of rows) {
      const campaign = thirty.find((each) => String(each.id) === id)
      if (!campaign) throw new Error(String(id))
      const late = campaign.rows.filter((row) => isLate(row, campaign)).length
      expect([questionnaires, closed, open, overdue, daysOverdue]).toEqual([
        campaign.rows.length,
        campaign.rows.filter(({ state }) => state === 'CLOSED').length,
        campaign.rows.filter(isOpen).length,
        late,
        late > 0 ? campaign.days : undefined,
      ])
    }
    const days = rows.map(({ daysOverdue }) => Number(daysOverdue ?? -1))
    expect(days).toEqual([...days].sort((one, other) => other - one))
    expect(structured.summary).toMatch(
      /^30 running campaigns, \d+ with overdue questionnaires; 600 questionnaires: /,
    )
    expect(text.split('\n')[1]).toBe(
      'id\tname\tdueDate\tdaysOverdue\tquestionnaires\tclosed\topen\toverdue\tunknown',
    )
  })

  test('that are not yet due come by due date', async () => {
    const days = [-9, -3, -200, -40, -3]
    const campaigns = days.map((day, at) => ({ ...drawCampaigns(1, people, 3)[0], id: 10 + at, days: day }))
    const { structured } = await serverOn(campaigns as TestCampaign[]).ask()
    expect(ofKind(structured, 'campaign').map(({ id }) => id)).toEqual(['11', '14', '10', '13', '12'])
  })

  test('states that no page explains count as unknown, and nobody is certainly on time', async () => {
    const [drawn] = drawCampaigns(1, people, 3)
    if (!drawn) throw new Error('none')
    const campaigns = [10, 11].map((id) => ({
      ...drawn,
      id,
      rows: drawn.rows.map((row) => ({ ...row, id: row.id + id, state: 'DELEGATED' })),
    }))
    const { structured } = await serverOn(campaigns).ask()
    expect(structured.summary).toContain(
      '6 questionnaires: 0 closed, 0 open, 0 of them overdue, 6 unknown; late in several: unknown',
    )
    expect(structured.note).toContain('No page says whether state DELEGATED is open')
    expect(ofKind(structured, 'campaign')).toMatchObject([{ unknown: 3 }, { unknown: 3 }])
  })

  test.each<[string, Shape]>([
    ['as the records are in the sandbox', {}],
    ['whose rows show the id of their campaign alone', { campaignOfRow: 'id' }],
    ['whose rows do not show their campaign', { campaignOfRow: 'none' }],
    ['whose rows show no due date', { dueDateOfRow: false }],
    ['whose records show no due date', { dueDateOfCampaign: false }],
    ['whose users show no company', { userCompany: false }],
  ])('%s: who is late in several is as by brute force', async (_what, shape) => {
    const expected = expectedLateInSeveral(thirty)
    expect(expected.size).toBeGreaterThan(30)
    const { structured } = await serverOn(thirty, shape).ask({ late: 200 })
    const rows = ofKind(structured, 'late in several')
    expect(sorted(lateIn(rows))).toEqual(sorted(expected))
    const counts = rows.map(({ campaigns }) => Number(campaigns))
    expect(counts).toEqual([...counts].sort((one, other) => other - one))
    for (const { id, name, company, emailAddress, campaigns, campaignIds } of rows) {
      const person = people.find((each) => String(each.id) === id)
      expect([name, company, emailAddress]).toEqual([
        `${person?.firstName} ${person?.lastName}`,
        person?.company,
        person?.emailAddress,
      ])
      expect(campaigns).toBe((campaignIds as string[]).length)
    }
  })

  test('without recipients in their records: users by name, and namesakes only where it is certain', async () => {
    const { structured, text } = await serverOn(thirty, { recipients: false }).ask({ late: 200 })
    expect(sorted(lateIn(ofKind(structured, 'late in several')))).toEqual(
      sorted(expectedLateInSeveral(thirty, people)),
    )
    expect(text).toContain(
      'Qualys does not show the recipients of 30 campaigns: who they are is from the titles',
    )
    expect(text).toContain('Perhaps late in several as well, since namesakes cannot be told apart: ')
    expect(structured.summary).toMatch(/; late in several: at least \d+ people$/)
  })

  test('without ids in their records: by name, as the reply says', async () => {
    const { structured, text } = await serverOn(thirty, { recipientIds: false }).ask({ late: 200 })
    const rows = ofKind(structured, 'late in several')
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.every(({ id }) => id === '')).toBe(true)
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
    expect(text).toContain(`${rows.length} of those listed are known by name alone`)
  })

  test('takes few calls', async () => {
    const server = serverOn(thirty)
    await server.call({})
    expect(server.sent.map(({ path }) => path.replace(/.*\/saq\//, ''))).toEqual([
      'questionnairecampaign',
      'questionnairecampaign',
      'questionnaire',
    ])
  })

  test('the people go on by token, none twice and none left out', async () => {
    const server = serverOn(thirty)
    const expected = expectedLateInSeveral(thirty)
    const seen: string[] = []
    let continuationToken: string | undefined
    for (let pages = 0; pages === 0 || continuationToken !== undefined; pages++) {
      const args = { late: 25, ...(continuationToken && { continuationToken }) }
      const { structured } = await server.call(args, 'json')
      const rows = ofKind(structured, 'late in several')
      if (pages > 0) {
        expect(structured.summary).toBe(
          `late in several running campaigns ${seen.length + 1}-${seen.length + rows.length} of ${expected.size}, the most first`,
        )
        expect(structured.rows).toHaveLength(rows.length)
      }
      seen.push(...rows.map(({ id }) => String(id)))
      continuationToken = structured.continuationToken
      if (continuationToken) expect(continuationToken.length).toBeLessThanOrEqual(64)
    }
    expect(seen).toHaveLength(expected.size)
    expect(new Set(seen)).toEqual(new Set(expected.keys()))
  })

  test.each([2_000, 3_000, 24_000])(
    'fit %i characters, and no campaign is left out of the sums',
    async (budget) => {
      const server = serverOn(thirty, {}, { QUALYS_REPLY_CHARS: String(budget) })
      const { text, structured } = await server.ask({ late: 200 })
      expect(Math.max(text.length, JSON.stringify(structured).length)).toBeLessThanOrEqual(budget)
      const sum = [...ofKind(structured, 'campaign'), ...ofKind(structured, 'campaigns not shown')]
      expect(sum.reduce((total, { questionnaires }) => total + Number(questionnaires), 0)).toBe(600)
    },
  )

  test('late 0 lists nobody, and gives no token', async () => {
    const { structured, text } = await serverOn(thirty).ask({ late: 0 })
    expect(ofKind(structured, 'late in several')).toEqual([])
    expect(structured).not.toHaveProperty('continuationToken')
    expect(text).toMatch(/; late in several: (at least )?\d+ people\n/)
  })
})

describe('what cannot be read', () => {
  const failure = { status: 500, body: '' }
  const ofQuestionnaires = ({ path }: SentRequest): boolean => path.endsWith('/search/saq/questionnaire')

  test('one campaign: its numbers are "?", and those of the others stand', async () => {
    const onRequest = (sent: SentRequest) =>
      ofQuestionnaires(sent) && /[>,]11[<,]/.test(sent.body) ? failure : undefined
    const { text, structured } = await serverOn(thirty, { onRequest }).ask()
    expect(text).toMatch(/^11\tAudit 1\t[^\t]*\t\d*\t\?\t\?\t\?\t\?\t\?$/m)
    expect(text).toContain('"?": not read, nor counted in any sum: campaigns 11: ')
    expect(structured.summary).toContain('; at least 580 questionnaires: ')
    expect(ofKind(structured, 'campaign').find(({ id }) => id === '11')).not.toHaveProperty('overdue')
  })

  test('every campaign: an error, and no zeros', async () => {
    const onRequest = (sent: SentRequest) => (ofQuestionnaires(sent) ? failure : undefined)
    const { text, isError } = await serverOn(thirty, { onRequest }).call({})
    expect(isError).toBe(true)
    expect(text).not.toMatch(/\d questionnaire/)
  })

  test('a filter by several ids that finds nothing: each campaign is asked for alone', async () => {
    const nothing = {
      body: '<ServiceResponse><responseCode>SUCCESS</responseCode><count>0</count><hasMoreRecords>false</hasMoreRecords></ServiceResponse>',
      contentType: 'application/xml',
    }
    const onRequest = (sent: SentRequest) =>
      ofQuestionnaires(sent) && sent.body.includes(',') ? nothing : undefined
    const { structured } = await serverOn(thirty, { onRequest }).ask()
    expect(structured.summary).toContain('; 600 questionnaires: ')
  })

  test('the users: people are known by name alone', async () => {
    const onRequest = ({ path }: SentRequest) =>
      path.endsWith('/search/saq/user') ? { status: 403, body: '' } : undefined
    const { text } = await serverOn(thirty, { recipients: false, onRequest }).ask()
    expect(text).toContain('The list of users could not be read.')
    expect(text).toContain('are known by name alone')
  })

  test('due dates that no record shows: no zero', async () => {
    const { text, structured } = await serverOn(thirty, {
      dueDateOfRow: false,
      dueDateOfCampaign: false,
    }).ask()
    const open = thirty.flatMap(({ rows }) => rows).filter(isOpen).length
    expect(structured.summary).toContain(
      'open, how many of them are overdue is unknown, 59 unknown; late in several: unknown',
    )
    expect(text).toContain(`Whether ${open} open questionnaires without a due date are late is unknown`)
    for (const row of ofKind(structured, 'campaign')) expect(row).not.toHaveProperty('overdue')
  })
})

describe('no running campaign', () => {
  test('the reply says which there are, with one call more', async () => {
    const ended = thirty.map((campaign, at) => ({ ...campaign, status: at < 4 ? 'INACTIVE' : 'COMPLETE' }))
    const server = serverOn(ended)
    const { text } = await server.call({})
    expect(text).toBe('No campaign is running (status ACTIVE). Of the others: 26 COMPLETE, 4 INACTIVE.')
    expect(server.sent).toHaveLength(2)
  })

  test('nor any other', async () => {
    const { text } = await serverOn([]).ask()
    expect(text).toBe('No campaign is running (status ACTIVE). There is none at all.')
  })
})
