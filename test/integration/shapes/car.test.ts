import { describe } from 'vitest'
import { carSampleCalls, isRetried, oneCallEach } from '../../support/shapes/call-kinds.ts'
import { bodies } from '../../support/shapes/car-bodies.ts'
import { statuses } from '../../support/shapes/car-statuses.ts'
import { successes } from '../../support/shapes/car-successes.ts'
import { test } from '../../support/shapes/over-http.ts'

// Each answer of the gateway once through the whole stack, for one kind of call after the other. Each for each:
// test/unit/shapes/car.test.ts.

describe.for([
  ['a refusal in its body', bodies],
  ['a refusal by its status', statuses],
  ['a false success', successes],
] as const)('%s', ([, shapes]) => {
  test.for(oneCallEach(carSampleCalls, shapes))('%s: %i, %s', ([at, , , shape], { expectShape }) =>
    expectShape(carSampleCalls[at], at, shape, isRetried(at, shape) ? 2 : 1),
  )
})
