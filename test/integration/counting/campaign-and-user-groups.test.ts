import { describe, expect } from 'vitest'
import type { Fact, GroupName } from '../../support/counting/brute-force.ts'
import {
  ask,
  countRequests,
  expectGroups,
  groupsIn,
  testWithPeople as test,
} from '../../support/saq/groups.ts'
import { type Person, rangeOf, recipientsOf, shown } from '../../support/saq/sandbox-people.ts'

// Campaigns and users in groups, counted by brute force from the sandbox's own data, and again where Qualys shows less.

describe('campaigns', () => {
  test('by company, once under each', async ({ assistant, people }) => {
    const { companiesOf } = recipientsOf(people)
    const rows = people.campaigns.flatMap((campaign) => {
      const companies = [...companiesOf(campaign)]
      return (companies.length > 0 ? companies : ['no recipients']).map((company) => ({ company }))
    })
    const reply = await ask(assistant, 'saq_count_campaigns', { groupBy: ['company'] })
    expectGroups(reply, rows, [({ company }) => String(company)])
    expect(reply.structured.note).toMatch(/\d+ campaigns with several values: counted once under each\./)
  })

  test('by status and days overdue', async ({ sandbox, assistant, people }) => {
    const now = Date.now()
    const names: GroupName[] = [
      ({ status }) => String(status),
      ({ status, dueDate }) => (status === 'ACTIVE' ? rangeOf(Number(dueDate), now) : 'not overdue'),
    ]
    const groupBy = ['status', 'overdueDays']
    expectGroups(await ask(assistant, 'saq_count_campaigns', { groupBy }), people.campaigns, names)
    await sandbox.control.knobs({ campaignDueDate: false })
    const groups = groupsIn(await ask(assistant, 'saq_count_campaigns', { groupBy }))
    const active = people.campaigns.filter(({ status }) => status === 'ACTIVE').length
    expect(groups.get('["ACTIVE","unknown"]')).toBe(active)
  })

  test('by company are unknown where they do not show their recipients', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ campaignRecipients: 'hidden' })
    const reply = await ask(assistant, 'saq_count_campaigns', { groupBy: ['company'] })
    expect([...groupsIn(reply)]).toEqual([['["unknown"]', 40]])
    expect(reply.structured.note).toContain('saq_count_questionnaires with groupBy')
  })

  test('different companies are counted without the words for none', async ({ assistant, people }) => {
    const { companiesOf } = recipientsOf(people)
    const companies = new Set(people.campaigns.flatMap((campaign) => [...companiesOf(campaign)]))
    const { structured } = await ask(assistant, 'saq_count_campaigns', { distinct: 'company' })
    expect(structured.rows).toEqual([{ count: 40, 'different company': companies.size }])
    const without = people.campaigns.filter((campaign) => [...companiesOf(campaign)].length === 0).length
    expect(without).toBeGreaterThan(0)
    expect(structured.note).toContain(
      without === 1 ? '1 campaign without company is' : `${without} campaigns without company are`,
    )
  })

  test('by template and workflow, as the rows show them', async ({ assistant, people }) => {
    expectGroups(
      await ask(assistant, 'saq_count_campaigns', { groupBy: ['template.name', 'workflowType'] }),
      people.campaigns,
      [({ template }) => String((template as Fact)['name']), ({ workflowType }) => String(workflowType)],
    )
  })
})

describe('users', () => {
  test('by company and title', async ({ assistant, people }) => {
    const args = { groupBy: ['company', 'title'], companyContains: 'Cloud' }
    expectGroups(
      await ask(assistant, 'saq_count_users', args),
      people.users.filter(({ company }) => company.toLowerCase().includes('cloud')),
      [({ company }) => shown(company), ({ title }) => String(title ?? '')],
    )
  })

  test('by tag, once under each', async ({ sandbox, assistant, people }) => {
    const rows = people.users.flatMap(({ tags }) =>
      (tags.length > 0 ? tags : [{ name: 'no tags' }]).map(({ name }) => ({ name })),
    )
    const reply = await ask(assistant, 'saq_count_users', { groupBy: ['tags.name'] })
    expectGroups(reply, rows, [({ name }) => String(name)])
    expect(await countRequests(sandbox.control)).toBeLessThanOrEqual(7)
  })

  test('different tags are counted without the word for none', async ({ assistant, people }) => {
    const tags = new Set(people.users.flatMap(({ tags }) => tags.map(({ name }) => name)))
    const { structured } = await ask(assistant, 'saq_count_users', { distinct: 'tags.name' })
    expect(structured.rows).toEqual([{ count: people.users.length, 'different tags.name': tags.size }])
    expect(structured.note).toMatch(/\d+ users without tags\.name are in no number of it/)
  })

  const withoutTag = (users: readonly Person[], tag: string): number =>
    users.filter(({ tags }) => (tag === '*' ? tags.length === 0 : tags.every(({ name }) => name !== tag)))
      .length

  test.for(['PCI scope', 'Payroll & HR', '*'])(
    'without the tag %s',
    async (tag, { sandbox, assistant, people }) => {
      const expected = withoutTag(people.users, tag)
      expect(expected).toBeGreaterThan(0)
      for (const tagLists of ['plain', 'wrapped']) {
        await sandbox.control.knobs({ tagLists })
        const { structured } = await ask(assistant, 'saq_count_users', { withoutTag: tag })
        expect(structured.rows).toEqual([{ count: expected }])
        const { text } = await assistant.call('saq_search_users', { withoutTag: tag, pageSize: 2 })
        expect(text).toContain(
          `users: 2 of ${expected.toLocaleString('en')} matches in 5,000 of 5,000 scanned`,
        )
      }
    },
  )

  test('without a tag are unknown where no record shows tags', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ userGroupFields: false })
    const { structured } = await ask(assistant, 'saq_count_users', { withoutTag: '*' })
    expect(structured.note).toContain('5,000 rows do not show their tags')
    const { text } = await assistant.call('saq_search_users', { withoutTag: 'PCI scope' })
    expect(text).toContain('0 matches, 5,000 unknown in 5,000 of 5,000 scanned')
    const byTag = await ask(assistant, 'saq_count_users', { groupBy: ['tags.name'] })
    expect([...groupsIn(byTag)]).toEqual([['["(not shown)"]', 5_000]])
  })
})
