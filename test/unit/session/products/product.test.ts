import { describe, expect, test } from 'vitest'
import { type Account, loginOf } from '../../../../src/session/auth/account.ts'
import { httpResponse } from '../../../../src/session/http/response.ts'
import { productOf } from '../../../../src/session/products/product-of.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// The differences between the two products, except for the forms of their answers.

const jobs = operationNamed('car_search_jobs')
const users = operationNamed('saq_search_users')
const [car, saq] = [productOf(jobs), productOf(users)]
const account = { gatewayUrl: 'https://gateway.example', apiUrl: 'https://api.example' } as Account

test('an operation belongs to one of them, by its name', () => {
  expect([car.name, saq.name]).toEqual(['CAR', 'SAQ'])
  expect([car.host(account), saq.host(account)]).toEqual(['https://gateway.example', 'https://api.example'])
  expect([car.takesPassword, saq.takesPassword]).toEqual([false, true])
})

test('a password serves as login where it is set', () => {
  const credentials = { kind: 'tokenFile', path: '/jwt' } as const
  expect(loginOf({ ...account, credentials })).toBeUndefined()
})

describe('an answer without a text', () => {
  test.each([
    [200, undefined],
    [299, undefined],
    [300, { fromProduct: false }],
    [404, { fromProduct: false }],
    [500, { fromProduct: false }],
  ])('with %i', (status, refusal) => {
    expect(car.refusal(undefined, status, jobs)).toEqual(refusal)
    expect(saq.refusal(undefined, status, users)).toEqual(refusal)
  })
})

describe('a failure inside a success of CAR', () => {
  const failed = { errorCode: '404', message: 'No' }
  test('to a read means what its code says; to an effect the outcome is unknown', () => {
    expect(car.refusal(failed, 299, jobs)).toMatchObject({ code: '404', category: 'notFound' })
    const activate = operationNamed('car_activate_schedule')
    expect(car.refusal(failed, 299, activate)).toMatchObject({ code: '404', category: 'unknown' })
    expect(car.refusal(failed, 404, activate)).not.toHaveProperty('category')
  })
})

test('SAQ has no files', () => {
  const reply = { status: 200, text: 'x', value: undefined }
  expect(() => saq.checkFile(reply, 'text/plain', users, String)).toThrow(
    expect.objectContaining({ kind: 'drift', message: 'SAQ has no files.' }),
  )
})

describe('the codec of SAQ', () => {
  const read = async (text: string) =>
    (await saq.codec()).read(httpResponse(200, {}, Buffer.from(text)), users)

  test('reads JSON where it starts like JSON, and XML otherwise', async () => {
    expect(await read(' {"a":1}')).toEqual({ a: 1 })
    expect(await read('<a><b>1</b></a>')).toEqual({ a: { b: '1' } })
    expect(await read('OK')).toBeUndefined()
  })

  test('reads more than 8 MiB', async () => {
    const long = 'x'.repeat(9 * 1024 * 1024)
    expect(await read(`<a>${long}</a>`)).toEqual({ a: long })
    expect(await read(JSON.stringify({ a: long }))).toEqual({ a: long })
  })
})
