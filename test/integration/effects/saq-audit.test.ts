import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { verifyAudit } from '../../../src/commands/audit.ts'
import { partsOf } from '../../support/assistant.ts'
import { ByHand, eras, yes } from '../../support/consent/by-hand.ts'
import { effects } from '../../support/effects/bench.ts'
import { Audited, whole } from './audited.ts'
import {
  activeCampaign,
  campaign,
  inactiveCampaign,
  lastOf,
  recipient,
  saqCalls,
  somebody,
  template,
} from './saq-ground.ts'

// What the audit log holds of effects of SAQ.

const log = new Audited()
const launching = 'POST /qps/rest/1.0/launch/saq/questionnairecampaign/{campaignId}'

describe('an effect', () => {
  test('is asked, approved, sent and answered, in one chain that ends', async () => {
    const server = await log.serve()
    const args = campaign('Audited')
    expect((await server.call('saq_create_campaign', args)).isError).toBe(false)
    const { id } = await lastOf(log.sandbox.control, 'campaigns')
    const [asked, approved, sent, answered] = log.lines().map(({ facts }) => facts)
    const same = { tool: 'saq_create_campaign', call: expect.stringMatching(/^[0-9a-f]{16}$/) }
    expect(asked).toEqual({
      ...same,
      effect: 'create',
      arguments: { ...args, dueDate: '2096-12-31T23:59:59Z' },
    })
    expect(approved).toEqual({
      ...same,
      effect: 'create',
      by: 'settings',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sent).toEqual(same)
    expect(answered).toEqual({ ...same, outcome: 'done', id: String(id) })
    await log.close()
    expect(await verifyAudit(log.file)).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
  })

  test('of every kind leaves the four lines', async () => {
    const server = await log.serve()
    const calls = await saqCalls(log.sandbox.control)
    // The same answer to all, so that none of them changes what the next one meets.
    const routes = effects.filter(({ name }) => Object.hasOwn(calls, name)).map(({ route }) => route)
    await log.sandbox.control.faults(routes.map((route) => ({ route, kind: 'status', status: 502 })))
    for (const [tool, args] of Object.entries(calls)) await server.call(tool, args)
    expect(log.events()).toEqual(Object.keys(calls).flatMap(() => whole))
    const answered = log.lines().filter(({ event }) => event === 'answered')
    expect(answered.map(({ facts }) => [facts['tool'], facts['outcome']])).toEqual(
      Object.keys(calls).map((tool) => [tool, 'unclear']),
    )
  })

  test('says what it turned out to be: an update that mails people is approved as execute', async () => {
    const server = await log.serve()
    await server.call('saq_update_campaign', { campaignId: activeCampaign, addRecipientIds: [recipient] })
    expect(log.factsOf('approved')).toMatchObject({ effect: 'execute' })
    const from = log.lines().length
    await server.call('saq_update_campaign', { campaignId: activeCampaign, name: 'Quiet' })
    const approved = log
      .lines()
      .slice(from)
      .find(({ event }) => event === 'approved')
    expect(approved?.facts).toMatchObject({ effect: 'update' })
  })

  test.each<readonly [string, object, object]>([
    ['unclear', { kind: 'status', status: 502 }, { outcome: 'unclear', status: 502 }],
    ['unclear by a lost connection', { kind: 'resetAfterBody' }, { outcome: 'unclear' }],
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
  ])('may be answered: %s', async (_what, fault, facts) => {
    const { control } = log.sandbox
    const waiting = (await control.truth('campaigns')).find(({ name }) => name === 'Policy attestation 2027')
    const campaignId = String(
      waiting?.['status'] === 'INACTIVE'
        ? waiting['id']
        : (await control.truth('campaigns')).find(({ status }) => status === 'INACTIVE')?.['id'],
    )
    await control.faults([{ route: launching, ...fault }])
    await (await log.serve()).call('saq_launch_campaign', { campaignId })
    expect(log.events()).toEqual(whole)
    expect(log.factsOf('answered')).toMatchObject({ tool: 'saq_launch_campaign', ...facts })
  })

  test.each<readonly [string, string, object, object]>([
    [
      'by the operator',
      'saq_update_users',
      { ids: Array.from({ length: 101 }, (_, at) => `${at + 1}`), title: 'x' },
      { kind: 'setup', why: expect.stringMatching(/QUALYS_MAX_BULK/) },
    ],
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
  ])('refused %s: asked and refused, and nothing is sent', async (_what, tool, args, facts) => {
    await (await log.serve()).call(tool, args)
    expect(log.events()).toEqual(['asked', 'refused'])
    expect(log.factsOf('refused')).toMatchObject({ tool, ...facts })
  })
})

describe('what stands in no line', () => {
  test('the account, its password, and what Qualys tells of recipients', async () => {
    const server = await log.serve()
    const { recipientIds: _, ...rest } = campaign('By company')
    await server.call('saq_create_campaign', { ...rest, recipientCompany: 'ABC Freight' })
    await server.call('saq_cancel_campaign', { campaignId: inactiveCampaign })
    const written = readFileSync(log.file, 'utf8')
    expect(written).not.toContain(log.sandbox.username)
    expect(written).not.toContain(Buffer.from('sandbox_ab1:sandbox1').toString('base64'))
    expect(written).not.toMatch(/abc-freight\.example|acme\.example/)
  })

  test('of an answer more than its outcome and id', async () => {
    const server = await log.serve()
    await server.call('saq_create_users', { users: [somebody(), somebody()] })
    expect(Object.keys(log.factsOf('answered') ?? {}).sort()).toEqual(['call', 'id', 'outcome', 'tool'])
  })

  // perform.ts keeps `content` by its hash, and the contents of a template as they are, up to some megabytes.
  test('the contents of a template', async () => {
    const server = await log.serve()
    const text = 'Which of your keys are older than a year?'
    const sections = [{ name: 'Keys', questions: [{ text, kind: 'text' }] }]
    await server.call('saq_create_template', { ...template('Content'), sections })
    expect(log.events()).toEqual(whole)
    expect(readFileSync(log.file, 'utf8')).not.toContain(text)
  })
})

describe.each(eras)('a person, %s era', (era) => {
  const again = era === 'modern' ? ['asked'] : []

  test.each([
    ['who says yes', yes, whole.slice(1), { by: 'a person, asked by the client' }],
    ['who says no', { action: 'decline' }, ['refused'], undefined],
  ])('%s', async (_what, answer, events, approved) => {
    const parts = partsOf(log.environment({ QUALYS_STATE_DIR: log.folder.path }))
    const client = await ByHand.open(parts.options, era)
    log.open.push(parts, client)
    await client.whole('saq_create_users', { users: [somebody()] }, answer)
    expect(log.events()).toEqual(['asked', ...again, ...events])
    if (approved) expect(log.factsOf('approved')).toMatchObject(approved)
    else expect(log.factsOf('refused')).toMatchObject({ kind: 'declined' })
  })
})
