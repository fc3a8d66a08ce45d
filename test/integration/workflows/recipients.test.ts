import { describe, expect } from 'vitest'
import type { Assistant, ToolReply } from '../../support/assistant.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import {
  type ExpectedRecipient,
  expectedRecipients,
  type RecipientRow,
  shownRecipient,
  shownRow,
} from '../../support/saq/expected-recipients.ts'
import { countRequests, testWithPeople as test } from '../../support/saq/groups.ts'
import {
  type CampaignFact,
  type QuestionnaireFact,
  type SandboxPeople,
  shown,
  turnOf,
} from '../../support/saq/sandbox-people.ts'

// Recipients of campaigns as a list, compared with the sandbox's own data, and again where Qualys shows less.

const tool = 'saq_list_recipients'
const fields = ['*']

/** All rows, page by page. */
async function rowsOf(
  assistant: Assistant,
  args: object,
): Promise<{ rows: RecipientRow[]; replies: ToolReply[] }> {
  const rows: RecipientRow[] = []
  const replies: ToolReply[] = []
  for (let continuationToken: string | undefined; ; ) {
    const more = continuationToken && { continuationToken }
    const reply = await assistant.call(tool, { fields, pageSize: 200, ...args, ...more }, 'json')
    expect(reply.isError, reply.text).toBe(false)
    rows.push(...reply.structured.rows)
    replies.push(reply)
    continuationToken = reply.structured.continuationToken
    if (continuationToken === undefined) return { rows, replies }
  }
}

const campaignOf = ({ campaigns }: SandboxPeople, id: number): CampaignFact => {
  const campaign = campaigns.find((one) => one.id === id)
  if (!campaign) throw new Error(`there is no campaign ${id}`)
  return campaign
}

const summaryOf = ({ structured }: ToolReply): string => structured.summary.replace(/^sandbox: /, '')

