import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approve } from '../../../src/commands/approve.ts'
import { eras, meet, temporaryFolder, yes } from '../../support/consent/by-hand.ts'
import { openSandbox } from '../../support/sandbox.ts'
import {
  activeCampaign,
  campaign,
  changesAt,
  inactiveCampaign,
  otherRecipient,
  recipient,
  saqCalls,
  somebody,
} from '../effects/saq-ground.ts'

// Whether a person is asked about an effect of SAQ, and what is sent after which answer.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let calls: Awaited<ReturnType<typeof saqCalls>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  calls = await saqCalls(sandbox.control)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const changes = () => changesAt(sandbox.control)
const unverified = { QUALYS_UNVERIFIED: 'all' }
const code = /qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})/

/** The effect that a preview tells. */
const effectIn = (preview: unknown): string => /^[^\n]*?\((\w+)\)/.exec(String(preview))?.[1] ?? ''

const tools: readonly (readonly [tool: string, effect: string])[] = [
  ['saq_create_template', 'create'],
  ['saq_create_template_from_library', 'create'],
  ['saq_update_templates', 'update'],
  ['saq_publish_template', 'update'],
  ['saq_create_template_version', 'create'],
  ['saq_delete_template', 'delete'],
  ['saq_create_campaign', 'create'],
  ['saq_update_campaign', 'update'],
  ['saq_launch_campaign', 'execute'],
  ['saq_cancel_campaign', 'execute'],
  ['saq_delete_campaign', 'delete'],
  ['saq_create_users', 'create'],
  ['saq_update_user', 'update'],
  ['saq_update_users', 'update'],
  ['saq_delete_user', 'delete'],
  ['saq_delete_users', 'delete'],
]

