import { beforeEach, describe, expect, test } from 'vitest'
import {
  CampaignCaller,
  type CampaignData,
  type Fields,
  lateOnes,
  ofKind,
  people,
  questionnaire,
  reply,
  searchUsers,
  service,
} from '../../support/workflows/campaigns.ts'

// Whose a late questionnaire is: its title is all that tells, among the recipients or among all users.

let campaigns: CampaignCaller
beforeEach(() => {
  campaigns = new CampaignCaller()
})

/** The late ones of campaign 1 in the JSON form, and the text. */
async function asked(data: CampaignData, args: object = {}) {
  campaigns.hold(data)
  const { text, structured } = await campaigns.both({ campaignId: 1, ...args })
  return { text, structured, rows: ofKind(structured, 'late') }
}

const ann: Fields = {
  id: 11,
  firstName: 'Ann',
  lastName: 'Lee',
  company: 'Initech',
  emailAddress: 'ann@initech.example',
}
const among = (...users: Fields[]): Fields => ({ recipients: people(users) })

/** What was looked for among the users: first and last name of each search. */
function searches(): string[][] {
  const seen = campaigns.upstream.sent.filter(({ path }) => path.endsWith('search/saq/user'))
  return seen.map(({ body }) => [...body.matchAll(/<Criteria[^>]*>([^<]*)</g)].map(([, value = '']) => value))
}

describe('among the recipients', () => {
  test('nobody else is looked for', async () => {
    const { rows } = await asked({ campaign: among(ann) })
    expect(rows).toEqual([
      {
        kind: 'late',
        questionnaire: '7',
        name: 'Ann Lee',
        company: 'Initech',
        emailAddress: 'ann@initech.example',
        waitsFor: 'recipient',
        dueDate: '2026-11-26T12:00:00Z',
        daysOverdue: 5,
      },
    ])
    expect(searches()).toEqual([])
  })

  test('two of one name are ambiguous, and named by id', async () => {
    const { rows, text } = await asked({ campaign: among(ann, { ...ann, id: 12, company: 'Umbrella' }) })
    expect(rows).toMatchObject([{ name: 'Ann Lee', ambiguous: '11, 12' }])
    expect(lateOnes(text)).toMatchObject([{ company: 'ambiguous: users 11, 12', emailAddress: '' }])
    expect(text).not.toContain('Initech')
    expect(text).not.toContain('no user has')
  })

  test.each([
    ['José  de  la  Cruz', { firstName: 'José', lastName: 'de la Cruz' }],
    ['JOSE\u0301 DE LA CRUZ', { firstName: 'José', lastName: 'de la Cruz' }],
    ['Anna Maria Van den Berg', { firstName: 'Anna Maria', lastName: 'Van den Berg' }],
    ["Seán O'Brien", { firstName: 'Seán', lastName: "O'Brien" }],
    ['Jürgen Weiß', { firstName: 'Jürgen', lastName: 'Weiß' }],
    ['田中 花子', { firstName: '田中', lastName: '花子' }],
    ['Madonna', { firstName: 'Madonna', lastName: undefined }],
    ['A - B C', { firstName: 'A - B', lastName: 'C' }],
  ])('%j is found', async (name, person) => {
    const { rows } = await asked({
      campaign: among(
        { ...ann, ...person },
        { ...ann, id: 12, firstName: 'Bo', emailAddress: 'bo@x.example' },
      ),
      questionnaires: [questionnaire({ title: `Audit - ${name}` })],
    })
    expect(rows).toMatchObject([{ emailAddress: 'ann@initech.example' }])
  })

  test('somebody who is not there any more is looked for among all users', async () => {
    const { rows } = await asked({ campaign: among({ ...ann, firstName: 'Bo' }), users: [ann] })
    expect(rows).toMatchObject([{ name: 'Ann Lee', emailAddress: 'ann@initech.example' }])
  })

  test('an e-mail that the record lacks is looked up', async () => {
    const { emailAddress: _, company: __, ...bare } = ann
    const { rows } = await asked({ campaign: among(bare), users: [ann] })
    expect(rows).toMatchObject([{ company: 'Initech', emailAddress: 'ann@initech.example' }])
    expect(searches()).not.toEqual([])
  })

  test('what the record shows is kept when a look-up finds nobody', async () => {
    const { emailAddress: _, ...bare } = ann
    const { rows } = await asked({ campaign: among(bare), users: [] })
    expect(rows).toMatchObject([{ company: 'Initech' }])
  })
})