describe('from the record', () => {
  test('of campaigns in every state, with namesakes', async ({ assistant, people }) => {
    const states = new Set<unknown>()
    const ofEach = ['INACTIVE', 'COMPLETE', 'CANCELED'].map((word) =>
      people.campaigns.find(({ status }) => status === word),
    )
    const empty = people.campaigns.find(({ recipientIds }) => recipientIds.length === 0)
    const some = [campaignOf(people, 640002), empty, ...ofEach].flatMap((campaign) => campaign ?? [])
    expect(some).toHaveLength(5)
    for (const campaign of some) {
      const expected = expectedRecipients(people, campaign, Date.now())
      const { rows, replies } = await rowsOf(assistant, { campaignId: campaign.id })
      expect(rows.map(shownRow)).toEqual(expected.map(shownRecipient))
      for (const { state } of rows) states.add(state)
      const [first] = replies
      const shownRows = expected.length > 200 ? 200 : expected.length
      expect(first && summaryOf(first)).toMatch(
        expected.length === 0
          ? /^no recipients of campaign \d+ ".*" found, from its record/
          : ` 1-${shownRows} of ${expected.length}, from its record`,
      )
    }
    expect([...states].sort()).toEqual(
      [
        'APPROVAL',
        'CANCELED',
        'CLOSED',
        'INCOMPLETE',
        'INFORMATION_GATHERING',
        'NOT_SENT',
        'REVIEW',
        'unknown',
      ].sort(),
    )
  })

  test('the first page counts all of the list, the others none of it', async ({ assistant, people }) => {
    const counts = new Map<string, number>()
    for (const { state } of expectedRecipients(people, campaignOf(people, 640002), Date.now()))
      counts.set(state, (counts.get(state) ?? 0) + 1)
    const { replies } = await rowsOf(assistant, { campaignId: 640002 })
    const [first = '', ...others] = replies.map(summaryOf)
    for (const [state, count] of counts)
      expect(first).toMatch(new RegExp(`of the 420: .*\\b${count} ${state}\\b`))
    for (const other of others) expect(other).not.toContain('of the 420:')
  })

  test('small pages cost the calls of one reading', async ({ sandbox, assistant, people }) => {
    const campaign = campaignOf(people, 640002)
    const { rows, replies } = await rowsOf(assistant, { campaignId: 640002, pageSize: 30 })
    expect(rows.map(shownRow)).toEqual(expectedRecipients(people, campaign, Date.now()).map(shownRecipient))
    expect(replies.length).toBe(Math.ceil(campaign.recipientIds.length / 30))
    expect(await countRequests(sandbox.control, '')).toBeLessThanOrEqual(3)
    const ranges = replies.map((reply) => / (\d+)-\d+ of 420, from its record/.exec(summaryOf(reply))?.[1])
    expect(ranges).toEqual(replies.map((_, page) => String(page * 30 + 1)))
  })

  test.for([
    [
      'state',
      ['CLOSED', 'NOT_SENT'],
      ({ state }: ExpectedRecipient) =>
        state === 'unknown' ? state : ['CLOSED', 'NOT_SENT'].includes(state),
    ],
    [
      'state',
      ['incomplete'],
      ({ state }: ExpectedRecipient) => (state === 'unknown' ? state : state === 'INCOMPLETE'),
    ],
    ['late', true, ({ late }: ExpectedRecipient) => late],
    [
      'late',
      false,
      ({ late, turn }: ExpectedRecipient) =>
        late === false && turn === 'unknown'
          ? turn
          : late === false
            ? turn !== 'nobody'
            : late === 'unknown' && late,
    ],
  ] as const)('the filter %s %s', async ([name, value, verdict], { assistant, people }) => {
    const expected = expectedRecipients(people, campaignOf(people, 640002), Date.now())
    const verdicts = expected.map(verdict)
    const { rows, replies } = await rowsOf(assistant, { campaignId: 640002, [name]: value })
    expect(rows.map(shownRow)).toEqual(expected.filter((_, at) => verdicts[at] === true).map(shownRecipient))
    const unknown = verdicts.filter((one) => one === 'unknown').length
    expect(unknown).toBeGreaterThan(0)
    const [first] = replies
    expect(first && summaryOf(first)).toContain(`, ${unknown} unknown in 420 of 420 scanned, from its record`)
    expect(first?.structured.note).toContain('Why: ')
    expect(first?.structured.note).toContain(
      'others have the same name, so whose questionnaire is whose is unknown',
    )
  })

  test('a state that does not exist is refused with those that do', async ({ assistant }) => {
    const { text, isError } = await assistant.call(tool, { campaignId: 640002, state: 'in review' })
    expect([isError, text]).toEqual([true, expect.stringContaining('NOT_SENT')])
  })

  test('of each company, in any case', async ({ assistant, people }) => {
    const expected = expectedRecipients(people, campaignOf(people, 640002), Date.now())
    const companies = [...new Set(expected.map(({ person }) => shown(person.company)))].slice(0, 5)
    expect(companies.length).toBe(5)
    for (const company of companies) {
      const { rows } = await rowsOf(assistant, { campaignId: 640002, company: company.toUpperCase() })
      const own = expected.filter(({ person }) => shown(person.company) === company)
      expect(rows.map(shownRow)).toEqual(own.map(shownRecipient))
    }
    const { structured } = await assistant.call(tool, { campaignId: 640002, company: 'Nobody & Co' }, 'json')
    expect(structured.rows).toEqual([])
    expect(structured.note).toBe(
      'No recipient looked at is of "Nobody & Co". saq_search_users with companyContains shows how it is written.',
    )
  })

  test('of a company that nobody is of: the nearest ones of the campaign', async ({ assistant }) => {
    const args = { campaignId: 640002, company: 'Delta Cloud' }
    const { text } = await assistant.call(tool, args)
    expect(text).toContain('No recipient looked at is of "Delta Cloud"; the nearest: "Delta Analytics", ')
  })

  test('of a company, the pages behind its last one do not say that nobody is of it', async ({
    assistant,
  }) => {
    const args = { campaignId: 640002, company: 'Delta Analytics', pageSize: 1 }
    const { replies } = await rowsOf(assistant, args)
    expect(replies.at(-1)?.structured.rows).toEqual([])
    for (const { text } of replies) expect(text).not.toContain('No recipient')
  })
})

