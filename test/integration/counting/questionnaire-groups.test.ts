import { describe, expect } from 'vitest'
import { countBy, type Fact } from '../../support/counting/brute-force.ts'
import {
  ask,
  asName,
  countRequests,
  expectGroups,
  groupsIn,
  testWithPeople as test,
} from '../../support/saq/groups.ts'
import {
  isOpen,
  overdueOf,
  type QuestionnaireFact,
  recipientsOf,
  type SandboxPeople,
  turnOf,
} from '../../support/saq/sandbox-people.ts'

// Questionnaires in groups, counted by brute force from the sandbox's own data, and again where Qualys shows less.

const sample = 640002

describe('questionnaires', () => {
  test('by company and state, of one campaign and in few calls', async ({ sandbox, assistant, people }) => {
    const { companyOf } = recipientsOf(people)
    const rows = people.questionnaires.filter(({ campaignId }) => campaignId === sample)
    const names = [
      asName<QuestionnaireFact>((row) => companyOf(row, 'recipients')),
      ({ state }: Fact) => String(state),
    ]
    const args = { campaignId: [String(sample)], groupBy: ['company', 'state'] }
    expectGroups(await ask(assistant, 'saq_count_questionnaires', args), rows, names)
    expect(await countRequests(sandbox.control)).toBeLessThanOrEqual(3)
    expect(await countRequests(sandbox.control, 'user')).toBe(0)
  })

  test('by company, of all campaigns, with those whose namesakes make it unknown', async ({
    assistant,
    people,
  }) => {
    const { companyOf } = recipientsOf(people)
    const company = asName<QuestionnaireFact>((row) => companyOf(row, 'recipients'))
    const reply = await ask(assistant, 'saq_count_questionnaires', { groupBy: ['company'] })
    expectGroups(reply, people.questionnaires, [company])
    const unknown = people.questionnaires.filter((row) => company(row) === 'unknown').length
    expect(unknown).toBeGreaterThan(0)
    expect(reply.structured.note).toContain(
      `${unknown} questionnaires: users of this name are in different companies`,
    )
  })

  test('by how many different companies, where some are unknown', async ({ assistant, people }) => {
    const { companyOf } = recipientsOf(people)
    const companies = new Set(people.questionnaires.map((row) => companyOf(row, 'recipients')))
    expect(companies.delete('unknown')).toBe(true)
    const { structured } = await ask(assistant, 'saq_count_questionnaires', { distinct: 'company' })
    expect(structured.rows).toEqual([{ count: 3_000, 'different company': `at least ${companies.size}` }])
  })

  test.for([
    { questionnaireCampaign: 'id' },
    { questionnaireCampaign: 'none' },
    { questionnaireDueDate: false },
    { campaignDueDate: false },
  ])('by recipient, turn and days overdue, with %j', async (knobs, { sandbox, assistant, people }) => {
    await sandbox.control.knobs(knobs)
    const now = Date.now()
    const { nameOf } = recipientsOf(people)
    const rows = people.questionnaires.filter(({ campaignId }) => campaignId === sample)
    const of = (groupBy: string[]) =>
      ask(assistant, 'saq_count_questionnaires', { campaignId: [String(sample)], groupBy })
    expectGroups(await of(['recipient']), rows, [asName(nameOf)])
    expectGroups(await of(['turn', 'overdueDays']), rows, [
      asName(turnOf),
      asName<QuestionnaireFact>((row) => overdueOf(row, now)),
    ])
    expectGroups(await of(['campaign.name']), rows, [() => 'Vendor risk 2026'])
  })

  test('by state and risk, as the rows show them', async ({ assistant, people }) => {
    expectGroups(
      await ask(assistant, 'saq_count_questionnaires', { groupBy: ['state', 'risk'] }),
      people.questionnaires,
      [({ state }) => String(state), ({ risk }) => String(risk ?? '')],
    )
  })

  test.for([{}, { questionnaireDueDate: false }])(
    'that are late, or not, with %j',
    async (knobs, { sandbox, assistant, people }) => {
      await sandbox.control.knobs(knobs)
      const now = Date.now()
      for (const late of [true, false]) {
        const rows = people.questionnaires.filter((row) => isOpen(row) && row.dueDate < now === late)
        expect(rows.length).toBeGreaterThan(0)
        const counted = await ask(assistant, 'saq_count_questionnaires', { late })
        const unknown = people.questionnaires.filter((row) => turnOf(row) === 'unknown').length
        expect(counted.structured.rows).toEqual([{ count: rows.length, unknown }])
        const { text } = await assistant.call('saq_search_questionnaires', { late, pageSize: 5 })
        expect(text).toContain(`5 of ${rows.length} matches, ${unknown} unknown in 3,000 of 3,000 scanned`)
      }
    },
  )

  test('are neither late nor in time if no record shows when they are due', async ({
    sandbox,
    assistant,
    people,
  }) => {
    await sandbox.control.knobs({ questionnaireDueDate: false, campaignDueDate: false })
    const unknown = people.questionnaires.filter((row) => isOpen(row) || turnOf(row) === 'unknown').length
    const reply = await ask(assistant, 'saq_count_questionnaires', { late: true })
    expect(reply.structured.rows).toEqual([{ count: 0, unknown }])
    expect(reply.structured.note).toContain(`${unknown} rows do not show a due date`)
    const days = await ask(assistant, 'saq_count_questionnaires', { groupBy: ['overdueDays'] })
    expect(groupsIn(days).get('["unknown"]')).toBe(unknown)
  })

  test('by company, where campaigns do not show their recipients', async ({ sandbox, assistant, people }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden' })
    const { companyOf } = recipientsOf(people)
    const reply = await ask(assistant, 'saq_count_questionnaires', { groupBy: ['company'] })
    expectGroups(reply, people.questionnaires, [asName<QuestionnaireFact>((row) => companyOf(row, 'users'))])
    expect(reply.structured.note).toContain(
      '3,000 questionnaires: Qualys shows no recipients of the campaign, so the company is that of the user with the name.',
    )
    // The campaigns and one of them, five thousand users, three thousand questionnaires.
    expect(await countRequests(sandbox.control)).toBeLessThanOrEqual(12)
  })

  test.for([{}, { campaignRecipients: 'hidden' }])(
    'of one company, with %j',
    async (knobs, { sandbox, assistant, people }) => {
      await sandbox.control.knobs(knobs)
      const { companyOf } = recipientsOf(people)
      const source = 'campaignRecipients' in knobs ? 'users' : 'recipients'
      const counts = countBy(people.questionnaires, [
        asName<QuestionnaireFact>((row) => companyOf(row, source)),
      ])
      const of = (name: string): number => counts.get(JSON.stringify([name])) ?? 0
      const [count, unknown] = [of('Quantum Cloud'), of('unknown')]
      const shownUnknown = unknown.toLocaleString('en')
      expect(count).toBeGreaterThan(20)
      expect(unknown).toBeGreaterThan(20)
      const company = ' quantum  cloud'
      const reply = await ask(assistant, 'saq_count_questionnaires', { company })
      expect(reply.structured.rows).toEqual([{ count, unknown }])
      expect(reply.structured.note).toContain(
        `${shownUnknown} rows do not show the company of their recipient`,
      )
      const { text } = await assistant.call('saq_search_questionnaires', { company, pageSize: 5 })
      expect(text).toContain(`5 of ${count} matches, ${shownUnknown} unknown in 3,000 of 3,000 scanned`)
      const { structured } = await ask(assistant, 'saq_count_questionnaires', { company: 'Quantum' })
      expect(structured.rows).toEqual([{ count: 0, unknown }])
      expect(structured.note).toMatch(
        /No recipient whose company is known is of "Quantum"; the nearest: .*"Quantum Cloud"/,
      )
    },
  )

  test('of one company are unknown, where no record shows one', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden', userGroupFields: false })
    const reply = await ask(assistant, 'saq_count_questionnaires', { company: 'Quantum Cloud' })
    expect(reply.structured.rows).toEqual([{ count: 0, unknown: 3_000 }])
    expect(reply.structured.note).toContain('saq_search_users with companyContains shows how it is written.')
  })

  test('by company, where no record shows one', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden', userGroupFields: false })
    const reply = await ask(assistant, 'saq_count_questionnaires', { groupBy: ['company'] })
    const groups = groupsIn(reply)
    expect([...groups]).toEqual([['["unknown"]', 3_000]])
    expect(reply.structured.note).toMatch(/no record shows the company of the recipient/)
  })

  test.for(['questionnairecampaign', 'user'])(
    'by company, where %s cannot be read',
    async (path, { sandbox, assistant }) => {
      await sandbox.control.knobs({ campaignRecipients: 'hidden' })
      await sandbox.control.faults([
        { route: `POST /qps/rest/1.0/search/saq/${path}`, kind: 'status', status: 403 },
      ])
      const reply = await ask(assistant, 'saq_count_questionnaires', { groupBy: ['company'] })
      expect([...groupsIn(reply).values()].reduce((sum, count) => sum + count, 0)).toBe(3_000)
      expect(reply.structured.note).toContain(
        path === 'user' ? 'The list of users could not be read.' : 'The list of campaigns could not be read.',
      )
    },
  )
})

