import { describe, expect, test } from 'vitest'
import { outcomeIn } from '../../support/shapes/in-memory.ts'
import { everywhere, saqPlaces } from '../../support/shapes/places.ts'
import { codes, simples } from '../../support/shapes/saq-refusals.ts'
import { statuses, successes } from '../../support/shapes/saq-statuses.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// What each answer of the API server means, for each kind of call: who can do something about it, and what.

describe.for([
  ['a refusal by its code', codes],
  ['a word of the oldest API', simples],
  ['a refusal by its status', statuses],
  ['a success, or none', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everywhere(saqPlaces, shapes))('%s: %i, %s', async ([at, , , shape]) => {
    const answer = await outcomeIn(saqPlaces[at], { contentType: 'text/xml', ...shape })
    expectOutcome(answer, outcomeOf(shape, at), shape)
    // A password is not tried again at once, and nothing waits here.
    expect(answer.sent).toHaveLength(1)
    expect(answer.logins).toEqual([])
  })
})
