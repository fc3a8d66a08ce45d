import { describe, expect, test } from 'vitest'
import { CampaignTally } from '../../../src/tools/effects/targets/campaign-tally.ts'
import type { Target } from '../../../src/tools/effects/targets/lookup.ts'
import type { SaqTargets } from '../../../src/tools/effects/targets/saq-targets.ts'
import { linesIn } from '../../support/consent/previews.ts'
import { inactive, lookedUp, peopleOf, saqPartsOf } from '../../support/consent/saq-targets.ts'

// What a preview shows of templates, campaigns and people.

const companies = (noun: string, ...rows: readonly (readonly [company: string, people: string])[]) => ({
  label: `companies of the ${noun}`,
  columns: ['company', 'people'],
  rows,
})
/** People without their companies. */
const rowsOf = (noun: string, ...ids: readonly string[]) => ({
  label: noun,
  columns: ['id', 'name', 'company', 'address'],
  rows: ids.map((id) => [id, `Ann L${id}`, 'Acme', `${id}@acme.example`]),
})

describe('people', () => {
  test('are counted by company and shown by id, name, company and address', () => {
    expect(
      saqPartsOf({ newRecipients: peopleOf(2) }, { recipients: { into: 'recipientIds' } }).lines,
    ).toEqual([companies('recipients', ['Acme', '2 people']), rowsOf('recipients', '1', '2')])
  })

  test('are new recipients of an existing campaign', () => {
    const { lines } = saqPartsOf({ campaigns: [inactive], newRecipients: peopleOf(1) }, { campaigns: ['9'] })
    expect(lines.at(-1)).toEqual(rowsOf('new recipients', '1'))
  })

  test('without a field have nothing in its place', () => {
    expect(linesIn(saqPartsOf({ reviewer: { id: '5' } }).lines)).toEqual(['reviewer: "5", "", "", ""'])
    const nameless = { firstName: '', lastName: 'Last', company: 7, emailAddress: null }
    expect(saqPartsOf({ approver: lookedUp('5', nameless) }).lines).toEqual([
      { label: 'approver', values: ['5', 'Last', '', ''] },
    ])
  })

  test.each([
    ['newRecipients', 'recipients'],
    ['currentRecipients', 'recipients'],
    ['removedRecipients', 'recipients to remove'],
  ])('are all shown, however many: %s', (list, noun) => {
    for (const count of [1, 10, 11, 101, 1_000]) {
      const people = peopleOf(count)
      const { lines } = saqPartsOf({ [list]: people })
      expect(lines.at(-1)).toEqual(rowsOf(noun, ...people.map(({ id }) => id)))
      expect(lines).toHaveLength(2)
    }
  })

  test('that are changed themselves are shown with title and tags', () => {
    const users = [
      lookedUp('1', {
        firstName: 'Ann',
        company: 'Acme',
        title: 'CISO',
        tags: [{ name: 'EMEA' }, { name: 'Two' }],
      }),
      lookedUp('2', { firstName: 'Bo' }),
    ]
    expect(saqPartsOf({ users }).lines.at(-1)).toEqual({
      label: 'users',
      columns: ['id', 'name', 'company', 'address', 'title', 'tags'],
      rows: [
        ['1', 'Ann', 'Acme', '', 'CISO', 'EMEA, Two'],
        ['2', 'Bo', '', '', '', ''],
      ],
    })
  })

  test('of many companies: each of them is counted', () => {
    const { lines } = saqPartsOf({
      newRecipients: peopleOf(13, (at) => `C${String(Math.max(0, at - 1)).padStart(2, '0')}`),
    })
    const rows = Array.from(
      { length: 11 },
      (_, at) => [`C${String(at + 1).padStart(2, '0')}`, '1 person'] as const,
    )
    expect(lines[0]).toEqual(companies('recipients', ['C00', '2 people'], ...rows))
  })

  test('are grouped by size, then by the name of the company', () => {
    const names = ['b', 'a', 'c', 'c', 'b', '']
    const { lines } = saqPartsOf({ newRecipients: peopleOf(6, (at) => names[at] ?? '') })
    expect(lines[0]).toEqual(
      companies('recipients', ['b', '2 people'], ['c', '2 people'], ['', '1 person'], ['a', '1 person']),
    )
  })

  test('of no company that Qualys shows are counted', () => {
    expect(saqPartsOf({ newRecipients: peopleOf(2, () => '') }).lines[0]).toEqual(
      companies('recipients', ['', '2 people']),
    )
  })

  test.each([
    [1, '1 recipient already there: not sent again'],
    [2, '2 recipients already there: not sent again'],
  ])('that are recipients already are counted: %i', (already, line) => {
    expect(saqPartsOf({ existingRecipientCount: already }).lines).toEqual([line])
  })
})

