import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import type { Row } from '../../../src/session/answer.ts'
import {
  BusyError,
  DriftError,
  InputError,
  SetupError,
  UnclearError,
  VendorError,
} from '../../../src/shared/errors.ts'
import { auditedCall, factsOf, fail, fleet, run, update } from '../../support/effects/audited-call.ts'
import { endless } from '../../support/effects/in-memory.ts'
import { campaign, template } from '../../support/effects/saq/saq-objects.ts'

// One call of an effect: the log, and how answers are handled.

describe('the log', () => {
  test('holds what was asked, approved, sent and answered', async () => {
    const done = await auditedCall(run)
    const same = {
      tool: 'car_execute_script',
      call: expect.stringMatching(/^[0-9a-f]{16}$/),
      attempt: expect.stringMatching(/^[0-9a-f]{8}$/),
    }
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/)
    expect(done.lines).toEqual([
      ['asked', { ...same, effect: 'execute', arguments: { scriptId: '7', assetIds: ['1'] } }],
      [
        'approved',
        {
          ...same,
          effect: 'execute',
          by: 'settings',
          digest: hash,
          record: {
            ...{
              v: 1,
              account: 'memory somebody',
              caller: 'stdio',
              tool: 'car_execute_script',
              effect: 'execute',
            },
            ...{ server: endless.server, platform: 'none', arguments: hash, preview: hash },
            id: expect.stringMatching(/^[0-9a-f]{32}$/),
            ...{ asked: expect.stringMatching(/Z$/), until: expect.stringMatching(/Z$/) },
          },
          counts: { hosts: 1, scripts: 1 },
          targets: { hosts: ['1'], scripts: ['7'] },
          shown: {
            headline: 'Run a script on hosts (execute): 1 host, 1 script',
            warnings: [expect.stringMatching(/^A run cannot be stopped/)],
            blocks: expect.arrayContaining([{ label: 'account', values: ['memory somebody'] }]),
          },
        },
      ],
      ['sent', same],
      ['answered', { ...same, outcome: 'done', id: 'run-1' }],
    ])
    for (const name of ['call', 'attempt'])
      expect(new Set(done.lines.map(([, facts]) => facts[name])).size).toBe(1)
  })

  test('identifies a call by its tool and arguments', async () => {
    const call = async (one: readonly [string, object]) => factsOf(await auditedCall(one), 'asked')?.['call']
    expect(await call(run)).toBe(await call(['car_execute_script', { assetIds: ['1'], scriptId: '7' }]))
    expect(await call(run)).not.toBe(await call(['car_execute_script', { scriptId: 7, assetIds: [1, 2] }]))
    expect(await call(['car_block_assets', { assetIds: [1] }])).not.toBe(
      await call(['car_unblock_assets', { assetIds: [1] }]),
    )
  })

  test('holds contents by their hash', async () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
    const content = { scriptId: 7, content: 'Get-Date', comment: 'simpler' }
    expect(factsOf(await auditedCall(['car_update_script', content]), 'asked')?.['arguments']).toEqual({
      ...{ scriptId: '7', comment: 'simpler', content: `sha256 ${sha256('Get-Date')}` },
    })
    const made = await auditedCall(['saq_create_template', template('T')], { saq_search_templates: [] })
    expect(factsOf(made, 'asked')?.['arguments']).toMatchObject({
      sections: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
    })
  })

  test('holds edits by their hash, and the bytes that they make', async () => {
    const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
    const edits = [{ find: 'exit 1', replace: 'exit 2' }]
    const bytes = (text: string): Buffer => Buffer.from(`\ufeff# \u00e9\r\n${text}\r\n`, 'utf16le')
    const stored = { id: '7', platform: 'WINDOWS', content: new StoredText(bytes('exit 1')) }
    const done = await auditedCall(['car_update_script', { scriptId: 7, edits, comment: 'other code' }], {
      ...fleet,
      car_get_script: stored as unknown as Row,
    })
    expect(factsOf(done, 'asked')?.['arguments']).toEqual({
      ...{ scriptId: '7', comment: 'other code', edits: `sha256 ${sha256(JSON.stringify(edits))}` },
    })
    const hash = sha256(bytes('exit 2'))
    expect(factsOf(done, 'approved')?.['sends']).toEqual({
      ...{ scriptId: '7', comment: 'other code', content: `sha256 ${hash}` },
    })
    expect(done.outcome).toMatchObject({
      summary: expect.stringMatching(
        new RegExp(`^script 7(?: "[^"]*")? updated; 1 edit at line 2; content sha256 ${hash}; set: content$`),
      ),
    })
  })

  test('holds the people that a company stood for', async () => {
    const { recipientIds: _, ...rest } = campaign('New')
    const done = await auditedCall(['saq_create_campaign', { ...rest, recipientCompany: 'Acme' }], {
      saq_search_users: [{ id: '5', company: 'Acme' }],
      saq_search_templates: [{ id: '722010' }],
      saq_create_campaign: { id: '7' },
      saq_get_campaign: { id: '7' },
    })
    expect(factsOf(done, 'asked')?.['arguments']).toMatchObject({ recipientCompany: 'Acme' })
    expect(factsOf(done, 'approved')?.['sends']).toMatchObject({ recipientIds: ['5'] })
    expect(factsOf(await auditedCall(run), 'approved')).not.toHaveProperty('sends')
  })

  test('holds the real effect of an update', async () => {
    const active = { saq_get_campaign: { id: '9', status: 'ACTIVE' }, saq_search_users: [{ id: '5' }] }
    const mailing = await auditedCall(
      ['saq_update_campaign', { campaignId: 9, addRecipientIds: [5] }],
      active,
    )
    expect([factsOf(mailing, 'asked')?.['effect'], factsOf(mailing, 'approved')?.['effect']]).toEqual([
      'execute',
      'execute',
    ])
    const quiet = await auditedCall(['saq_update_campaign', { campaignId: 9, name: 'x' }], active)
    expect(factsOf(quiet, 'approved')?.['effect']).toBe('update')
  })

  test('holds refused ids', async () => {
    const refusing = {
      ...fleet,
      car_block_assets: { success: { ids: [1] }, failure: { ids: [2], message: 'x' } },
    }
    const done = await auditedCall(['car_block_assets', { assetIds: [1, 2] }], refusing)
    expect(factsOf(done, 'answered')).toMatchObject({ outcome: 'in part', refused: ['2'] })
  })
})

