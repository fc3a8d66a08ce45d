import { describe, expect, test } from 'vitest'
import { classifyAnswer, failedAnswer } from '../../../src/tools/effects/approval/form/form-answer.ts'
import type { FormAnswer } from '../../../src/tools/tool.ts'

// What the answers of clients mean. Only a ticked box is a yes, and nothing else is guessed to be one.

const meanings: Readonly<Record<FormAnswer['kind'], readonly unknown[]>> = {
  approved: [
    { action: 'accept', content: { approve: true } },
    { action: 'accept', content: { approve: true, note: null }, _meta: null },
    { action: 'accept', content: { approve: true, comment: 'fine' }, error: null },
  ],
  declined: [
    { action: 'decline' },
    { action: 'decline', content: null },
    { action: 'decline', content: { approve: true } },
    { action: 'decline', error: { message: 'x' } },
    { action: 'accept', content: { approve: false } },
  ],
  closed: [{ action: 'cancel' }, { action: 'cancel', content: { approve: true } }],
  'no form': [
    { action: 'accept' },
    { action: 'accept', content: null },
    { action: 'accept', content: {} },
    { action: 'accept', content: { approve: null } },
    { action: 'accept', content: { Approve: true, confirmed: true } },
  ],
  odd: [
    { action: 'accept', content: { approve: 'true' } },
    { action: 'accept', content: { approve: 'yes' } },
    { action: 'accept', content: { approve: 'false' } },
    { action: 'accept', content: { approve: '' } },
    { action: 'accept', content: { approve: 1 } },
    { action: 'accept', content: { approve: [true] } },
    { action: 'accept', content: { approve: { value: true } } },
    { action: 'accept', content: [] },
    { action: 'accept', content: [{ approve: true }] },
    { action: 'accept', content: '{"approve":true}' },
    { action: 'accept', content: true },
    { action: 'Accept', content: { approve: true } },
    { action: 'ACCEPT' },
    { action: '', content: { approve: true } },
    { action: null, content: { approve: true } },
    { action: true, content: { approve: true } },
    { action: ['accept'], content: { approve: true } },
    { content: { approve: true } },
    { approve: true },
    { result: { action: 'accept', content: { approve: true } } },
    {},
    [],
    [{ action: 'accept', content: { approve: true } }],
    'accept',
    '',
    true,
    1,
    null,
    undefined,
  ],
  failed: [
    { error: { code: -32603, message: 'the window is gone' } },
    { error: 'the window is gone' },
    { code: -32603, message: 'the window is gone' },
    { action: 'accept', content: { approve: true }, error: { message: 'the window is gone' } },
  ],
  unanswered: [],
  // Only an answer to an address: see classifyOpening.
  opened: [],
}

const cases = Object.entries(meanings).flatMap(([kind, answers]) =>
  answers.map((answer) => [JSON.stringify(answer) ?? 'nothing', kind, answer] as const),
)

describe('an answer', () => {
  test.each(cases)('%s is %s', (_text, kind, answer) => {
    expect(classifyAnswer(answer).kind).toBe(kind)
  })

  test('that is odd is quoted, on one line and clipped', () => {
    expect(classifyAnswer({ action: 'accept', content: { approve: 'true' } }).said).toBe(
      '{"action":"accept","content":{"approve":"true"}}',
    )
    const { said = '' } = classifyAnswer({ action: `a\u001b[2J\nb${'x'.repeat(500)}` })
    expect(said).toMatch(/^[ -~]+…$/)
    expect([...said]).toHaveLength(120)
    expect(classifyAnswer(undefined).said).toBe('')
  })

  test('that is an error is given in the words of the client, on one line and clipped', () => {
    expect(classifyAnswer(meanings.failed[0]).said).toBe('the window is gone')
    const { kind, said = '' } = failedAnswer(`a\u202e\n b${'x'.repeat(500)}`)
    expect(kind).toBe('failed')
    expect(said).toMatch(/^a bx+…$/)
    expect([...said]).toHaveLength(120)
  })
})
