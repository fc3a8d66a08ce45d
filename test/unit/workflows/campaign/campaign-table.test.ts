import { describe, expect, test } from 'vitest'
import {
  CampaignCaller,
  daysAgo,
  type Fields,
  people,
  questionnaire,
} from '../../../support/workflows/campaigns.ts'

// The table of overdue questionnaires: values that all rows share are above it.

const user = (id: number, firstName: string, lastName: string, more: Fields = {}): Fields => ({
  id,
  firstName,
  lastName,
  company: 'Acme',
  emailAddress: `${firstName.toLowerCase()}@acme.example`,
  ...more,
})

const recipients = people([
  user(1, 'Ann', 'Lee'),
  user(2, 'Bo', 'Ray'),
  user(3, 'Cy', 'Fox', { company: 'Other' }),
  user(4, 'Di', 'Mix'),
  user(5, 'Di', 'Mix'),
  user(6, 'Ed', 'Alone', { company: undefined }),
  user(7, 'Flo', 'Alone', { company: undefined }),
])

const of = (id: number, name: string, more: Fields = {}): Fields =>
  questionnaire({ id, title: `Audit - ${name}`, ...more })

async function tableOf(...questionnaires: readonly Fields[]): Promise<readonly string[]> {
  const caller = new CampaignCaller()
  caller.setData({ campaign: { recipients }, questionnaires })
  const { text } = await caller.both()
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.startsWith('late, '))
  return lines.slice(from)
}

const [five, six] = [daysAgo(5), daysAgo(6)]

describe('the table of late questionnaires', () => {
  test.each<[string, readonly Fields[], string, readonly string[]]>([
    [
      'one alone shares nothing',
      [of(7, 'Ann Lee')],
      'late, the longest first (1 of 1):',
      [
        'questionnaire\tname\tcompany\temailAddress\twaitsFor\tdueDate\tdaysOverdue',
        `7\tAnn Lee\tAcme\tann@acme.example\trecipient\t${five}\t5`,
      ],
    ],
    [
      'what two share is said once',
      [of(7, 'Ann Lee'), of(8, 'Bo Ray')],
      `late, the longest first (2 of 2; all: company Acme, waitsFor recipient, dueDate ${five}, daysOverdue 5):`,
      ['questionnaire\tname\temailAddress', '7\tAnn Lee\tann@acme.example', '8\tBo Ray\tbo@acme.example'],
    ],
    [
      'what only two of three share stays',
      [of(7, 'Ann Lee'), of(8, 'Bo Ray'), of(9, 'Cy Fox')],
      `late, the longest first (3 of 3; all: waitsFor recipient, dueDate ${five}, daysOverdue 5):`,
      [
        'questionnaire\tname\tcompany\temailAddress',
        '7\tAnn Lee\tAcme\tann@acme.example',
        '8\tBo Ray\tAcme\tbo@acme.example',
        '9\tCy Fox\tOther\tcy@acme.example',
      ],
    ],
    [
      'other due dates: the longest first',
      [of(7, 'Ann Lee'), of(8, 'Bo Ray', { dueDate: six })],
      'late, the longest first (2 of 2; all: company Acme, waitsFor recipient):',
      [
        'questionnaire\tname\temailAddress\tdueDate\tdaysOverdue',
        `8\tBo Ray\tbo@acme.example\t${six}\t6`,
        `7\tAnn Lee\tann@acme.example\t${five}\t5`,
      ],
    ],
    [
      'the same person twice: the ids are left',
      [of(7, 'Ann Lee'), of(8, 'Ann Lee')],
      `late, the longest first (2 of 2; all: name "Ann Lee", company Acme, emailAddress "ann@acme.example", waitsFor recipient, dueDate ${five}, daysOverdue 5):`,
      ['questionnaire', '7', '8'],
    ],
    [
      'a name of two people: their ids stand for the company',
      [of(7, 'Di Mix'), of(8, 'Di Mix')],
      `late, the longest first (2 of 2; all: name "Di Mix", company "ambiguous: users 4, 5", waitsFor recipient, dueDate ${five}, daysOverdue 5):`,
      ['questionnaire', '7', '8'],
    ],
    [
      'a company that nobody has is not said',
      [of(7, 'Ed Alone'), of(8, 'Flo Alone')],
      `late, the longest first (2 of 2; all: waitsFor recipient, dueDate ${five}, daysOverdue 5):`,
      ['questionnaire\tname\temailAddress', '7\tEd Alone\ted@acme.example', '8\tFlo Alone\tflo@acme.example'],
    ],
    [
      'another turn stays in the rows',
      [of(7, 'Ann Lee'), of(8, 'Bo Ray', { state: 'REVIEW' })],
      `late, the longest first (2 of 2; all: company Acme, dueDate ${five}, daysOverdue 5):`,
      [
        'questionnaire\tname\temailAddress\twaitsFor',
        '7\tAnn Lee\tann@acme.example\trecipient',
        '8\tBo Ray\tbo@acme.example\treviewer',
      ],
    ],
  ])('%s', async (_what, questionnaires, headline, rows) => {
    const table = await tableOf(...questionnaires)
    expect(table.slice(0, 1 + rows.length)).toEqual([headline, ...rows])
    expect(table.slice(1 + rows.length).filter((line) => !line.startsWith('Note: '))).toEqual([])
  })
})
