import { describe, expect, test } from 'vitest'
import { DeclinedError, InputError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import type { Approver, Question } from '../../../src/tools/tool.ts'
import {
  type AuditedCall,
  type AuditedCallOptions,
  auditedCall,
  factsOf,
  fail,
  fleet,
  run,
  update,
} from '../../support/effects/audited-call.ts'
import { endless, reachablePerson } from '../../support/effects/in-memory.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// One call of an effect: refusals, questions, and what a yes is bound to.

describe('nothing is sent', () => {
  const refused = async (
    call: readonly [string, object],
    facts: object,
    { replies = fleet, ...around }: AuditedCallOptions & { readonly replies?: Replies } = {},
  ): Promise<AuditedCall> => {
    const done = await auditedCall(call, replies, around)
    expect(done.session.times(call[0])).toBe(0)
    expect(done.events).toEqual(['asked', 'refused'])
    expect(factsOf(done, 'refused')).toEqual({
      tool: call[0],
      call: factsOf(done, 'asked')?.['call'],
      attempt: factsOf(done, 'asked')?.['attempt'],
      ...facts,
    })
    return done
  }

  test('by a limit', () =>
    refused(
      run,
      { kind: 'setup', why: expect.stringMatching(/limits forbid/), limit: 'QUALYS_MAX_ASSETS_PER_RUN' },
      { environment: { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '0' } },
    ))

  test('because of invalid arguments, before any look-up', async () => {
    const done = await refused(['car_execute_script', { scriptId: 7 }], {
      kind: 'input',
      why: 'The run has no target.',
    })
    expect(done.session.calls).toEqual([])
    expect(done.outcome).toMatchObject({
      kind: 'input',
      next: 'Pass assetIds or assetTagIds (testMode with testAssets or testTags for lab hosts).',
    })
  })

  test('because of invalid arguments, though a list could be requested for more', async () => {
    const plan = { title: 'P', scripts: [{ id: 7 }], startDate: '2096-02-29', startTime: '08:30' }
    const done = await refused(['car_create_schedule', { ...plan, activate: false }], {
      kind: 'input',
      why: 'The schedule has no target.',
    })
    expect(done.session.calls).toEqual([])
  })

  test('because of arguments that the lists contradict', () =>
    refused(
      [
        'car_import_library_script',
        {
          ...{ id: 1, title: 'x', categoryId: 1, typeId: 2, typeName: 'Custom Script', subType: 'Detection' },
          approved: false,
        },
      ],
      { kind: 'input', why: 'typeId 2 is Custom QID, not Custom Script.' },
      { replies: { car_list_script_types: [{ id: 2, name: 'Custom QID' }] } },
    ))

  test('because of a secret that is not set', () =>
    refused(['car_execute_script', { ...run[1], params: [{ key: 'a', secret: 'none' }] }], {
      kind: 'input',
      why: 'There is no secret named "none".',
    }))

  test('because of its target', () =>
    refused(
      ['saq_launch_campaign', { campaignId: 9 }],
      { kind: 'input', why: expect.stringMatching(/^Campaign 9 is ACTIVE, and only INACTIVE ones/) },
      { replies: { saq_get_campaign: { id: '9', status: 'ACTIVE' } } },
    ))

  test('because of its parameters', () =>
    refused(['car_execute_script', { ...run[1], params: [{ key: 'a', value: '1' }] }], {
      kind: 'input',
      why: 'Script 7 takes no parameters.',
    }))

  test('after a bug, which is not reported as a refusal', async () => {
    const done = await refused(
      update,
      { kind: 'failed' },
      { replies: { ...fleet, car_get_script: fail(new TypeError('x')) } },
    )
    expect(done.outcome).toBeInstanceOf(TypeError)
  })

  test('for a call that is cancelled during its look-ups', async () => {
    const ending = new AbortController()
    const replies = {
      ...fleet,
      car_get_script: () => {
        ending.abort(new Error('cancelled'))
        throw new VendorError('x', '')
      },
    }
    await refused(update, { kind: 'cancelled' }, { replies, more: { signal: ending.signal } })
  })

  const full = new SetupError('The audit log cannot be written.', '')
  const failingAt =
    (failing: string) =>
    (event: string): void => {
      if (event === failing) throw full
    }

  test.each(['asked', 'approved'])('where "%s" cannot be logged', async (event) => {
    const { session, outcome } = await auditedCall(update, fleet, { record: failingAt(event) })
    expect(outcome).toBe(full)
    expect(session.times('car_update_script')).toBe(0)
  })

  test('where "sent" cannot be logged: the call is answered all the same', async () => {
    const { session, outcome, lines } = await auditedCall(update, fleet, { record: failingAt('sent') })
    expect(outcome).toBe(full)
    // The session asks before each request whether it may be sent.
    expect(session.times('car_update_script')).toBe(0)
    expect(lines.at(-1)).toMatchObject(['answered', { outcome: 'not sent', kind: 'setup' }])
  })

  test.each([
    ['before it is approved', 'asked', ['asked', 'refused'], { kind: 'setup' }],
    [
      'after it is approved',
      'approved',
      ['asked', 'approved', 'answered'],
      { outcome: 'not sent', kind: 'setup' },
    ],
  ])('once the program is told to end: %s', async (_what, last, events, facts) => {
    const end = new AbortController()
    const { session, outcome, lines } = await auditedCall(update, fleet, {
      more: { safeguards: { ...endless, ending: end.signal } },
      record: (event) => {
        if (event === last) end.abort()
      },
    })
    expect(outcome).toMatchObject({ kind: 'setup', message: 'qualys-mcp is ending, so nothing was sent.' })
    expect(session.times('car_update_script')).toBe(0)
    expect(lines.map(([event]) => event)).toEqual(events)
    expect(lines.at(-1)?.[1]).toMatchObject(facts)
  })

  test('where the newest runs cannot be listed', async () => {
    const bug = new TypeError('x is no function')
    const done = await auditedCall(run, { ...fleet, car_search_jobs: fail(bug) })
    expect(done.outcome).toBe(bug)
    expect(done.events).toEqual(['asked', 'approved', 'answered'])
    expect(factsOf(done, 'answered')).toMatchObject({ outcome: 'not sent', why: 'failed' })
  })
})

describe('a refusal', () => {
  const only = ', and only INACTIVE ones can be launched.'
  const another = 'Create a new one for another round.'

  // A campaign's status is Qualys' text, and appears in the sentence.
  test.each([
    ['ACTIVE', `Campaign 9 is ACTIVE${only}`, another],
    ['"a: b"', `Campaign 9 is "'a: b'"${only}`, another],
    ['08:30', `Campaign 9 is 08:30${only}`, another],
    ['A\nB', `Campaign 9 is "A B"${only}`, another],
    ['A: B', `Campaign 9 is "A: B"${only}`, another],
    ['x'.repeat(900), `Campaign 9 is "${'x'.repeat(60)}…"${only}`, another],
  ])('is split into what is wrong and what to do: %j', async (status, message, next) => {
    const replies = { saq_get_campaign: { id: '9', status } }
    const { outcome } = await auditedCall(['saq_launch_campaign', { campaignId: 9 }], replies)
    expect(outcome).toBeInstanceOf(InputError)
    expect(outcome).toMatchObject({ message, next })
  })

  test('is redacted', async () => {
    const replies = { saq_get_campaign: { id: '9', status: 'hunter22' } }
    const redact = (text: string): string => text.replaceAll('hunter22', '[masked-by-qualys-mcp]')
    const done = await auditedCall(['saq_launch_campaign', { campaignId: 9 }], replies, { redact })
    expect(done.outcome).toMatchObject({ message: `Campaign 9 is "[masked-by-qualys-mcp]"${only}` })
  })
})

describe('a person', () => {
  const confirm = { environment: {} }
  const answer = { kind: 'approved', state: 'v1.x.y' } as const
  const withAnswer = (modern: boolean): AuditedCallOptions => ({
    environment: {},
    more: { approver: { ...reachablePerson, usesInputRequired: modern, answer } as Approver },
  })

  test('is asked with the preview, and nothing is approved before the answer', async () => {
    const done = await auditedCall(update, fleet, confirm)
    expect(done.events).toEqual(['asked', 'asked'])
    expect(done.outcome).toMatchObject({
      question: expect.stringMatching(/^Update a script \(update\): 1 script\n/),
      state: 'a state',
    })
  })

  test('who is asked in vain is logged', async () => {
    const done = await auditedCall(update, fleet, confirm)
    const { onGivenUp } = done.outcome as Question
    onGivenUp(new DeclinedError('Nobody answered.', ''))
    expect(done.lines.at(-1)).toMatchObject(['refused', { kind: 'declined', why: 'Nobody answered.' }])
  })

  test('whose question the client cancels is logged', async () => {
    const done = await auditedCall(update, fleet, confirm)
    const { onGivenUp } = done.outcome as Question
    onGivenUp()
    expect(done.lines.at(-1)).toMatchObject([
      'refused',
      { kind: 'cancelled', why: 'the call ended while a person was asked' },
    ])
  })

  test('whose answer comes with a call of its own is logged as asked again', async () => {
    const modern = await auditedCall(update, fleet, withAnswer(true))
    expect(modern.events).toEqual(['asked', 'refused', 'asked'])
    expect(factsOf(modern, 'asked')).toMatchObject({ again: true })
    expect(factsOf(modern, 'refused')).toMatchObject({
      kind: 'declined',
      why: 'the answer came without a state that fits: asked again',
    })
    const legacy = await auditedCall(update, fleet, withAnswer(false))
    expect(legacy.events).toEqual(['refused', 'asked'])
  })
})

describe('what is approved', () => {
  /** What makes calls identical: the record without what no two records share. */
  const subject = async (call: readonly [string, object] = update, replies: Replies = fleet) => {
    const { record } = factsOf(await auditedCall(call, replies), 'approved') as { readonly record: object }
    const { id, asked, until, ...rest } = record as Record<string, unknown>
    expect([id, asked, until]).toEqual([expect.any(String), expect.any(String), expect.any(String)])
    return rest
  }

  test('is the same for the same call', async () => {
    expect(await subject()).toEqual(await subject(['car_update_script', { title: 'T', scriptId: '7' }]))
  })

  test.each<readonly [string, readonly [string, object], Replies]>([
    ['another argument', ['car_update_script', { scriptId: 7, title: 'U' }], fleet],
    ['another object', ['car_update_script', { scriptId: 8, title: 'T' }], fleet],
    ['another title at Qualys', update, { ...fleet, car_get_script: { id: '7', title: 'other' } }],
    [
      'other content at Qualys',
      update,
      {
        ...fleet,
        car_get_script: { id: '7', title: 'script 7', params: [], platform: 'WINDOWS', content: 'x' },
      },
    ],
  ])('differs with %s', async (_what, call, replies) => {
    expect(await subject(call, replies)).not.toEqual(await subject())
  })

  test('differs for another tool', async () => {
    const args = { assetIds: [1] }
    expect(await subject(['car_block_assets', args])).not.toEqual(await subject(['car_unblock_assets', args]))
  })
})

test('the sandbox is named first', async () => {
  const { outcome } = await auditedCall(update, fleet, { environment: { QUALYS_SANDBOX: '1' } })
  expect(outcome).toMatchObject({ question: expect.stringMatching(/^sandbox: Update a script \(update\)/) })
})
