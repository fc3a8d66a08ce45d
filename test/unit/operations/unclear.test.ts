import { describe, expect, test } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { unclearError } from '../../../src/session/failures/unclear-outcome.ts'
import { QualysError, VendorError } from '../../../src/shared/errors.ts'
import { expectAdvice } from '../../support/effects/advice.ts'
import { checkArguments } from '../../support/operations/calls.ts'
import { sessionInMemory } from '../../support/operations/memory.ts'
import { minimalArguments } from '../../support/operations/minimal-arguments.ts'
import { completeOperations } from '../../support/operations/parts.ts'
import { answeringWith } from '../../support/operations/rows.ts'
import { bodies } from '../../support/shapes/car-bodies.ts'
import { statuses as carStatuses } from '../../support/shapes/car-statuses.ts'
import { successes as carSuccesses } from '../../support/shapes/car-successes.ts'
import { codes, simples } from '../../support/shapes/saq-refusals.ts'
import { statuses, successes } from '../../support/shapes/saq-statuses.ts'
import { outcomeOf, type Shape } from '../../support/shapes/shape.ts'

// Every effect under every answer: all effects of a product end alike, and if the outcome is unclear, the error
// says where to look.

const effects = completeOperations.filter(({ effect }) => effect !== 'read')

test.for(effects.map((operation) => [operation.name, operation] as const))(
  '%s: where to look when its answer is lost',
  ([name, operation]) => {
    const { message, next, kind, details } = unclearError(
      operation,
      new VendorError('It failed.', 'Anything.', { status: 500 }),
    )
    expect(message).toBe(`It failed. Whether ${name} took effect is not known.`)
    expect({ kind, details }).toEqual({ kind: 'unclear', details: { status: 500 } })
    expect(next).toMatch(/^Do not repeat it; \w.*\.$/)
    expectAdvice(name, next)
  },
)

/** Rate limits, which are read before the product classifies an answer. */
const isLimit = ({ status, body }: Shape): boolean =>
  status === 429 || (status === 409 && /19[256]\d/.test(JSON.stringify(body ?? '')))

/** The kind of error that an effect ends with; `done` where there is none. */
async function endOf(operation: Operation, shape: Shape, contentType: string | undefined): Promise<string> {
  const { value = {}, complaint } = await checkArguments(
    operation.name,
    minimalArguments[operation.name] ?? {},
  )
  expect(complaint).toBeUndefined()
  const answer = { contentType, ...shape }
  const [method = '', route = ''] = operation.route.split(' ')
  const path = route.replace(/\{(\w+)\}/g, (_, hole: string) => String(value[hole]))
  const { session, sent } = sessionInMemory(answeringWith(method, path, answer))
  const end = await session.call(operation, value).then(
    () => 'done',
    (error: unknown) => (error instanceof QualysError ? error.kind : String(error)),
  )
  expect(sent.filter((one) => one.path === path && one.method === method).length).toBe(
    shape.status === 401 && path.startsWith('/sm/') ? 2 : 1,
  )
  return end
}

const ofProduct = (product: string): Operation[] => effects.filter(({ name }) => name.startsWith(product))

describe.for([
  ['CAR', ofProduct('car_'), [...bodies, ...carStatuses, ...carSuccesses], undefined],
  ['SAQ', ofProduct('saq_'), [...codes, ...simples, ...statuses, ...successes], 'text/xml'],
] as const)('%s', ([, its, shapes, contentType]) => {
  test.for(
    shapes
      .filter((shape) => !isLimit(shape))
      .map((shape) => [shape.status ?? 200, shape.name, shape] as const),
  )('%i, %s: the same outcome for every effect', async ([, , shape]) => {
    const [wanted] = outcomeOf(shape, 'effect')
    for (const operation of its)
      expect(await endOf(operation, shape, contentType), operation.name).toBe(wanted)
    expect(its.length).toBeGreaterThan(10)
  })
})
