import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ByHand, meet } from '../../support/consent/by-hand.ts'
import { openSandbox } from '../../support/sandbox.ts'
import {
  activeCampaign,
  approver,
  dueDay,
  inactiveCampaign,
  libraryTemplate,
  publishedTemplate,
  recipient,
  recipientsOf,
  reviewer,
  rowOf,
  somebody,
} from '../effects/saq-ground.ts'
import { expectSound, previewOf, valuesIn } from './saq-previews.ts'

// What a person reads before an effect of SAQ: whom it reaches, how many, and what is lost.

type Row = Readonly<Record<string, unknown>>

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let client: ByHand
/** Users of the sandbox, by id. */
let users: ReadonlyMap<string, Row>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  users = new Map((await sandbox.control.truth('users')).map((row) => [String(row['id']), row]))
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.control.reset()
  client = await meet(sandbox, 'modern', { settings: { QUALYS_UNVERIFIED: 'all' } })
})

async function linesOf(tool: string, args: object): Promise<string[]> {
  const preview = await previewOf(client, tool, args)
  expectSound(preview)
  return preview.split('\n')
}

/** The line of a person, as the sandbox has them. */
function personLine(label: string, id: string): string {
  const row = users.get(id) ?? {}
  const name = `${String(row['firstName'])} ${String(row['lastName'])}`
  return `${label}: "${id}", "${name}", "${String(row['company'])}", "${String(row['emailAddress'])}"`
}

/** How many of each word, the most frequent first. */
function grouped(words: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

const account = () => `account: "${sandbox.apiUrl} sandbox_ab1"`

describe('a launch', () => {
  test('shows campaign, workflow, date, reviewer, approver, and recipients by company', async () => {
    const row = await rowOf(sandbox.control, 'campaigns', inactiveCampaign)
    const ids = await recipientsOf(sandbox.control, inactiveCampaign)
    const companies = grouped(ids.map((id) => String(users.get(id)?.['company'])))
    expect(companies.length).toBeLessThanOrEqual(10)
    const due = `${new Date(Number(row?.['dueDate'])).toISOString().slice(0, 19)}Z`
    expect(await linesOf('saq_launch_campaign', { campaignId: inactiveCampaign })).toEqual([
      'Launch a campaign (execute): 1 campaign, 60 recipients',
      `campaign ${inactiveCampaign}: "Vendor risk 2027"`,
      '  state: "INACTIVE"',
      '  workflow: "FULL"',
      `  due: "${due}"`,
      `  template: "${publishedTemplate}", "Third-party security questionnaire"`,
      personLine('  reviewer', reviewer),
      personLine('  approver', approver),
      ...companies.map(([company, count]) => `  ${count} of company: "${company}"`),
      '  the first 10 of 60:',
      ...ids.slice(0, 10).map((id) => personLine('  recipient', id)),
      '! 60 recipients are mailed at once.',
      '! Mail that went out cannot be called back.',
      account(),
    ])
  })

  test('says that Qualys does not show the recipients, nor the date', async () => {
    await sandbox.control.knobs({ campaignRecipients: false, campaignDueDate: false })
    const lines = await linesOf('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(lines[0]).toBe('Launch a campaign (execute): 1 campaign')
    expect(lines).toContain('  due: not shown by Qualys')
    expect(lines).toContain('! Qualys does not show who the recipients are, nor how many.')
    expect(lines.filter((text) => /recipient:|of company/.test(text))).toEqual([])
  })

  test('says that there are none, and that the date is past', async () => {
    const none = (await sandbox.control.truth('campaigns')).find(({ name }) => name === 'No recipients yet')
    expect(await linesOf('saq_launch_campaign', { campaignId: none?.['id'] })).toContain(
      '! It has no recipients.',
    )
    const past = (await sandbox.control.truth('campaigns')).find(
      ({ name }) => name === 'Draft: physical security',
    )
    expect(await linesOf('saq_launch_campaign', { campaignId: past?.['id'] })).toContain(
      '! Its due date is past.',
    )
  })

  test('of many companies shows ten, and how many are left', async () => {
    const ids = await recipientsOf(sandbox.control, activeCampaign)
    const companies = grouped(ids.map((id) => String(users.get(id)?.['company'])))
    const rest = companies.slice(10).reduce((sum, [, count]) => sum + count, 0)
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      notifications: [{ kind: 'overdue', noOfDays: 5 }],
    })
    expect(lines.filter((text) => / of company: /.test(text))).toEqual(
      companies.slice(0, 10).map(([company, count]) => `  ${count} of company: "${company}"`),
    )
    expect(lines).toContain(`  ${rest} recipients of ${companies.length - 10} more companies`)
    expect(lines).toContain('! The campaign is active: its 420 recipients get these mails.')
  })
})