describe('among all users', () => {
  test.each([
    ['Ann Lee', ['Ann', 'Lee']],
    ['Rosa Van den Berg', ['Rosa', 'Berg']],
    ['Anna Maria de la Cruz', ['Anna', 'Cruz']],
    ['Jürgen Weiß', ['Jürgen', 'Weiß']],
    ['Nguyễn Thị Hoa', ['Nguyễn', 'Hoa']],
  ])('%s: by the first and the last word of the name, then whole', async (name, words) => {
    const [firstName = '', ...rest] = name.split(' ')
    const { rows, text } = await asked({
      questionnaires: [questionnaire({ title: `Audit - ${name}` })],
      users: [
        { ...ann, firstName, lastName: `${rest.join(' ')}man`, emailAddress: 'other@x.example' },
        { ...ann, firstName, lastName: rest.join(' ') },
      ],
    })
    expect(rows).toMatchObject([{ name, emailAddress: 'ann@initech.example' }])
    expect(text).toContain(
      'Note: Qualys does not show the recipients of this campaign: names are from the titles',
    )
    expect(searches()[0]).toEqual(words)
  })

  test('a name is looked for once, however often it is late', async () => {
    const all = Array.from({ length: 9 }, (_, at) => questionnaire({ id: at + 1 }))
    const { rows } = await asked({ questionnaires: all, users: [ann] })
    expect(rows).toHaveLength(9)
    // Once for each form of the answer.
    expect(searches()).toEqual([
      ['Ann', 'Lee'],
      ['Ann', 'Lee'],
    ])
  })

  test('two of one name are ambiguous, and named by id', async () => {
    const { rows, text } = await asked({
      users: [ann, { ...ann, id: 12 }, { ...ann, id: 13, lastName: 'Leeds' }],
    })
    expect(rows).toMatchObject([{ ambiguous: '11, 12' }])
    expect(text).toContain('ambiguous: users 11, 12')
    expect(text).not.toContain('ann@initech.example')
  })

  test('one of several is not taken for the only one when there are more users than were read', async () => {
    const first = [
      ann,
      ...Array.from({ length: 199 }, (_, at) => ({ ...ann, id: 100 + at, lastName: `Lee${at}` })),
    ]
    const other = { ...ann, id: 400, emailAddress: 'other@x.example' }
    const others = [
      { ...reply(searchUsers, service('User', first, true)), times: 1 },
      reply(searchUsers, service('User', [other])),
    ]
    campaigns.hold({ others })
    const { structured } = await campaigns.ask({ campaignId: 1 }, 'json')
    expect(ofKind(structured, 'late')).not.toMatchObject([{ emailAddress: 'ann@initech.example' }])
  })

  test('a name of one word is found', async () => {
    await asked({ questionnaires: [questionnaire({ title: 'Audit - Madonna' })], users: [] })
    expect(searches()).toEqual([['Madonna'], ['Madonna']])
  })

  test('nobody of that name: said, and the name stays', async () => {
    const { rows, text, structured } = await asked({ users: [] })
    expect(rows).toMatchObject([{ name: 'Ann Lee' }])
    expect(rows[0]).not.toHaveProperty('company')
    expect(text).toContain('1 of the late bear a name that no user has.')
    expect(structured.note).toContain('1 of the late bear a name that no user has.')
  })

  test('who may not look at users still gets the counts, and is told so', async () => {
    campaigns.hold({ others: [{ route: searchUsers, status: 403, body: '' }] })
    const { text, isError } = await campaigns.ask()
    expect(isError).toBe(false)
    expect(text).toContain('1 open, 1 of them overdue')
    expect(text).toMatch(/1 of the late were not looked up\./)
  })

  test('fifty names at most are looked for, and the rest is said', async () => {
    const names = Array.from({ length: 70 }, (_, at) => `Ann${at} Lee`)
    const { rows, text } = await asked(
      {
        questionnaires: names.map((name, at) => questionnaire({ id: at + 1, title: `Audit - ${name}` })),
        users: names.map((name, at) => ({ ...ann, id: at + 1, firstName: name.split(' ')[0] })),
      },
      { late: 200 },
    )
    expect(rows.map(({ name }) => name)).toEqual(names)
    expect(rows.filter(({ emailAddress }) => emailAddress !== undefined)).toHaveLength(50)
    expect(text).toContain('20 of the late were not looked up.')
    expect(searches()).toHaveLength(100)
  })

  test('a name that was not looked up is not said to belong to nobody', async () => {
    const names = Array.from({ length: 51 }, (_, at) => `Ann${at} Lee`)
    const { text } = await asked(
      {
        questionnaires: names.map((name, at) => questionnaire({ id: at + 1, title: `Audit - ${name}` })),
        users: names.map((name, at) => ({ ...ann, id: at + 1, firstName: name.split(' ')[0] })),
      },
      { late: 200 },
    )
    expect(text).toContain('1 of the late were not looked up.')
    expect(text).not.toContain('no user has')
  })
})

