import { describe, expect, test } from 'vitest'
import { gatewayRefusal } from '../../../src/session/products/car-refusal.ts'
import { operationNamed } from '../../support/operations/calls.ts'
import { openInMemory } from '../../support/session/memory.ts'
import { carSampleCalls, everyCombination, isRetried } from '../../support/shapes/call-kinds.ts'
import { bodies } from '../../support/shapes/car-bodies.ts'
import { statuses } from '../../support/shapes/car-statuses.ts'
import { successes } from '../../support/shapes/car-successes.ts'
import { outcomeInMemory, toTransportAnswer } from '../../support/shapes/in-memory.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// The meaning of each answer of the gateway, for each kind of call: who can solve it, and how.

describe.for([
  ['a refusal in its body', bodies],
  ['a refusal by its status', statuses],
  ['a false success', successes],
] as const)('%s', ([, shapes]) => {
  test.for(everyCombination(carSampleCalls, shapes))('%s: %i, %s', async ([at, , , shape]) => {
    const answer = await outcomeInMemory(carSampleCalls[at], shape)
    expectOutcome(answer, outcomeOf(shape, at), shape)
    // A refused token is replaced once; anything else is sent once.
    expect(answer.sent).toHaveLength(isRetried(at, shape) ? 2 : 1)
    expect(answer.logins).toHaveLength(isRetried(at, shape) ? 2 : 1)
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
    const { text, isError } = await outcomeInMemory(types, { body, contentType })
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
    const { session } = openInMemory(() => toTransportAnswer({ body }))
    const { tool, args } = carSampleCalls.effect
    const answer = await session.call(operationNamed(tool), args)
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
      { message: 'Bad Request', code: '400', category: 'input' },
    ],
    [
      { errorCode: 7, message: 'No' },
      { message: 'No', code: '7', category: 'unknown' },
    ],
    [{ errorCode: { a: 1 } }, { code: '{"a":1}', category: 'unknown' }],
    [[{ error: 'No' }, { error: 'Nor' }], { message: 'No', category: 'unknown' }],
    [{ responseCode: 'LATER' }, { code: 'LATER', category: 'unknown' }],
  ] as const)('%j is one', ([body, refusal]) => expect(gatewayRefusal(body, 200)).toMatchObject(refusal))
})