describe('an answer', () => {
  test.each<readonly [string, Error, object]>([
    ['unclear', new UnclearError('x', '', { status: 502 }), { outcome: 'unclear', status: 502 }],
    ['refused', new SetupError('x', '', { status: 403 }), { outcome: 'setup', status: 403 }],
    ['an input error', new InputError('x', ''), { outcome: 'input' }],
    ['busy', new BusyError('x', '', { status: 429 }), { outcome: 'busy', status: 429 }],
    ['a failure', new VendorError('x', ''), { outcome: 'vendor' }],
    ['of another form', new DriftError('x', ''), { outcome: 'drift' }],
  ])('that is %s is logged as such, and reported', async (_what, error, facts) => {
    const done = await auditedCall(update, { ...fleet, car_update_script: fail(error) })
    expect(done.events).toEqual(['asked', 'approved', 'sent', 'answered'])
    expect(factsOf(done, 'answered')).toMatchObject(facts)
    expect(done.outcome).toBe(error)
  })

  test('that cannot be read is unclear, since the request was sent', async () => {
    const done = await auditedCall(update, {
      ...fleet,
      car_update_script: fail(new RangeError('call stack')),
    })
    expect(factsOf(done, 'answered')).toMatchObject({ outcome: 'unclear', why: 'failed' })
    expect(done.outcome).toMatchObject({ kind: 'unclear' })
    expect(String(done.outcome)).toContain('Whether car_update_script took effect is not known.')
    expect(done.errors).toEqual(['unexpected'])
  })

  test('of a call that was cancelled is logged as unclear', async () => {
    const ending = new AbortController()
    const cancelling = () => {
      ending.abort(new Error('cancelled'))
      throw ending.signal.reason
    }
    const done = await auditedCall(
      update,
      { ...fleet, car_update_script: cancelling },
      { more: { signal: ending.signal } },
    )
    expect(factsOf(done, 'answered')).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
    expect(done.outcome).toBe(ending.signal.reason)
    expect(done.errors).toEqual([])
  })

  test('is reported, though its line cannot be written', async () => {
    const full = new SetupError('The audit log cannot be written.', '')
    const record = (event: string): void => {
      if (event === 'answered') throw full
    }
    const done = await auditedCall(update, fleet, { record })
    expect(done.outcome).toMatchObject({ summary: expect.stringMatching(/^script 7.* updated; set: /) })
    expect(done.errors).toEqual(['the outcome of an effect is not in the audit log'])
  })

  test('is redacted', async () => {
    const redact = (text: string): string => text.replaceAll('hunter22', '[masked-by-qualys-mcp]')
    const answering = {
      ...fleet,
      car_execute_script: { correlationUuid: 'a hunter22', hunter22: 'hunter22' },
    }
    const done = await auditedCall(run, answering, { redact })
    expect(JSON.stringify([done.outcome, factsOf(done, 'answered')])).not.toContain('hunter22')
    expect(factsOf(done, 'answered')?.['id']).toBe('a [masked-by-qualys-mcp]')
  })
})
