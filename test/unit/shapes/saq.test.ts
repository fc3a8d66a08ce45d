import { describe, expect, test } from 'vitest'
import { everyCombination, saqSampleCalls } from '../../support/shapes/call-kinds.ts'
import { outcomeInMemory } from '../../support/shapes/in-memory.ts'
import { codes, simples } from '../../support/shapes/saq-refusals.ts'
import { statuses, successes } from '../../support/shapes/saq-statuses.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// The meaning of each answer of the API server, for each kind of call: who can solve it, and how.

describe.for([
  ['a refusal by its code', codes],
  ['a word of the oldest API', simples],
  ['a refusal by its status', statuses],
  ['a success, or none', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everyCombination(saqSampleCalls, shapes))('%s: %i, %s', async ([at, , , shape]) => {
    const answer = await outcomeInMemory(saqSampleCalls[at], { contentType: 'text/xml', ...shape })
    expectOutcome(answer, outcomeOf(shape, at), shape)
    // A password is not tried again at once, and nothing waits here.
    expect(answer.sent).toHaveLength(1)
    expect(answer.logins).toEqual([])
  })
})
