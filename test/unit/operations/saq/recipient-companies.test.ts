import { describe, expect, test } from 'vitest'
import { unjoined } from '../../../../src/operations/reads/joined-columns.ts'
import { searchQuestionnaires } from '../../../../src/operations/saq/questionnaires.ts'
import { MemoryLists } from '../../../support/saq/lists.ts'

// The recipient of a questionnaire, who is named in its title alone, and the company of that person.

type Row = Readonly<Record<string, unknown>>

const campaigns = 'saq_search_campaigns'
const users = 'saq_search_users'
const single = 'saq_get_campaign'

const person = (id: number, firstName: string, lastName: string, company?: string): Row => ({
  id,
  firstName,
  lastName,
  ...(company !== undefined && { company }),
})
const audit = (recipients?: readonly Row[], more: Row = {}): Row => ({
  id: 1,
  name: 'Audit',
  status: 'ACTIVE',
  ...(recipients && { recipients }),
  ...more,
})
const questionnaire = (name: string, more: Row = {}): Row => ({
  id: 7,
  title: `Audit - ${name}`,
  state: 'REVIEW',
  campaign: { id: 1, name: 'Audit' },
  ...more,
})

/** The values of some columns of rows, and the notes. */
async function join(
  lists: MemoryLists,
  rows: readonly Row[],
  columns: readonly string[] = ['company'],
  input: Row = {},
) {
  const joiner = await searchQuestionnaires.joinedColumns?.load(columns, lists, input)
  const values = rows.map((row) => columns.map((column) => joiner?.value(row, column)))
  return { values, notes: joiner?.notes() ?? [] }
}

const companyOf = async (lists: MemoryLists, name: string) => {
  const { values, notes } = await join(lists, [questionnaire(name)])
  return [values[0]?.[0], notes]
}

