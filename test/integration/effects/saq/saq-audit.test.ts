import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { verifyAudit } from '../../../../src/tools/effects/audit/verify-audit.ts'
import { buildServerParts } from '../../../support/assistant.ts'
import { eras, RawClient, yes } from '../../../support/consent/raw-client.ts'
import { auditedEnvironment, effectTest, sentEvents } from '../../../support/effects/fixtures.ts'
import { effects } from '../../../support/effects/in-memory.ts'
import {
  activeCampaign,
  campaign,
  inactiveCampaign,
  lastRow,
  newUser,
  recipient,
  saqCalls,
  template,
} from '../../../support/effects/saq/saq-objects.ts'

// What the audit log contains for effects of SAQ. (Each outcome: test/unit/effects/perform.test.ts.)

const launching = 'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}'
const test = effectTest({ jobs: 100 })

describe('an effect', () => {
  test('is logged as asked, approved, sent and answered, in one chain that ends', async ({
    sandbox,
    server,
    audit,
  }) => {
    const args = campaign('Audited')
    expect((await server.call('saq_create_campaign', args)).isError).toBe(false)
    const { id } = await lastRow(sandbox.control, 'campaigns')
    const [asked, approved, sent, answered] = audit.lines().map(({ facts }) => facts)
    const same = {
      tool: 'saq_create_campaign',
      call: expect.stringMatching(/^[0-9a-f]{16}$/),
      attempt: expect.stringMatching(/^[0-9a-f]{8}$/),
    }
    expect(asked).toEqual({
      ...same,
      effect: 'create',
      arguments: { ...args, dueDate: '2096-12-31T23:59:59Z' },
    })
    expect(approved).toMatchObject({
      ...same,
      effect: 'create',
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sent).toEqual(same)
    expect(answered).toEqual({ ...same, outcome: 'done', id: String(id) })
    await server.close()
    expect(await verifyAudit(audit.file)).toEqual({ lines: ['1 chain, 6 lines: intact'], ok: true })
  })

  test('of every tool leaves the four lines', async ({ sandbox, server, audit }) => {
    const calls = await saqCalls(sandbox.control)
    const tools = Object.keys(calls)
    expect(tools.length).toBeGreaterThan(10)
    // All get the same answer, so that none of them changes what the next one meets.
    const routes = effects.filter(({ name }) => tools.includes(name)).map(({ route }) => route)
    await sandbox.control.faults(routes.map((route) => ({ route, kind: 'status', status: 502 })))
    for (const [tool, args] of Object.entries(calls)) await server.call(tool, args)
    expect(audit.events()).toEqual(tools.flatMap(() => sentEvents))
    const answered = audit.lines().filter(({ event }) => event === 'answered')
    expect(answered.map(({ facts }) => [facts['tool'], facts['outcome']])).toEqual(
      tools.map((tool) => [tool, 'unclear']),
    )
  })

  test('that mails everybody of a campaign leaves the ids of all of them', async ({
    sandbox,
    server,
    audit,
  }) => {
    await server.call('saq_launch_campaign', { campaignId: inactiveCampaign })
    const [launched] = (await sandbox.control.dump('campaigns')).filter(
      ({ id }) => String(id) === inactiveCampaign,
    )
    const recipients = launched?.['recipientIds'] as readonly unknown[]
    const ids = recipients.map(String)
    expect(ids.length).toBeGreaterThan(1)
    const { targets, counts } = audit.factsOf('approved') ?? {}
    expect((targets as { recipients: string[] }).recipients.toSorted()).toEqual(ids.sort())
    expect(counts).toMatchObject({ recipients: ids.length, campaigns: 1 })
  })

  test('is logged with its real effect: an update that mails people is approved as execute', async ({
    server,
    audit,
  }) => {
    await server.call('saq_update_campaign', { campaignId: activeCampaign, addRecipientIds: [recipient] })
    expect(audit.factsOf('approved')).toMatchObject({ effect: 'execute' })
  })

  test.for<readonly [string, object, object]>([
    ['unclear', { kind: 'status', status: 502 }, { outcome: 'unclear', status: 502 }],
    ['unclear by a page', { kind: 'html', status: 200 }, { outcome: 'unclear' }],
    ['refused by Qualys', { kind: 'status', status: 403 }, { outcome: 'setup', status: 403 }],
    [
      'refused inside a success',
      {
        kind: 'reply',
        contentType: 'application/xml',
        body: '<ServiceResponse><responseCode>INVALID_REQUEST</responseCode></ServiceResponse>',
      },
      { outcome: 'input' },
    ],
    ['busy', { kind: 'limit' }, { outcome: 'busy', status: 409 }],
  ])('may be answered: %s', async ([, fault, facts], { sandbox, server, audit }) => {
    await sandbox.control.faults([{ route: launching, ...fault }])
    await server.call('saq_launch_campaign', { campaignId: inactiveCampaign })
    expect(audit.events()).toEqual(sentEvents)
    expect(audit.factsOf('answered')).toMatchObject({ tool: 'saq_launch_campaign', ...facts })
  })

  test.for<readonly [string, string, object, object]>([
    [
      'for what it acts on',
      'saq_launch_campaign',
      { campaignId: activeCampaign },
      { kind: 'input', why: expect.stringMatching(/only INACTIVE ones/) },
    ],
    [
      'for its arguments',
      'saq_create_campaign',
      { ...campaign('x'), workflowType: 'FULL' },
      { kind: 'input', why: expect.stringMatching(/needs an approver/) },
    ],
  ])(
    'refused %s: logged as asked and refused, and nothing is sent',
    async ([, tool, args, facts], { server, audit }) => {
      await server.call(tool, args)
      expect(audit.events()).toEqual(['asked', 'refused'])
      expect(audit.factsOf('refused')).toMatchObject({ tool, ...facts })
    },
  )
})

describe('what no line holds', () => {
  test('the password, and more of the people of a company than the preview and their ids', async ({
    sandbox,
    server,
    audit,
  }) => {
    const { recipientIds: _, ...rest } = campaign('By company')
    await server.call('saq_create_campaign', { ...rest, recipientCompany: 'ABC Freight' })
    await server.call('saq_cancel_campaign', { campaignId: inactiveCampaign })
    const written = readFileSync(audit.file, 'utf8')
    expect(audit.events().filter((event) => event === 'sent')).toHaveLength(2)
    expect(written).not.toContain(sandbox.password)
    expect(written).not.toContain(Buffer.from('sandbox_ab1:sandbox1').toString('base64'))
    const { targets, counts, shown } = audit.factsOf('approved') ?? {}
    const people = (targets as { newRecipients: string[] }).newRecipients
    expect(people.length).toBeGreaterThan(10)
    expect(counts).toMatchObject({ newRecipients: people.length })
    expect(JSON.stringify(shown).match(/@abc-freight\.example/g)?.length).toBeLessThanOrEqual(people.length)
    expect(JSON.stringify({ ...audit.factsOf('approved'), shown: '' })).not.toContain('@')
  })

  test('more of an answer than its outcome and id', async ({ server, audit }) => {
    await server.call('saq_create_users', { users: [newUser(), newUser()] })
    expect(Object.keys(audit.factsOf('answered') ?? {}).sort()).toEqual([
      ...['attempt', 'call', 'id', 'outcome', 'tool'],
    ])
  })

  test('the contents of a template, but where the preview shows them', async ({ server, audit }) => {
    const text = 'Which of your keys are older than a year?'
    const sections = [{ name: 'Keys', questions: [{ text, kind: 'text' }] }]
    await server.call('saq_create_template', { ...template('Content'), sections })
    expect(audit.events()).toEqual(sentEvents)
    for (const { facts } of audit.lines()) expect(JSON.stringify({ ...facts, shown: '' })).not.toContain(text)
  })
})

describe.each(eras)('a person, %s era', (era) => {
  const again = era === 'modern' ? ['asked'] : []

  test.for<readonly [string, object, readonly string[], object]>([
    ['who says yes', yes, sentEvents.slice(1), { by: 'a person, asked by the client' }],
    ['who says no', { action: 'decline' }, ['refused'], { kind: 'declined' }],
  ])('%s', async ([, answer, events, facts], { sandbox, audit, folder, closing }) => {
    const parts = buildServerParts(auditedEnvironment(sandbox, audit, { QUALYS_STATE_DIR: folder }))
    const client = await RawClient.open(parts.options, era)
    closing.push(parts, client)
    await client.callAndAnswer('saq_create_users', { users: [newUser()] }, { ...answer })
    expect(audit.events()).toEqual(['asked', 'asked', ...again, ...events])
    expect(audit.factsOf(String(events[0]))).toMatchObject(facts)
  })
})
