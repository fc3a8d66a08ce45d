import { describe, expect, test } from 'vitest'
import { openInMemory } from '../../../support/session/memory.ts'
import { jobs, refusalCases } from '../../../support/session/refusal-cases.ts'

// Errors of the gateway, and who can solve them.

/** True for one sentence: except for quotes and `e.g.`, the only full stop is the last character. */
function expectOneSentence(text: string): void {
  const plain = text.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, 'x').replaceAll('e.g. ', '')
  expect(plain).toMatch(/\w[)}]?\.$/)
  expect(plain).not.toMatch(/[.!?] [A-Z]/)
  expect(text.length).toBeLessThan(330)
}

describe('an answer that is not a success', () => {
  test.for(refusalCases)('%i, %s', async ([status, , body, kind, says, on = jobs]) => {
    const { text, error, isError } = await openInMemory({ status, body }).call(on.tool, { ...on.args })
    expect(isError, text).toBe(true)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(says)
    expect(text).not.toMatch(/[<>\n]|Gateway|NaN|undefined|null/)
    const next = String(error?.['next'])
    expectOneSentence(next)
    expectOneSentence(text.slice(0, -next.length).trim())
  })

  test('status and code are passed on, for programs', async () => {
    const body = { message: 'Bad sort', errorCode: 'CAR-17' }
    const { error } = await openInMemory({ status: 400, body }).call('car_search_jobs')
    expect(error).toMatchObject({ status: 400, code: 'CAR-17' })
  })

  test('what the vendor says is one line, truncated, without hidden characters', async () => {
    const message = `a\u001b[31m b\u202e\nc ${'long '.repeat(200)}`
    const { text } = await openInMemory({ status: 400, body: { message } }).call('car_search_jobs')
    expect(text).toMatch(/"a b c long [^"\n]{100,200}…"/)
  })
})