describe('the company of a recipient in the record of the campaign', () => {
  test('is that of the record, without a look at the users', async () => {
    const lists = new MemoryLists({ [campaigns]: [audit([person(1, 'Ann', 'Lee', 'Initech')])] })
    expect(await companyOf(lists, 'Ann  LEE')).toEqual(['Initech', []])
    expect(lists.reads).toEqual([[campaigns, {}]])
  })

  test('is looked up by id if the record shows none', async () => {
    const lists = new MemoryLists({
      [campaigns]: [audit([person(1, 'Ann', 'Lee'), { id: 2 }])],
      [users]: [
        person(1, 'Ann', 'Lee', 'Initech'),
        person(2, 'Bo', 'Ek', 'Globex'),
        person(3, 'Ann', 'Lee', 'X'),
      ],
    })
    expect(await companyOf(lists, 'Ann Lee')).toEqual(['Initech', []])
    expect(await companyOf(lists, 'Bo Ek')).toEqual(['Globex', []])
    expect(lists.reads).toContainEqual([users, ['1', '2']])
    expect(lists.walked).toBe(2)
  })

  test('is known for namesakes in one company, and unknown for those in several', async () => {
    const ann = (...companies: string[]) =>
      new MemoryLists({
        [campaigns]: [audit(companies.map((company, id) => person(id, 'Ann', 'Lee', company)))],
      })
    expect(await companyOf(ann('Initech', 'Initech'), 'Ann Lee')).toEqual(['Initech', []])
    expect(await companyOf(ann('Initech', 'Globex', 'Initech'), 'Ann Lee')).toEqual([
      'unknown',
      ['1 questionnaire: users of this name are in different companies, so the company is unknown.'],
    ])
  })

  test('is unknown if neither it nor the user shows one', async () => {
    const lists = new MemoryLists({
      [campaigns]: [audit([person(1, 'Ann', 'Lee')])],
      [users]: [person(1, 'Ann', 'Lee')],
    })
    expect(await companyOf(lists, 'Ann Lee')).toEqual([
      'unknown',
      ['1 questionnaire: no record shows the company of the recipient, so it is unknown.'],
    ])
  })

  test.each<[string, Record<string, readonly Row[]>, readonly string[]]>([
    ['users who left', { [users]: [] }, []],
    ['users who cannot be read', {}, ['The list of users could not be read.']],
  ])('is unknown where recipients are ids of %s', async (_who, lists, notes) => {
    const people = [person(1, 'Bo', 'Ek', 'Globex'), { id: 2 }]
    expect(await companyOf(new MemoryLists({ [campaigns]: [audit(people)], ...lists }), 'Ann Lee')).toEqual([
      unjoined,
      [
        '1 questionnaire: the campaign has recipients whose names no record shows, and the name in the title is not among the others.',
        ...notes,
      ],
    ])
  })

  test('is not that of somebody who is no recipient', async () => {
    const lists = new MemoryLists({
      [campaigns]: [audit([person(1, 'Ann', 'Lee', 'Initech')])],
      [users]: [person(2, 'Bo', 'Ek', 'Globex')],
    })
    expect(await companyOf(lists, 'Bo Ek')).toEqual([
      unjoined,
      ['1 questionnaire: the name in the title is not among the recipients of the campaign.'],
    ])
  })

  test.each([
    ['unknown', '"unknown"'],
    [' Unknown ', '" Unknown "'],
    ['"unknown"', String.raw`"\"unknown\""`],
    ['un\u200bknown', 'un\u200bknown'],
    ['unknown\u200b', '"unknown\u200b"'],
    ['No\u00a0recipients', '"No\u00a0recipients"'],
    ['Unknown Ltd', 'Unknown Ltd'],
  ])('%j is quoted if it reads like a word of ours: %j', async (name, shown) => {
    const lists = new MemoryLists({ [campaigns]: [audit([person(1, 'Ann', 'Lee', name)])] })
    expect(await companyOf(lists, 'Ann Lee')).toEqual([shown, []])
  })

  test('is read from single records if the list shows none', async () => {
    const other = { id: 2, name: 'Other', status: 'ACTIVE' }
    const lists = new MemoryLists({
      [campaigns]: [audit(), other],
      [single]: [audit([person(1, 'Ann', 'Lee', 'Initech')]), { ...other, recipients: [] }],
    })
    expect(await companyOf(lists, 'Ann Lee')).toEqual(['Initech', []])
    expect(lists.reads.map(([name]) => name)).toEqual([campaigns, single, single])
  })
})

describe('the company of a recipient whom Qualys does not show', () => {
  const byName =
    '1 questionnaire: Qualys shows no recipients of the campaign, so the company is that of the user with the name.'
  const known = [person(1, 'Ann', 'Lee', 'Initech'), person(2, 'Bo', 'Ek', 'A'), person(3, 'Bo', 'Ek', 'B')]
  const lists = () => new MemoryLists({ [campaigns]: [audit()], [single]: [audit()], [users]: known })

  test('is that of the only user with the name', async () => {
    expect(await companyOf(lists(), 'Ann Lee')).toEqual(['Initech', [byName]])
  })

  test('is unknown if several have it in different companies', async () => {
    const [company, notes] = await companyOf(lists(), 'Bo Ek')
    expect(company).toBe('unknown')
    expect(notes).toHaveLength(2)
  })

  test('is not there if nobody has it', async () => {
    expect(await companyOf(lists(), 'Nobody')).toEqual([
      unjoined,
      [byName, '1 questionnaire: no user has the name in the title.'],
    ])
  })

  test('is not there if neither list can be read, and the reply says so', async () => {
    expect(await companyOf(new MemoryLists({}), 'Ann Lee')).toEqual([
      unjoined,
      [
        byName,
        '1 questionnaire: no user has the name in the title.',
        'The list of campaigns could not be read.',
        'The list of users could not be read.',
      ],
    ])
  })

  test('needs no users for drafts without recipients', async () => {
    const draft = { id: 2, name: 'Draft', status: 'INACTIVE' }
    const lists = new MemoryLists({ [campaigns]: [audit([person(1, 'Ann', 'Lee', 'Initech')]), draft] })
    await companyOf(lists, 'Ann Lee')
    expect(lists.reads).toEqual([[campaigns, {}]])
  })
})

