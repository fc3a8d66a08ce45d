import { describe, expect, test } from 'vitest'
import { gatewayRefusal } from '../../../src/session/products/car-refusal.ts'
import { operationOf } from '../../support/operations/calls.ts'
import { inMemory } from '../../support/session/memory.ts'
import { bodies } from '../../support/shapes/car-bodies.ts'
import { statuses } from '../../support/shapes/car-statuses.ts'
import { successes } from '../../support/shapes/car-successes.ts'
import { outcomeIn, transported } from '../../support/shapes/in-memory.ts'
import { carPlaces, everywhere, triesAgain } from '../../support/shapes/places.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// What each answer of the gateway means, for each kind of call: who can do something about it, and what.

describe.for([
  ['a refusal in its body', bodies],
  ['a refusal by its status', statuses],
  ['a success that is none', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everywhere(carPlaces, shapes))('%s: %i, %s', async ([at, , , shape]) => {
    const answer = await outcomeIn(carPlaces[at], shape)
    expectOutcome(answer, outcomeOf(shape, at), shape)
    // A refused token is replaced once; anything else is sent once.
    expect(answer.sent).toHaveLength(triesAgain(at, shape) ? 2 : 1)
    expect(answer.logins).toHaveLength(triesAgain(at, shape) ? 2 : 1)
  })
})

// The type of an answer is often wrong: its bytes count.
describe('a success under another type', () => {
  const answer = {
    errorCode: null,
    message: null,
    body: { totalCount: 1, list: [{ id: 1, name: 'Custom Script' }] },
  }
  const types = { tool: 'car_list_script_types', args: {}, route: '' }
  test.for([
    ['text/plain', JSON.stringify(answer)],
    ['text/html', JSON.stringify(answer)],
    ['application/xml', JSON.stringify(answer)],
    ['', JSON.stringify(answer)],
    ['application/json;charset=ISO-8859-1', `\n ${JSON.stringify(answer)}\n`],
    ['application/json', `\ufeff${JSON.stringify(answer)}`],
  ] as const)('%s: %j', async ([contentType, body]) => {
    const { text, isError } = await outcomeIn(types, { body, contentType })
    expect(isError, text).toBe(false)
    expect(text).toContain('Custom Script')
  })
})

describe('what is kept of the answer to an effect', () => {
  test.for([
    [
      'a body beside a sentence',
      { errorCode: '0', message: 'Cloned', body: { id: 7 } },
      { message: 'Cloned', id: 7 },
    ],
    ['a body alone', { errorCode: null, message: null, body: { id: 7 } }, { id: 7 }],
    ['a sentence alone', { errorCode: '0', message: 'Cloned', body: null }, { message: 'Cloned' }],
    ['a sentence as the body', { errorCode: '0', message: null, body: 'Cloned' }, { message: 'Cloned' }],
    ['a list of rows', { body: { list: [{ id: 7 }] } }, {}],
    ['no envelope', { id: 7 }, { id: 7 }],
    ['nothing', undefined, {}],
  ] as const)('%s', async ([, body, record]) => {
    const { session } = inMemory(() => transported({ body }))
    const { tool, args } = carPlaces.effect
    const answer = await session.call(operationOf(tool), args)
    expect('record' in answer && answer.record).toEqual(record)
  })
})

describe('within a success', () => {
  test.for([
    [{ errorCode: '0', body: {} }],
    [{ errorCode: 0 }],
    [{ errorCode: false }],
    [{ errorCode: '' }],
    [{ errorCode: null, message: 'Fine' }],
    [{ status: 200, error: 'None' }],
    [{ status: 399, error: 'Odd' }],
    [{ status: 400 }],
    [{ status: 400, error: ' ' }],
    [{ status: '500', error: 'Text' }],
    [{ error: 'One of the fields' }],
    [{ responseCode: 'SUCCESS' }],
    [{ responseCode: ' success ' }],
    [{ responseCode: 'FAILED', list: [] }],
    [{ responseCode: 'FAILED', body: {} }],
    [[]],
    [[{ error: '' }]],
    [[{ error: 'No' }, { id: 1 }]],
    [[{ response: { text: 'No' } }]],
    ['No'],
    [null],
  ])('%j is no refusal', ([body]) => expect(gatewayRefusal(body, 200)).toBeUndefined())

  test.for([
    [
      { status: 400, error: 'Bad Request' },
      { message: 'Bad Request', code: '400', means: 'input' },
    ],
    [
      { errorCode: 7, message: 'No' },
      { message: 'No', code: '7', means: 'unknown' },
    ],
    [{ errorCode: { a: 1 } }, { code: '{"a":1}', means: 'unknown' }],
    [[{ error: 'No' }, { error: 'Nor' }], { message: 'No', means: 'unknown' }],
    [{ responseCode: 'LATER' }, { code: 'LATER', means: 'unknown' }],
  ] as const)('%j is one', ([body, refusal]) => expect(gatewayRefusal(body, 200)).toMatchObject(refusal))
})