describe('new users', () => {
  const user = { firstName: 'Ann', lastName: 'Lee', company: 'Acme', emailAddress: 'ann@acme.example' }

  test('are each shown in full', () => {
    const users = [user, { ...user, title: 'CISO', tags: ['EMEA', 'APAC'] }]
    const { lines, counts } = saqPartsOf({}, {}, { users })
    expect(counts).toEqual(['2 users'])
    expect(lines).toEqual([
      companies('users', ['Acme', '2 people']),
      {
        label: 'users',
        columns: ['name', 'company', 'address', 'title', 'tags'],
        rows: [
          ['Ann Lee', 'Acme', 'ann@acme.example', '', ''],
          ['Ann Lee', 'Acme', 'ann@acme.example', 'CISO', 'EMEA, APAC'],
        ],
      },
    ])
  })

  test('have tags that are told apart, whatever their names hold', () => {
    const lists = [['a', 'b'], ['a, b'], ['["a', 'b"]'], ['["a, b"]']]
    const cells = lists.map((tags) =>
      JSON.stringify(saqPartsOf({}, {}, { users: [{ ...user, tags }] }).lines[1]),
    )
    expect(cells[0]).toContain('"a, b"')
    expect(new Set(cells).size).toBe(lists.length)
  })

  test.each([
    ['neither titles nor tags', {}, []],
    ['a title', { title: 'CISO' }, ['title']],
    ['a tag', { tags: ['CISO'] }, ['tags']],
  ])('with %s have columns for no more', (_what, more, columns) => {
    expect(saqPartsOf({}, {}, { users: [user, { ...user, ...more }] }).lines[1]).toMatchObject({
      columns: ['name', 'company', 'address', ...columns],
    })
  })

  test('have an address that is shown to its end, since its end decides', () => {
    const emailAddress = `cfo@${'bank.example.com.'.repeat(5)}attacker.example`
    expect(JSON.stringify(saqPartsOf({}, {}, { users: [{ ...user, emailAddress }] }).lines)).toContain(
      'attacker.example',
    )
  })
})

describe('a campaign', () => {
  test('is shown by name, state, workflow, date, template and who reviews and approves', () => {
    const row = {
      name: 'Round 1',
      status: 'INACTIVE',
      workflowType: 'FULL',
      dueDate: '2096-12-31T23:59:59Z',
      template: { id: '7', name: 'Suppliers' },
      reviewer: { id: '3', firstName: 'Ravi', lastName: 'Iyer', company: 'X', emailAddress: 'r@x.example' },
      approver: { id: '4' },
    }
    expect(linesIn(saqPartsOf({ campaigns: [lookedUp('9', row)] }).lines)).toEqual([
      'campaign 9: "Round 1"',
      '  state: "INACTIVE"',
      '  workflow: "FULL"',
      '  due: "2096-12-31T23:59:59Z"',
      '  template: "7", "Suppliers"',
      '  reviewer: "3", "Ravi Iyer", "X", "r@x.example"',
      '  approver: "4", "", "", ""',
    ])
  })

  test('lists what Qualys does not show of it', () => {
    const { lines } = saqPartsOf({ campaigns: [lookedUp('9', { template: 'x', reviewer: null })] })
    expect(linesIn(lines)).toEqual([
      'campaign 9: ""',
      '  state: not shown by Qualys',
      '  workflow: not shown by Qualys',
      '  due: not shown by Qualys',
    ])
  })

  test('that is deleted is shown with its questionnaires by state', () => {
    const tally = new CampaignTally(0)
    for (const state of ['REVIEW', 'REVIEW', undefined]) tally.add({ state })
    const { lines } = saqPartsOf({ deletedQuestionnaires: tally }, { deletesQuestionnaires: true })
    expect(linesIn(lines)).toEqual([
      'its questionnaires: 3',
      '  2 in state: "REVIEW"',
      '  1 in state: "none"',
    ])
    expect(saqPartsOf({ deletedQuestionnaires: tally }).lines).toEqual([])
    expect(saqPartsOf({}, { deletesQuestionnaires: true }).lines).toEqual([
      'its questionnaires: they cannot be counted',
    ])
  })
})

describe('templates', () => {
  const template = (id: number): Target =>
    lookedUp(String(id), { name: `T${id}`, state: 'DRAFT', revision: 2, questionCnt: 19, category: 'Risk' })

  test('are shown by name, state, revision, questions and category', () => {
    const facts = ['  state: "DRAFT"', '  revision: "2"', '  questionCnt: "19"', '  category: "Risk"']
    expect(linesIn(saqPartsOf({ templates: [template(1)] }).lines)).toEqual(['template 1: "T1"', ...facts])
    expect(saqPartsOf({ libraryTemplates: [lookedUp('2', {})] }).lines).toEqual([
      { label: 'library template 2', values: [''] },
    ])
  })

  test.each([2, 10, 11, 103])('of %i are all shown, as rows', (count) => {
    const templates = Array.from({ length: count }, (_, at) => lookedUp(String(at), { name: `T${at}` }))
    expect(saqPartsOf({ templates }).lines).toEqual([
      {
        label: 'templates',
        columns: ['id', 'name', 'state', 'revision', 'questions', 'category'],
        rows: templates.map(({ id }) => [id, `T${id}`, '', '', '', '']),
      },
    ])
  })
})

describe('the counts', () => {
  const some: Partial<SaqTargets> = {
    campaigns: [inactive],
    templates: [lookedUp('1', {})],
    libraryTemplates: [lookedUp('2', {})],
    users: peopleOf(3),
    newRecipients: peopleOf(4),
    currentRecipients: peopleOf(5),
    removedRecipients: peopleOf(1),
  }

  test('are campaigns, templates, questions, users, recipients and those to remove', () => {
    expect(saqPartsOf(some, { questions: 7 }).counts).toEqual([
      '1 campaign',
      '2 templates',
      '7 questions',
      '3 users',
      '4 recipients',
      '1 recipient to remove',
    ])
  })

  test('of a launch include all invited people', () => {
    expect(saqPartsOf(some, { mailsRecipients: true }).counts).toContain('5 recipients')
    expect(
      saqPartsOf({ ...some, currentRecipients: undefined }, { mailsRecipients: true }).counts.join(),
    ).not.toMatch(/\d recipients?\b(?! to)/)
  })
})
