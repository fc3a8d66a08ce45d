import { describe } from 'vitest'
import { everyCombination, saqSampleCalls } from '../../support/shapes/call-kinds.ts'
import { test } from '../../support/shapes/over-http.ts'
import { codes, simples } from '../../support/shapes/saq-refusals.ts'
import { statuses, successes } from '../../support/shapes/saq-statuses.ts'

// Each answer of the API server for each kind of call, through the whole stack.

describe.for([
  ['a refusal by its code', codes],
  ['a word of the oldest API', simples],
  ['a refusal by its status', statuses],
  ['a success, or none', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everyCombination(saqSampleCalls, shapes))('%s: %i, %s', ([at, , , shape], { expectShape }) =>
    expectShape(saqSampleCalls[at], at, { contentType: 'text/xml', ...shape }, 1),
  )
})