describe('a change of an active campaign', () => {
  test('tells how many are mailed at once, and who', async () => {
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      addRecipientCompany: 'ABC Freight',
    })
    expect(lines[0]).toBe('Update a campaign (execute): 1 campaign, 28 recipients')
    expect(lines).toContain('  28 of company: "ABC Freight"')
    expect(lines).toContain('  the first 10 of 28:')
    expect(lines.filter((text) => text.startsWith('  new recipient: '))).toHaveLength(10)
    expect(lines).toContain('! The campaign is active: 28 recipients are mailed at once.')
  })

  test('tells who leaves it', async () => {
    const lines = await linesOf('saq_update_campaign', {
      campaignId: activeCampaign,
      removeRecipientIds: [recipient],
    })
    expect(lines[0]).toBe('Update a campaign (execute): 1 campaign, 1 recipient to remove')
    expect(lines).toContain(personLine('  recipient to remove', recipient))
    expect(lines.join('\n')).toMatch(/\n! What becomes of the answers of recipients that are removed is not/)
  })
})

describe.each([
  ['saq_cancel_campaign', 'Cancel a campaign (execute): 1 campaign', /cannot be taken up again/],
  ['saq_delete_campaign', 'Delete a campaign (delete): 1 campaign', /cannot be brought back/],
])('%s', (tool, head, warning) => {
  test('shows the questionnaires by state', async () => {
    const own = (await sandbox.control.truth('questionnaires')).filter(
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
    expect(lines.at(-2)).toMatch(warning)
  })

  test('says that they cannot be counted', async () => {
    const route = 'POST /qps/rest/1.0/search/saq/questionnaire'
    await sandbox.control.faults([{ route, kind: 'status', status: 403 }])
    expect(await linesOf(tool, { campaignId: activeCampaign })).toContain(
      'its questionnaires: they cannot be counted',
    )
  })
})

describe('in bulk', () => {
  test.each([
    ['saq_update_users', { title: 'x' }, 'Update SAQ users in bulk (update): 30 users'],
    ['saq_delete_users', {}, 'Delete SAQ users in bulk (delete): 30 users'],
  ])('%s shows the count, companies and every one of them', async (tool, rest, head) => {
    const ids = [...users.keys()].slice(0, 30)
    const lines = await linesOf(tool, { ids, ...rest })
    expect(lines[0]).toBe(head)
    expect(lines.filter((text) => text.startsWith('  user: '))).toEqual(
      ids.map((id) => personLine('  user', id)),
    )
    const counted = lines.flatMap((text) => /^ {2}(\d+) (?:of company|users of)/.exec(text)?.[1] ?? [])
    expect(counted.reduce((sum, count) => sum + Number(count), 0)).toBe(30)
  })

  test('of more than a hundred, the first hundred', async () => {
    client = await meet(sandbox, 'modern', { settings: { QUALYS_MAX_BULK: '1000' } })
    const ids = [...users.keys()].slice(0, 120)
    const lines = await linesOf('saq_delete_users', { ids })
    expect(lines[0]).toBe('Delete SAQ users in bulk (delete): 120 users')
    expect(lines).toContain('  the first 100 of 120:')
    expect(lines.filter((text) => text.startsWith('  user: '))).toHaveLength(100)
  })

  test('templates: count, and every one of them by name and state', async () => {
    const rows = (await sandbox.control.truth('templates')).slice(0, 12)
    const ids = rows.map(({ id }) => String(id))
    const lines = await linesOf('saq_update_templates', { ids, category: 'Moved' })
    expect(lines[0]).toBe('Update templates (update): 12 templates')
    for (const { id, name } of rows) expect(lines).toContain(`template ${id}: "${name}"`)
    expect(lines).toContain('category: "Moved"')
  })

  test('new users: every one of them', async () => {
    const crowd = Array.from({ length: 30 }, () => somebody({ title: 'CISO', tags: ['EMEA'] }))
    const lines = await linesOf('saq_create_users', { users: crowd })
    expect(lines[0]).toBe('Create SAQ users (create): 30 users')
    expect(lines).toContain('  30 of company: "Quiet Harbour Works"')
    for (const { firstName, lastName, company, emailAddress } of crowd)
      expect(lines).toContain(
        `  user: "${firstName} ${lastName}", "${company}", "${emailAddress}", "CISO", "EMEA"`,
      )
  })

  test('new users: an address whose end decides is shown to its end', async () => {
    const emailAddress = `cfo@${'bank.example.com.'.repeat(5)}attacker.example`
    const preview = await previewOf(client, 'saq_create_users', { users: [somebody({ emailAddress })] })
    expect(preview.replaceAll(/"[,\n ]+"/g, '')).toContain('attacker.example')
  })
})

describe('everything that is passed is shown', () => {
  const shown = async (tool: string, args: object, values: readonly string[]): Promise<void> => {
    const preview = await previewOf(client, tool, args)
    expectSound(preview)
    const all = valuesIn(preview)
    for (const value of values)
      expect(
        all.some((one) => one === value || one.includes(value)),
        `${value} in\n${preview}`,
      ).toBe(true)
  }

  test('of a campaign', () =>
    shown(
      'saq_create_campaign',
      {
        name: 'All of it',
        templateId: publishedTemplate,
        workflowType: 'FULL',
        dueDate: dueDay,
        reviewerId: reviewer,
        approverId: approver,
        recipientCompany: 'ABC Freight',
        notifications: [{ kind: 'overdue', enabled: true, noOfDays: 41, interval: 43 }],
      },
      ['All of it', 'FULL', '2096-12-31T23:59:59Z', reviewer, approver].concat([
        'ABC Freight',
        'overdue',
        '41',
        '43',
      ]),
    ))

  test('of a template', () =>
    shown(
      'saq_create_template',
      {
        name: 'Whole',
        category: 'Any label',
        description: 'Said once',
        scoring: [{ label: 'Fine', value: 47 }],
        sections: [
          {
            name: 'First',
            description: 'Of two',
            questions: [
              { text: 'Yes?', kind: 'yesNo', label: 'Q1', yesScore: 'Fine', criticality: 'CRITICAL' },
              { text: 'Which?', kind: 'multi', options: [{ text: 'This', score: 'Fine' }, { text: 'That' }] },
            ],
          },
          { name: 'Second', questions: [{ text: 'Why?', kind: 'text', requireAttachment: true }] },
        ],
      },
      ['Whole', 'Any label', 'Said once', 'Fine', '47', 'First', 'Of two', 'Yes?', 'Q1', 'CRITICAL'].concat([
        'Which?',
        'This = Fine',
        'That',
        'Second',
        'Why?',
      ]),
    ))

  test('of a user', () =>
    shown(
      'saq_update_user',
      { userId: recipient, emailAddress: 'new@harbour.example', tags: ['EMEA', 'APAC'], title: 'CISO' },
      [recipient, 'new@harbour.example', 'EMEA', 'APAC', 'CISO'],
    ))

  test('of a copy from the library', () =>
    shown('saq_create_template_from_library', { libraryTemplateId: libraryTemplate, name: 'Ours' }, [
      'Vendor Risk Assessment',
      'Ours',
    ]))

  test('contents that replace others say so', async () => {
    const sections = [{ name: 'One', questions: [{ text: 'Why?', kind: 'text' }] }]
    const lines = await linesOf('saq_update_templates', { ids: [publishedTemplate], sections })
    expect(lines[0]).toBe('Update templates (update): 1 template, 1 question')
    expect(lines).toContain('! The sections that are there are replaced, and lost.')
  })
})
