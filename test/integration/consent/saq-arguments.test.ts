import { describe, expect } from 'vitest'
import { frameOf, hostileTexts, inOneLine, valuesIn } from '../../support/consent/previews.ts'
import { eras } from '../../support/consent/raw-client.ts'
import {
  approver,
  dueDay,
  libraryTemplate,
  newUser,
  publishedTemplate,
  recipient,
  reviewer,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'
import { personRow, previewTest as test } from './saq-fixtures.ts'

// What a person reads before an effect of SAQ: all arguments, in bulk too. (Every value and every text:
// test/unit/consent.)

describe('in bulk', () => {
  test.for<readonly [string, object, string]>([
    ['saq_update_users', { title: 'x' }, 'Update SAQ users in bulk (update): 30 users'],
    ['saq_delete_users', {}, 'Delete SAQ users in bulk (delete): 30 users'],
  ])(
    '%s shows the count, companies and every one of them',
    async ([tool, rest, head], { users, linesOf }) => {
      const ids = [...users.keys()].slice(0, 30)
      const lines = await linesOf(tool, { ids, ...rest })
      expect(lines[0]).toBe(head)
      const from = lines.indexOf('users (id, name, company, address, title, tags):') + 1
      expect(from).toBeGreaterThan(0)
      for (const [at, id] of ids.entries())
        expect(lines[from + at]?.startsWith(`${personRow(id, users)}, "`)).toBe(true)
      const counted = lines.flatMap(
        (text) => /^ {2}"[^"]*", "(\d+) (?:person|people)"$/.exec(text)?.[1] ?? [],
      )
      expect(counted.reduce((sum, count) => sum + Number(count), 0)).toBe(30)
    },
  )

  test('templates: the count, and each of them by name and state', async ({ sandbox, linesOf }) => {
    const rows = (await sandbox.control.dump('templates')).slice(0, 10)
    const ids = rows.map(({ id }) => String(id))
    const lines = await linesOf('saq_update_templates', { ids, category: 'Moved' })
    expect(lines[0]).toBe('Update templates (update): 10 templates')
    expect(lines).toContain('templates (id, name, state, revision, questions, category):')
    for (const { id, name, state } of rows)
      expect(lines.some((text) => text.startsWith(`  "${id}", "${name}", "${state}", `))).toBe(true)
    expect(lines).toContain('category: "Moved"')
  })

  test('new users: each of them', async ({ linesOf }) => {
    const crowd = Array.from({ length: 30 }, () => newUser({ title: 'CISO', tags: ['EMEA'] }))
    const lines = await linesOf('saq_create_users', { users: crowd })
    expect(lines[0]).toBe('Create SAQ users (create): 30 users')
    expect(lines).toContain('  "Quiet Harbour Works", "30 people"')
    for (const { firstName, lastName, company, emailAddress } of crowd)
      expect(lines).toContain(`  "${firstName} ${lastName}", "${company}", "${emailAddress}", "CISO", "EMEA"`)
  })
})

