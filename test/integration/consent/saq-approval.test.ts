import { describe, expect } from 'vitest'
import { answerInTerminal, codeIn, codeText, consentTest } from '../../support/consent/fixtures.ts'
import { eras, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import {
  activeCampaign,
  campaign,
  inactiveCampaign,
  newUser,
  recipient,
  saqCalls,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'
import type { SandboxRequest } from '../../support/sandbox.ts'

// Whether a person is asked about an effect of SAQ, and what is sent after which answer. (Every input that mails
// people: test/unit/consent/effect-of-input.test.ts.)

const unverified = { QUALYS_UNVERIFIED: 'all' }
const test = consentTest.extend<{ changes: () => Promise<SandboxRequest[]> }>({
  changes: async ({ sandbox }, use) => use(() => saqChangeRequests(sandbox.control)),
})

/** The effect that a preview names. */
const effectIn = (preview: unknown): string => /^[^\n]*?\((\w+)\)/.exec(String(preview))?.[1] ?? ''

/** One of each kind. */
const kinds: readonly (readonly [tool: string, effect: string])[] = [
  ['saq_create_campaign', 'create'],
  ['saq_update_templates', 'update'],
  ['saq_launch_campaign', 'execute'],
  ['saq_delete_users', 'delete'],
]

describe.each(eras)('%s era', (era) => {
  test.for(kinds)(
    '%s needs approval, as %s; after a no nothing is sent',
    async ([tool, effect], { sandbox, connect, changes }) => {
      const calls = await saqCalls(sandbox.control)
      const client = await connect(era, { settings: unverified })
      for (const action of ['decline', 'cancel']) {
        const { text, isError } = await client.callAndAnswer(tool, calls[tool] ?? {}, { action })
        expect(text).toMatch(/nothing was sent/)
        expect(isError).toBe(true)
      }
      expect(client.questions.map(({ message }) => effectIn(message))).toEqual([effect, effect])
      expect(await changes()).toEqual([])
    },
  )

  test('a client that cannot ask gets a code, and nothing is sent', async ({ connect, changes }) => {
    const client = await connect(era, { capabilities: {} })
    expect((await client.call('saq_delete_user', { userId: recipient })).text).toMatch(codeText)
    expect(await changes()).toEqual([])
  })

  test('a yes sends it once, and the same yes does not count again', async ({ connect, changes }) => {
    const client = await connect(era)
    const users = { users: [newUser()] }
    expect((await client.callAndAnswer('saq_create_users', users, yes)).isError).toBe(false)
    expect(await changes()).toHaveLength(1)
    await client.callAndAnswer('saq_create_users', users, { action: 'decline' })
    expect(client.questions).toHaveLength(2)
    expect(await changes()).toHaveLength(1)
  })

  test('a campaign by company: an approval in a terminal runs that very call once', async ({
    connect,
    changes,
  }) => {
    const stateDir = temporaryFolder()
    const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    const { recipientIds: _, ...rest } = campaign('By terminal')
    const args = { ...rest, recipientCompany: 'ABC Freight' }
    const shown = await answerInTerminal(stateDir, codeIn(await client.call('saq_create_campaign', args)))
    expect(shown).toMatch(/Create a campaign \(create\): 1 template, 28 recipients\n/)
    expect(shown).toMatch(/\n {2}"ABC Freight", "28 people"\n/)

    for (const other of [
      { ...args, recipientCompany: 'Harbour Cloud' },
      { ...args, recipientIds: [recipient] },
      { ...args, dueDate: '2095-12-31' },
    ])
      expect((await client.call('saq_create_campaign', other)).text).toMatch(codeText)
    expect(await changes()).toEqual([])

    expect((await client.call('saq_create_campaign', args)).isError).toBe(false)
    expect(await changes()).toHaveLength(1)
    expect((await client.call('saq_create_campaign', args)).text).toMatch(codeText)
    expect(await changes()).toHaveLength(1)
  })
})

interface DeclinedChange {
  /** The effect that a person was asked about; undefined without a question. */
  readonly effect: string | undefined
  readonly sent: number
}

describe('an update of a campaign that mails people', () => {
  const adds = { addRecipientIds: [recipient] }
  const updateTest = test.extend<{
    /** What was shown, and what was sent after a no. */
    asked: (campaignId: string, change: object, confirm?: string) => Promise<DeclinedChange>
  }>({
    asked: async ({ connect, changes }, use) => {
      await use(async (campaignId, change, confirm) => {
        const settings = confirm === undefined ? {} : { QUALYS_CONFIRM: confirm }
        const client = await connect('modern', { settings })
        await client.callAndAnswer('saq_update_campaign', { campaignId, ...change }, { action: 'decline' })
        const [question] = client.questions
        return { effect: question && effectIn(question['message']), sent: (await changes()).length }
      })
    },
  })

  updateTest('of an active campaign is execute, under either name', async ({ asked }) => {
    for (const confirm of [undefined, 'execute', 'update'])
      expect(await asked(activeCampaign, adds, confirm)).toEqual({ effect: 'execute', sent: 0 })
  })

  updateTest('of an active campaign needs no approval where only deletions do', async ({ asked }) => {
    const change = { notifications: [{ kind: 'reminder', noOfDays: 2 }] }
    expect(await asked(activeCampaign, change, 'delete')).toEqual({ effect: undefined, sent: 1 })
  })

  updateTest(
    'of an inactive campaign is update, and needs no approval where only execute does',
    async ({ asked }) => {
      expect(await asked(inactiveCampaign, adds)).toEqual({ effect: 'update', sent: 0 })
      expect(await asked(inactiveCampaign, adds, 'execute')).toEqual({ effect: undefined, sent: 1 })
    },
  )

  // For a campaign that cannot be read, the strongest effect is assumed.
  updateTest.for(['', '<status>LAUNCHED</status>'])(
    'of a campaign whose record shows the status %j is execute',
    async (element, { sandbox, asked }) => {
      const url = `${sandbox.apiUrl}/qps/rest/1.0/get/saq/questionnairecampaign/${inactiveCampaign}`
      const login = Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')
      const known = await (await fetch(url, { headers: { authorization: `Basic ${login}` } })).text()
      expect(known).toMatch(/<status>INACTIVE<\/status>/)
      const body = known.replace(/<status>[^<]*<\/status>/, element)
      const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
      await sandbox.control.faults([{ route, kind: 'reply', body, contentType: 'application/xml' }])
      expect(await asked(inactiveCampaign, adds, 'execute')).toEqual({ effect: 'execute', sent: 0 })
    },
  )
})

test('read-only: no effect of SAQ exists', async ({ sandbox, connect, changes }) => {
  const calls = await saqCalls(sandbox.control)
  const client = await connect('modern', { settings: { ...unverified, QUALYS_MODE: 'read-only' } })
  expect(Object.keys(calls).length).toBeGreaterThan(10)
  for (const [tool, args] of Object.entries(calls)) {
    const { text, isError } = await client.callAndAnswer(tool, args, yes)
    expect(isError, tool).toBe(true)
    expect(text).toMatch(/not found/)
  }
  expect(await changes()).toEqual([])
})
