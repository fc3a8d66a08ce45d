import { describe } from 'vitest'
import { bodies } from '../../support/shapes/car-bodies.ts'
import { statuses } from '../../support/shapes/car-statuses.ts'
import { successes } from '../../support/shapes/car-successes.ts'
import { test } from '../../support/shapes/over-http.ts'
import { carPlaces, everywhere, triesAgain } from '../../support/shapes/places.ts'

// Each answer of the gateway at each place, through the whole stack.

describe.for([
  ['a refusal in its body', bodies],
  ['a refusal by its status', statuses],
  ['a success that is none', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everywhere(carPlaces, shapes))('%s: %i, %s', ([at, , , shape], { expectShape }) =>
    expectShape(carPlaces[at], at, shape, triesAgain(at, shape) ? 2 : 1),
  )
})