describe('where Qualys shows less', () => {
  const ofCampaign = ({ questionnaires }: SandboxPeople, id: number): QuestionnaireFact[] =>
    questionnaires.filter(({ campaignId }) => campaignId === id)

  test('no recipients: one row for each questionnaire, by the name in its title', async ({
    sandbox,
    assistant,
    people,
  }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden' })
    const { rows, replies } = await rowsOf(assistant, { campaignId: 640002 })
    const own = ofCampaign(people, 640002)
    expect(rows).toHaveLength(own.length)
    const byName = (id: number): SandboxPeople['users'] => {
      const person = people.users.find((user) => user.id === id)
      return people.users.filter(
        ({ firstName, lastName }) =>
          `${firstName} ${lastName}`.toLowerCase() ===
          `${person?.firstName} ${person?.lastName}`.toLowerCase(),
      )
    }
    const byId = new Map(own.map((one) => [String(one.id), one]))
    let several = 0
    for (const row of rows) {
      const questionnaire = byId.get(String(row['questionnaireId']))
      if (!questionnaire) throw new Error('a row of no questionnaire')
      expect([row['state'], row['turn']]).toEqual([questionnaire.state, turnOf(questionnaire)])
      const users = byName(questionnaire.recipientId)
      if (users.length > 1) several++
      expect(row['id']).toBe(users.length === 1 ? String(questionnaire.recipientId) : undefined)
      const companies = new Set(users.map(({ company }) => shown(company)))
      expect(row['company'] === undefined ? undefined : shown(row['company'])).toBe(
        companies.size === 1 ? [...companies][0] : undefined,
      )
    }
    expect(several).toBeGreaterThan(0)
    const [first] = replies
    expect(first && summaryOf(first)).toContain(', from the titles of its questionnaires')
    expect(first?.structured.note).toMatch(
      /those to whom nothing was sent are not listed.*|several users have the name/,
    )
  })

  test('neither recipients nor questionnaires: who they are is unknown, and no zero', async ({
    sandbox,
    assistant,
  }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden' })
    for (const call of [
      assistant.call(tool, { campaignId: 1111001 }),
      assistant.call('qualys_export', { tool, arguments: { campaignId: 1111001 }, format: 'csv' }),
    ]) {
      const { text, isError } = await call
      expect(isError).toBe(true)
      expect(text).toContain('Who the recipients of campaign 1111001 are is unknown')
    }
  })

  test.for([
    { questionnaireCampaign: 'id' },
    { questionnaireCampaign: 'none' },
    { questionnaireDueDate: false },
  ])('questionnaires with %o: the campaign tells the rest', async (knobs, { sandbox, assistant, people }) => {
    await sandbox.control.knobs(knobs)
    const { rows } = await rowsOf(assistant, { campaignId: 640002 })
    const expected = expectedRecipients(people, campaignOf(people, 640002), Date.now())
    expect(rows.map(shownRow)).toEqual(expected.map(shownRecipient))
  })

  test('no due date anywhere: whether open ones are late is unknown', async ({
    sandbox,
    assistant,
    people,
  }) => {
    await sandbox.control.knobs({ campaignDueDate: false, questionnaireDueDate: false })
    const { rows, replies } = await rowsOf(assistant, { campaignId: 640002 })
    const expected = expectedRecipients(people, campaignOf(people, 640002), Date.now())
    const open = expected.map(({ turn }) => ['recipient', 'reviewer', 'approver', 'unknown'].includes(turn))
    expect(rows.map(({ daysOverdue }) => daysOverdue === 'unknown')).toEqual(open)
    expect(replies[0]?.structured.note).toContain('no record shows the due date')
  })

  test('questionnaires that may not be read: states are unknown', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([
      { kind: 'status', status: 403, route: 'POST /qps/rest/1.0/search/saq/questionnaire' },
    ])
    const { structured } = await assistant.call(tool, { campaignId: 640002, state: ['NOT_SENT'] }, 'json')
    expect(structured.rows).toEqual([])
    expect(structured.summary).toContain('0 matches, 420 unknown in 420')
    expect(structured.note).toContain('Not all questionnaires could be read')
    const draft = await assistant.call(tool, { campaignId: 1111001, state: ['NOT_SENT'] }, 'json')
    expect(draft.structured.summary).toContain('60 matches in 60')
  })

  test('neither recipients nor users: names from the titles, and why there is no more', async ({
    sandbox,
    assistant,
    people,
  }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden' })
    await sandbox.control.faults([
      { kind: 'status', status: 403, route: 'POST /qps/rest/1.0/search/saq/user' },
    ])
    const { rows, replies } = await rowsOf(assistant, { campaignId: 640002 })
    expect(rows).toHaveLength(ofCampaign(people, 640002).length)
    expect(rows.every(({ name, id }) => typeof name === 'string' && id === undefined)).toBe(true)
    expect(replies[0]?.structured.note).toContain('The list of users could not be read.')
    const { structured } = await assistant.call(
      tool,
      { campaignId: 640002, company: 'Delta Analytics' },
      'json',
    )
    expect(structured.summary).toContain('0 matches, 420 unknown')
  })

  test('a campaign that does not exist is refused as by saq_get_campaign', async ({ assistant }) => {
    const { text, isError } = await assistant.call(tool, { campaignId: 5 })
    expect([isError, text]).toEqual([
      true,
      (await assistant.call('saq_get_campaign', { campaignId: 5 })).text,
    ])
  })
})

