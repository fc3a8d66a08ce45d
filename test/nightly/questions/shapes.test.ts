import { describe } from 'vitest'
import { questions } from '../../support/questions/all.ts'
import { expectNoFalseAnswer, test } from '../../support/questions/asking.ts'
import { shapes } from '../../support/questions/shapes.ts'

// Every question under every shape of records, whether it is about them or not.

describe.each(shapes)('with $name', ({ knobs }) => {
  test.for(questions)('$asks', (question, { sandbox, call, replies }) =>
    expectNoFalseAnswer(question, knobs, { sandbox, call, replies }),
  )
})
