import { describe, expect } from 'vitest'
import { questions } from '../../support/questions/all.ts'
import { prepared, sorted, test } from '../../support/questions/asking.ts'
import type { Answer } from '../../support/questions/question.ts'

// What people ask, each answered by a script of calls and by brute force over the sandbox's own data. Where the records
// do not show what the answer rests on: test/nightly/questions.

const isNone = (answer: Answer): boolean =>
  typeof answer === 'number' ? !(answer > 0) : Object.keys(answer).length === 0

describe('the answer is that of a brute-force search', () => {
  test.for(questions)('$asks', async (question, { sandbox, call, replies }) => {
    const { answer, expected } = question
    const truth = await prepared(question, sandbox, call)
    replies.length = 0
    const right = await expected(truth)
    expect(isNone(right), 'a question about nothing').toBe(false)
    const given = await answer(call, truth)
    expect(sorted(given), replies.map(({ text }) => text).join('\n')).toEqual(sorted(right))
    expect(replies.length).toBeLessThanOrEqual(3)
  })
})