const changing = testOn({ jobs: 10 }, unattendedSettings)

changing('after an effect the next page by token is read anew', async ({ assistant }) => {
  const args = { campaignId: 1111001, pageSize: 5 }
  const first = await assistant.call(tool, args, 'json')
  expect(first.structured.rows.map(({ state }) => state)).toEqual(Array(5).fill('NOT_SENT'))
  const launched = await assistant.call('saq_launch_campaign', { campaignId: 1111001 })
  expect(launched.isError, launched.text).toBe(false)
  const more = { ...args, continuationToken: first.structured.continuationToken }
  const second = await assistant.call(tool, more, 'json')
  expect(second.structured.rows.map(({ state }) => state)).toEqual(Array(5).fill('INFORMATION_GATHERING'))
})

changing(
  'the next page by token goes on after the last row, though rows before it are gone',
  async ({ assistant }) => {
    const args = { campaignId: 1111001, pageSize: 5 }
    const all = await assistant.call(tool, { ...args, pageSize: 12 }, 'json')
    const ids = all.structured.rows.map(({ id }) => id)
    const first = await assistant.call(tool, args, 'json')
    const remove = async (...removeRecipientIds: unknown[]) => {
      const removed = await assistant.call('saq_update_campaign', { campaignId: 1111001, removeRecipientIds })
      expect(removed.isError, removed.text).toBe(false)
    }
    await remove(ids[0], ids[2])
    const more = { ...args, continuationToken: first.structured.continuationToken }
    const second = await assistant.call(tool, more, 'json')
    expect(second.structured.rows.map(({ id }) => id)).toEqual(ids.slice(5, 10))
    expect(second.structured.note).toBeUndefined()
    await remove(ids[9])
    const last = { ...args, continuationToken: second.structured.continuationToken }
    const third = await assistant.call(tool, last, 'json')
    expect(third.structured.note).toContain('The list has changed since the page before')
  },
)
