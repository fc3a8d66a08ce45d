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
  serviceResponse,
} from '../../../support/workflows/campaigns.ts'

// The owner of an overdue questionnaire: only its title identifies the person, among the recipients or all users.

let campaigns: CampaignCaller
beforeEach(() => {
  campaigns = new CampaignCaller()
})

/** The overdue questionnaires of campaign 1 in the JSON form, and the text. */
async function askCampaign(data: CampaignData, args: object = {}) {
  campaigns.setData(data)
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
const amongRecipients = (...users: Fields[]): Fields => ({ recipients: people(users) })

/** The searches among the users: first and last name of each. */
function searches(): string[][] {
  const seen = campaigns.upstream.sent.filter(({ path }) => path.endsWith('search/saq/user'))
  return seen.map(({ body }) => [...body.matchAll(/<Criteria[^>]*>([^<]*)</g)].map(([, value = '']) => value))
}

describe('among the recipients', () => {
  test('no other user is searched for', async () => {
    const { rows } = await askCampaign({ campaign: amongRecipients(ann) })
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
    const { rows, text } = await askCampaign({
      campaign: amongRecipients(ann, { ...ann, id: 12, company: 'Umbrella' }),
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee', ambiguous: '11, 12' }])
    expect(lateOnes(text)).toMatchObject([{ company: 'ambiguous: users 11, 12', emailAddress: '' }])
    expect(text).toContain(
      'by company, unknown: 0 closed, 1 open (people of this name are in different companies)',
    )
    expect(text).toContain('\nInitech\t0\t0\nUmbrella\t0\t0\n')
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
    const { rows } = await askCampaign({
      campaign: amongRecipients(
        { ...ann, ...person },
        { ...ann, id: 12, firstName: 'Bo', emailAddress: 'bo@x.example' },
      ),
      questionnaires: [questionnaire({ title: `Audit - ${name}` })],
    })
    expect(rows).toMatchObject([{ emailAddress: 'ann@initech.example' }])
  })

  test('two of one name without ids are ambiguous, and counted', async () => {
    const { id: _, ...bare } = ann
    const { rows, text } = await askCampaign({ campaign: amongRecipients(bare, bare) })
    expect(rows).toMatchObject([{ ambiguous: '2 people of this name' }])
    expect(lateOnes(text)).toMatchObject([{ company: 'ambiguous: 2 people of this name' }])
  })

  test('a person who is no recipient any more is reported, and nobody else is taken for them', async () => {
    const { rows, text } = await askCampaign({
      campaign: amongRecipients({ ...ann, firstName: 'Bo' }),
      users: [ann],
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee' }])
    expect(rows[0]).not.toHaveProperty('emailAddress')
    expect(text).toContain('1 of the late bear a name that none of the recipients has whom Qualys shows.')
    expect(text).toContain(
      'by company, unknown: 0 closed, 1 open (the name in the title is not among the recipients)',
    )
  })

  test('a missing e-mail is looked up', async () => {
    const { emailAddress: _, company: __, ...bare } = ann
    const { rows } = await askCampaign({ campaign: amongRecipients(bare), users: [ann] })
    expect(rows).toMatchObject([{ company: 'Initech', emailAddress: 'ann@initech.example' }])
    expect(searches()).not.toEqual([])
  })

  test('what the record shows is kept when a look-up finds no user', async () => {
    const { emailAddress: _, ...bare } = ann
    const { rows } = await askCampaign({ campaign: amongRecipients(bare), users: [] })
    expect(rows).toMatchObject([{ company: 'Initech' }])
  })
})

describe('among all users', () => {
  test.each([
    'Ann Lee',
    'Rosa Van den Berg',
    'Anna Maria de la Cruz',
    'Jürgen Weiß',
    'Nguyễn Thị Hoa',
    'Madonna',
  ])('%s: by the whole name', async (name) => {
    const [firstName = '', ...rest] = name.split(' ')
    const { rows, text } = await askCampaign({
      questionnaires: [questionnaire({ title: `Audit - ${name}` })],
      users: [
        { ...ann, firstName, lastName: `${rest.join(' ')}man`, emailAddress: 'other@x.example' },
        { ...ann, id: 12, firstName, lastName: rest.join(' ') },
      ],
    })
    expect(rows).toMatchObject([{ name, emailAddress: 'ann@initech.example' }])
    expect(text).toContain(
      'Note: Qualys does not show the recipients of this campaign: names are from the titles',
    )
  })

  test('the users are read once, however many are late', async () => {
    const all = Array.from({ length: 9 }, (_, at) => questionnaire({ id: at + 1 }))
    const { rows } = await askCampaign({ questionnaires: all, users: [ann] })
    expect(rows).toHaveLength(9)
    // Once for each form of the answer.
    expect(searches()).toEqual([[], []])
  })

  test('two of one name are ambiguous, and named by id', async () => {
    const { rows, text } = await askCampaign({
      users: [ann, { ...ann, id: 12 }, { ...ann, id: 13, lastName: 'Leeds' }],
    })
    expect(rows).toMatchObject([{ ambiguous: '11, 12' }])
    expect(text).toContain('ambiguous: users 11, 12')
    expect(text).not.toContain('ann@initech.example')
  })

  test('one of several users is not taken for the only one when there are more than were read', async () => {
    const first = [
      ann,
      ...Array.from({ length: 199 }, (_, at) => ({ ...ann, id: 100 + at, lastName: `Lee${at}` })),
    ]
    const other = { ...ann, id: 400, emailAddress: 'other@x.example' }
    const others = [
      { ...reply(searchUsers, serviceResponse('User', first, true)), times: 1 },
      reply(searchUsers, serviceResponse('User', [other])),
    ]
    campaigns.setData({ extraAnswers: others })
    const { structured } = await campaigns.ask({ campaignId: 1 }, 'json')
    expect(ofKind(structured, 'late')).not.toMatchObject([{ emailAddress: 'ann@initech.example' }])
  })

  test('no user of that name: reported, and the name stays', async () => {
    const { rows, text, structured } = await askCampaign({ users: [] })
    expect(rows).toMatchObject([{ name: 'Ann Lee' }])
    expect(rows[0]).not.toHaveProperty('company')
    expect(text).toContain('1 of the late bear a name that no user has.')
    expect(structured.note).toContain('1 of the late bear a name that no user has.')
  })

  test('without permission to read users, the counts are still shown, with a note', async () => {
    campaigns.setData({ extraAnswers: [{ route: searchUsers, status: 403, body: '' }] })
    const { text, isError } = await campaigns.ask()
    expect(isError).toBe(false)
    expect(text).toContain('1 open, 1 of them overdue')
    expect(text).toContain('1 of the late bear a name that none of the users has who could be read.')
    expect(text).toContain('The list of users could not be read.')
    expect(text).not.toContain('no user has')
  })

  test('all of them are found, however many', async () => {
    const names = Array.from({ length: 70 }, (_, at) => `Ann${at} Lee`)
    const { rows } = await askCampaign(
      {
        questionnaires: names.map((name, at) => questionnaire({ id: at + 1, title: `Audit - ${name}` })),
        users: names.map((name, at) => ({ ...ann, id: at + 1, firstName: name.split(' ')[0] })),
      },
      { late: 200 },
    )
    expect(rows.map(({ name }) => name)).toEqual(names)
    expect(rows.filter(({ emailAddress }) => emailAddress !== undefined)).toHaveLength(70)
  })
})

describe('missing data of a person', () => {
  test('a missing e-mail is reported, and the person still counts as found', async () => {
    const { emailAddress: _, ...bare } = ann
    const { text, structured } = await askCampaign({ users: [bare] })
    expect(structured.note).toMatch(/e-?mail/i)
    expect(text).not.toContain('no user has')
  })

  test('a missing company is reported', async () => {
    const { company: _, ...bare } = ann
    const { structured } = await askCampaign({ campaign: amongRecipients(bare) })
    expect(structured.note).toMatch(/company/)
  })

  test('neither reviewer nor approver shown: reported where it is their turn', async () => {
    const turns = ['INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'APPROVAL']
    const { text, structured } = await askCampaign({
      campaign: amongRecipients(ann),
      questionnaires: turns.map((state, at) => questionnaire({ id: at + 1, state })),
    })
    expect(text).toContain(
      'next to act: recipient 1, 1 overdue; reviewer 1, 1 overdue (not shown by Qualys); approver 2, 2 overdue (not shown by Qualys)',
    )
    expect(ofKind(structured, 'next to act').map((row) => 'who' in row)).toEqual([false, false, false])
  })

  test('a reviewer shown by id only is named by that id', async () => {
    const { text } = await askCampaign({
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
      const { rows, text } = await askCampaign({
        campaign: amongRecipients(ann),
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

  test('the name of a campaign may hold hyphens', async () => {
    const { rows } = await askCampaign({
      campaign: { ...amongRecipients(ann), name: 'EMEA - Q4 - audit' },
      questionnaires: [questionnaire({ title: 'EMEA - Q4 - audit - Ann Lee' })],
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee', company: 'Initech' }])
  })

  test('the name of a campaign may begin or end with blanks', async () => {
    const { rows } = await askCampaign({
      campaign: { ...amongRecipients(ann), name: ' Audit ' },
      questionnaires: [questionnaire({ title: ' Audit  - Ann Lee' })],
    })
    expect(rows).toMatchObject([{ name: 'Ann Lee', company: 'Initech' }])
  })
})