describe('one call', () => {
  test('tells who is late in several campaigns', async ({ sandbox, assistant, people }) => {
    const now = Date.now()
    const { nameOf, companyOf } = recipientsOf(people)
    const campaigns = new Map<string, Set<number>>()
    for (const row of people.questionnaires)
      if (isOpen(row) && row.dueDate < now) {
        const key = JSON.stringify([nameOf(row), companyOf(row, 'recipients')])
        campaigns.set(key, (campaigns.get(key) ?? new Set()).add(row.campaignId))
      }
    const several = [...campaigns].filter(([, ids]) => ids.size > 1).map(([key, { size }]) => [key, size])
    expect(several.length).toBeGreaterThan(3)
    const groupBy = ['recipient', 'company']
    const args = { late: true, groupBy, distinct: 'campaign.id', min: 2 }
    const { structured } = await ask(assistant, 'saq_count_questionnaires', args)
    const shown = structured.rows.map(({ recipient, company, ...counts }) => [
      JSON.stringify([recipient, company]),
      counts['different campaign.id'],
    ])
    expect(shown.sort()).toEqual(several.sort())
    expect(await countRequests(sandbox.control)).toBeLessThanOrEqual(5)
    const { text } = await assistant.call('saq_count_questionnaires', args)
    // About 3,000 tokens.
    expect(text.length).toBeLessThan(9_000)
  })

  test('tells who of the recipients of a campaign answered, by company', async ({ assistant, people }) => {
    const { nameOf, companyOf } = recipientsOf(people)
    const rows = people.questionnaires.filter(({ campaignId }) => campaignId === sample)
    const args = { campaignId: [String(sample)], groupBy: ['company', 'state', 'recipient'] }
    expectGroups(await ask(assistant, 'saq_count_questionnaires', args), rows, [
      asName<QuestionnaireFact>((row) => companyOf(row, 'recipients')),
      ({ state }) => String(state),
      asName(nameOf),
    ])
    const { text } = await assistant.call('saq_count_questionnaires', args)
    expect(text.length).toBeLessThan(9_000)
  })
})

test.for(['saq_count_questionnaires', 'saq_count_campaigns', 'saq_count_users'])(
  '%s without groups is the count of Qualys, in one call',
  async (tool, { sandbox, assistant, people }) => {
    const { text } = await assistant.call(tool)
    const count = people[tool.replace('saq_count_', '') as keyof SandboxPeople].length
    expect(text).toContain(`count: ${count}`)
    expect(await countRequests(sandbox.control)).toBe(1)
  },
)