describe('what is missing of a person', () => {
  test('an e-mail is said to be missing, and the person is not denied', async () => {
    const { emailAddress: _, ...bare } = ann
    const { text, structured } = await asked({ users: [bare] })
    expect(structured.note).toMatch(/e-?mail/i)
    expect(text).not.toContain('no user has')
  })

  test('a company is said to be missing', async () => {
    const { company: _, ...bare } = ann
    const { structured } = await asked({ campaign: among(bare) })
    expect(structured.note).toMatch(/company/)
  })

  test('neither reviewer nor approver shown: said where it is their turn', async () => {
    const turns = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'APPROVAL']
    const { text, structured } = await asked({
      campaign: among(ann),
      questionnaires: turns.map((state, at) => questionnaire({ id: at + 1, state })),
    })
    expect(text).toContain(
      'next to act: recipient 1, 1 overdue; reviewer 1, 1 overdue (not shown by Qualys); approver 2, 2 overdue (not shown by Qualys)',
    )
    expect(ofKind(structured, 'next to act').map((row) => 'who' in row)).toEqual([false, false, false])
  })

  test('a reviewer by id alone is told by that id', async () => {
    const { text } = await asked({
      campaign: { reviewer: { id: 71077391 } },
      questionnaires: [questionnaire({ state: 'REVIEW' })],
      users: [],
    })
    expect(text).not.toContain('()')
    expect(text).toContain('71077391')
  })
})

describe('a title in another form', () => {
  test.each(['Audit', 'Audit - ', 'Audit: Ann Lee', 'Old name - Ann Lee', '', undefined])(
    '%j',
    async (title) => {
      const { rows, text } = await asked({
        campaign: among(ann),
        questionnaires: [questionnaire({ title }), questionnaire({ id: 8 })],
      })
      expect(rows.map(({ name }) => name)).toEqual([(title ?? '').trim(), 'Ann Lee'])
      expect(text).toContain(
        '1 of the late have titles that do not name their recipient: the title stands in the place of the name.',
      )
      expect(lateOnes(text)).toMatchObject([
        { questionnaire: '7', company: '', emailAddress: '' },
        { questionnaire: '8', company: 'Initech' },
      ])
    },
  )

  test('a campaign whose name holds hyphens names people all the same', async () => {
    const { rows } = await asked({
      campaign: { ...among(ann), name: 'EMEA - Q4 - audit' },
      questionnaires: [questionnaire({ title: 'EMEA - Q4 - audit - Ann Lee' })],
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee', company: 'Initech' }])
  })

  test('a campaign whose name begins or ends with blanks names people all the same', async () => {
    const { rows } = await asked({
      campaign: { ...among(ann), name: ' Audit ' },
      questionnaires: [questionnaire({ title: ' Audit  - Ann Lee' })],
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee', company: 'Initech' }])
  })
})