describe('bounds', () => {
  function* endless(make: (id: number) => Row): Iterable<Row> {
    for (let id = 1; ; id++) yield make(id)
  }

  test('no more than 1,000 campaigns and 20,000 users are read', async () => {
    const lists = new MemoryLists({
      [campaigns]: endless((id) => ({ ...audit(), id })),
      [users]: endless((id) => person(id, 'User', String(id), 'Initech')),
    })
    const { values, notes } = await join(lists, [questionnaire('User 20000'), questionnaire('User 20001')])
    expect(values).toEqual([['Initech'], [unjoined]])
    expect(lists.walked).toBe(21_002)
    expect(notes.slice(-2)).toEqual([
      'Of the campaigns, 1,000 were read, and no more.',
      'Of the users, 20,000 were read, and no more.',
    ])
  })

  test('no more than 100,000 recipients are kept', async () => {
    const crowd = Array.from({ length: 40_000 }, (_, id) => person(id, 'User', String(id), 'Initech'))
    const lists = new MemoryLists({ [campaigns]: endless((id) => ({ ...audit(crowd), id })), [users]: [] })
    const { notes } = await join(lists, [])
    expect(notes).toContain('Of the campaigns, 3 were read, and no more.')
    expect(lists.walked).toBe(4)
  })
})

test('12,000 recipients without names: 10,000 are looked up, and the reply says so', async () => {
  const people = Array.from({ length: 12_000 }, (_, id) => ({ id: id + 1 }))
  const lists = new MemoryLists({ [campaigns]: [audit(people)], [users]: [] })
  expect((await join(lists, [])).notes).toEqual(['Of the users, 10,000 were looked up by id, and no more.'])
  expect(lists.reads.at(-1)?.[1]).toHaveLength(10_000)
})

test('60 campaigns with 5,000 users are read in two walks, each once', async () => {
  const crowd = Array.from({ length: 5_000 }, (_, id) => person(id, 'User', String(id), `Company ${id % 50}`))
  const all = Array.from({ length: 60 }, (_, id) => ({
    ...audit(id === 0 ? undefined : crowd.slice(0, 500)),
    id,
  }))
  const lists = new MemoryLists({ [campaigns]: all, [users]: crowd })
  const rows = all.flatMap(({ id }) =>
    crowd
      .slice(0, 500)
      .map(({ lastName }) => questionnaire(`User ${lastName}`, { campaign: { id, name: 'Audit' } })),
  )
  const { values } = await join(lists, rows)
  expect(values.map(([company]) => company)).toEqual(
    all.flatMap(() => crowd.slice(0, 500).map(({ company }) => company)),
  )
  expect(lists.reads.map(([name]) => name)).toEqual([campaigns, users])
  expect(lists.walked).toBe(5_060)
})

describe('a questionnaire that shows little', () => {
  const columns = ['recipient', 'company', 'campaign.name', 'overdueDays']
  const lists = () =>
    new MemoryLists({
      [campaigns]: [audit([person(1, 'Ann', 'Lee', 'Initech')], { dueDate: '2026-11-20T12:00:00Z' })],
    })
  const bare = questionnaire('Ann Lee', { campaign: undefined })

  test('is of the only campaign that is asked for', async () => {
    const { values, notes } = await join(lists(), [bare], columns, { campaignId: ['1'] })
    expect(values).toEqual([['Ann Lee', 'Initech', 'Audit', '8-30 days']])
    expect(notes).toEqual([])
  })

  test('is of an unknown one otherwise', async () => {
    const { values, notes } = await join(lists(), [bare], columns, { campaignId: ['1', '2'] })
    expect(values).toEqual([[unjoined, unjoined, unjoined, 'unknown']])
    expect(notes).toEqual([
      '1 questionnaire: the title does not name the recipient behind the name of the campaign, as far as that is shown.',
      '1 questionnaire: the record does not show the campaign.',
      '1 questionnaire: open, and no record shows the due date.',
    ])
  })
})