describe('everything that is passed is shown', () => {
  const passed: readonly (readonly [what: string, tool: string, args: object, values: readonly string[]])[] =
    [
      [
        'of a campaign',
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
      ],

      [
        'of a template',
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
                {
                  text: 'Which?',
                  kind: 'multi',
                  options: [{ text: 'This', score: 'Fine' }, { text: 'That' }],
                },
              ],
            },
            { name: 'Second', questions: [{ text: 'Why?', kind: 'text', requireAttachment: true }] },
          ],
        },
        ['Whole', 'Any label', 'Said once', 'Fine', '47', 'First', 'Of two', 'Yes?', 'Q1', 'CRITICAL'].concat(
          ['Which?', 'This = Fine', 'That', 'Second', 'Why?'],
        ),
      ],

      [
        'of a user',
        'saq_update_user',
        { userId: recipient, emailAddress: 'new@harbour.example', tags: ['EMEA', 'APAC'], title: 'CISO' },
        [recipient, 'new@harbour.example', 'EMEA', 'APAC', 'CISO'],
      ],

      [
        'of a copy from the library',
        'saq_create_template_from_library',
        { libraryTemplateId: libraryTemplate, name: 'Ours' },
        ['Vendor Risk Assessment', 'Ours'],
      ],
    ]

  test.for(passed)('%s', async ([, tool, args, values], { linesOf }) => {
    const all = valuesIn((await linesOf(tool, args)).join('\n'))
    for (const value of values)
      expect(
        all.some((one) => one.includes(value)),
        value,
      ).toBe(true)
  })

  test('contents that replace existing ones are marked as such', async ({ linesOf }) => {
    const sections = [{ name: 'One', questions: [{ text: 'Why?', kind: 'text' }] }]
    const lines = await linesOf('saq_update_templates', { ids: [publishedTemplate], sections })
    expect(lines[0]).toBe(
      'Update templates (update): 1 template, 1 question, 1 question added, 19 questions removed',
    )
    expect(lines[1]).toMatch(/^! 19 of 19 questions fall: "[^"]+", "[^"]+", "[^"]+" and 16 more\.$/)
    expect(lines).toContain('! The sections that are there are replaced, and lost.')
  })
})

// Vendors write names, titles and companies: none of them can add a line to a preview.
describe('people whose names hold', () => {
  const texts = ['a closing quote and a line', 'a line separator', 'words backwards']

  /** Users with this text in each of their fields, as far as XML can carry it. */
  const saying = (text: string): object[] => {
    const written = [...text].map((character) => `&#${character.codePointAt(0)};`).join('')
    const fields = ['firstName', 'lastName', 'company', 'emailAddress', 'title']
    const users = [recipient, reviewer].map(
      (id) =>
        `<User><id>${id}</id>${fields.map((field) => `<${field}>${written}</${field}>`).join('')}</User>`,
    )
    const body = `<?xml version="1.0"?><ServiceResponse><responseCode>SUCCESS</responseCode><count>2</count><hasMoreRecords>false</hasMoreRecords><data>${users.join('')}</data></ServiceResponse>`
    const route = 'POST /qps/rest/1.0/search/saq/user'
    return [{ route, kind: 'reply', body, contentType: 'application/xml' }]
  }
  const call = ['saq_delete_users', { ids: [recipient, reviewer] }] as const

  test.for(texts)('%s: the preview is ours except for its values', async (what, { sandbox, linesOf }) => {
    await sandbox.control.faults(saying('harmless'))
    const harmless = (await linesOf(...call)).join('\n')
    await sandbox.control.faults(saying(hostileTexts[what] ?? ''))
    const preview = (await linesOf(...call)).join('\n')
    expect(inOneLine(frameOf(preview))).toBe(inOneLine(frameOf(harmless)))
    expect(preview).not.toBe(harmless)
  })

  test.for(eras)(
    '%s era: text with control characters is refused as an argument',
    async (era, { sandbox, connect }) => {
      const client = await connect(era)
      const text = hostileTexts['commands to a terminal']
      const result = await client.callAndAnswer('saq_update_user', { userId: recipient, title: text })
      expect(result.text).toMatch(/holds control characters, which XML cannot carry; leave them out/)
      expect(client.questions).toEqual([])
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    },
  )
})

test('a secret that the preview cuts in two is masked', async ({ connect }) => {
  const secret = 'Correct-Horse-Battery-77'
  const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_SECRET_VENDOR: secret }
  const text = `${'x'.repeat(70)}${secret} ${'y'.repeat(90)}`
  const sections = [{ name: 'S', questions: [{ text, kind: 'text' }] }]
  const client = await connect('modern', { settings })
  const { preview = '' } = await client.call('saq_create_template', { name: 'N', category: 'C', sections })
  expect(preview.replaceAll(/"\n *"/g, '')).toContain('x[masked-by-qualys-mcp] y')
  expect(preview).not.toMatch(/Correct|Battery/)
})