describe.each(eras)('%s era', (era) => {
  test.each(tools)('%s is asked about, as %s; after a no nothing is sent', async (tool, effect) => {
    const client = await meet(sandbox, era, { settings: unverified })
    for (const action of ['decline', 'cancel']) {
      const { text, isError } = await client.whole(tool, calls[tool] ?? {}, { action })
      expect(text).toMatch(/nothing was sent/)
      expect(isError).toBe(true)
    }
    expect(client.asked.map(({ message }) => effectIn(message))).toEqual([effect, effect])
    expect(await changes()).toEqual([])
  })

  test.each(tools)('%s: a client that cannot ask gets a code, and nothing is sent', async (tool) => {
    const client = await meet(sandbox, era, { settings: unverified, capabilities: {} })
    expect((await client.call(tool, calls[tool] ?? {})).text).toMatch(code)
    expect(await changes()).toEqual([])
  })

  test('a yes sends it once, and the same yes not again', async () => {
    const client = await meet(sandbox, era)
    const users = { users: [somebody()] }
    expect((await client.whole('saq_create_users', users, yes)).isError).toBe(false)
    expect(await changes()).toHaveLength(1)
    await client.whole('saq_create_users', users, { action: 'decline' })
    expect(client.asked).toHaveLength(2)
    expect(await changes()).toHaveLength(1)
  })

  test('a campaign by company: what a person approves in a terminal runs once, for that very call', async () => {
    const stateDir = temporaryFolder()
    const client = await meet(sandbox, era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    const { recipientIds: _, ...rest } = campaign(`By terminal, ${era}`)
    const args = { ...rest, recipientCompany: 'ABC Freight' }
    const found = code.exec((await client.call('saq_create_campaign', args)).text)?.[1] ?? ''
    const shown: string[] = []
    const terminal = { isTTY: true, ask: async () => 'yes', print: (text: string) => void shown.push(text) }
    expect(await approve(stateDir, found, terminal)).toBe(true)
    expect(shown.join('\n')).toMatch(/Create a campaign \(create\): 1 template, 28 recipients\n/)
    expect(shown.join('\n')).toMatch(/\n {2}28 of company: "ABC Freight"\n/)

    for (const other of [
      { ...args, recipientCompany: 'Harbour Cloud' },
      { ...args, recipientIds: [recipient] },
      { ...args, dueDate: '2095-12-31' },
    ])
      expect((await client.call('saq_create_campaign', other)).text).toMatch(code)
    expect(await changes()).toEqual([])

    expect((await client.call('saq_create_campaign', args)).isError).toBe(false)
    expect(await changes()).toHaveLength(1)
    expect((await client.call('saq_create_campaign', args)).text).toMatch(code)
    expect(await changes()).toHaveLength(1)
  })
})

describe('an update of a campaign that mails people', () => {
  const mailing: Readonly<Record<string, object>> = {
    'adds recipients': { addRecipientIds: [recipient] },
    'adds a company': { addRecipientCompany: 'ABC Freight' },
    'adds a tag': { addRecipientTag: 'Germany' },
    'removes recipients': { removeRecipientIds: [otherRecipient] },
    'changes notifications': { notifications: [{ kind: 'reminder', noOfDays: 1 }] },
    'gives it a reviewer': { reviewerId: '71077391' },
    'gives it an approver': { approverId: '89375990' },
    'switches a notification off': { notifications: [{ kind: 'overdue', enabled: false }] },
  }
  const quiet: Readonly<Record<string, object>> = {
    name: { name: 'Another name' },
    'due date': { dueDate: '2096-12-31' },
  }
  /** What was shown, and what was sent after a no. */
  const asked = async (campaignId: string, change: object, confirm?: string) => {
    await sandbox.control.forget()
    const settings = confirm === undefined ? {} : { QUALYS_CONFIRM: confirm }
    const client = await meet(sandbox, 'modern', { settings })
    const tag = (await sandbox.control.truth('users'))
      .flatMap(({ tags }) => tags as { name: string }[])
      .at(0)?.name
    const args = 'addRecipientTag' in change ? { addRecipientTag: tag } : change
    const { text } = await client.whole('saq_update_campaign', { campaignId, ...args }, { action: 'decline' })
    const [question] = client.asked
    return { effect: question && effectIn(question['message']), sent: (await changes()).length, text }
  }

  test.each(Object.entries(mailing))('of an active one, that %s, is execute', async (_what, change) => {
    expect(await asked(activeCampaign, change)).toMatchObject({ effect: 'execute', sent: 0 })
    expect(await asked(activeCampaign, change, 'execute')).toMatchObject({ effect: 'execute', sent: 0 })
    // Under either name.
    expect(await asked(activeCampaign, change, 'update')).toMatchObject({ effect: 'execute', sent: 0 })
  })

  test.each(Object.entries(mailing))('of an inactive one, that %s, is update', async (_what, change) => {
    expect(await asked(inactiveCampaign, change)).toMatchObject({ effect: 'update', sent: 0 })
    expect(await asked(inactiveCampaign, change, 'update')).toMatchObject({ effect: 'update', sent: 0 })
  })

  test.each(Object.entries(quiet))('of an active one, %s alone, is update', async (_what, change) => {
    expect(await asked(activeCampaign, change)).toMatchObject({ effect: 'update', sent: 0 })
  })

  test('is not asked about where only deletions are', async () => {
    const change = { notifications: [{ kind: 'reminder', noOfDays: 2 }] }
    const { effect, sent, text } = await asked(activeCampaign, change, 'delete')
    expect({ effect, sent }, text).toEqual({ effect: undefined, sent: 1 })
  })

  test('of an inactive one is not asked about where only execute is', async () => {
    const { effect, sent } = await asked(inactiveCampaign, { addRecipientIds: [recipient] }, 'execute')
    expect({ effect, sent }).toEqual({ effect: undefined, sent: 1 })
  })

  /** Asked about under execute alone, with another status than the sandbox would tell. */
  const askedWithStatus = async (element: string) => {
    const url = `${sandbox.apiUrl}/qps/rest/1.0/get/saq/questionnairecampaign/${inactiveCampaign}`
    const authorization = `Basic ${Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')}`
    const known = await (await fetch(url, { headers: { authorization } })).text()
    const body = known.replace(/<status>[^<]*<\/status>/, element)
    const route = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
    await sandbox.control.faults([{ route, kind: 'reply', body, contentType: 'application/xml' }])
    const { effect, sent } = await asked(inactiveCampaign, { addRecipientIds: [recipient] }, 'execute')
    return { effect, sent }
  }

  // Of a campaign that cannot be seen, the worst is thought.
  test('of one that shows no status is execute', async () =>
    expect(await askedWithStatus('')).toEqual({ effect: 'execute', sent: 0 }))

  test.each(['Active', 'LAUNCHED'])('of one in a status that nobody knows, %s, is execute', async (status) =>
    expect(await askedWithStatus(`<status>${status}</status>`)).toEqual({ effect: 'execute', sent: 0 }),
  )
})

describe('narrowed to some effects', () => {
  const narrowed = async (confirm: string, tool: string, args: object) => {
    const client = await meet(sandbox, 'modern', { settings: { ...unverified, QUALYS_CONFIRM: confirm } })
    await client.whole(tool, args, { action: 'decline' })
    return client.asked.length
  }

  test('a launch is asked about under execute, not under delete', async () => {
    const { text } = await (await meet(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })).call(
      'saq_create_campaign',
      campaign('To be launched'),
    )
    const campaignId = /campaign (\d+) created/.exec(text)?.[1]
    expect(await narrowed('execute', 'saq_launch_campaign', { campaignId })).toBe(1)
    await sandbox.control.forget()
    expect(await narrowed('delete', 'saq_launch_campaign', { campaignId })).toBe(0)
    expect(await changes()).toHaveLength(1)
  })

  test('deletions are asked about under delete, one and many', async () => {
    expect(await narrowed('delete', 'saq_delete_users', { ids: [recipient] })).toBe(1)
    expect(await narrowed('delete', 'saq_delete_campaign', { campaignId: activeCampaign })).toBe(1)
    expect(await changes()).toEqual([])
  })
})

describe('read-only', () => {
  test.each(tools)('%s does not exist', async (tool) => {
    const client = await meet(sandbox, 'modern', { settings: { ...unverified, QUALYS_MODE: 'read-only' } })
    const { text, isError } = await client.whole(tool, calls[tool] ?? {}, yes)
    expect(isError).toBe(true)
    expect(text).toMatch(/not found/)
    expect(await changes()).toEqual([])
  })
})
