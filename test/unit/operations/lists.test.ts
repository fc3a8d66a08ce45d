import { expect, test } from 'vitest'
import { callInMemory, expectRefusal } from '../../support/operations/calls.ts'
import { idLists, type ListCalls, otherLists } from '../../support/operations/refused/lists.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Lists that are far too long, and full of mistakes: refused in one short line all the same.

const many = 1_500
const lists: ListCalls = [...idLists, ...otherLists]

test.for(lists)('%s, argument %s: invalid elements', async ([tool, , args]) => {
  const objects = Array.from({ length: many }, () => ({ a: [1] }))
  expectRefusal(await callInMemory(tool, args(objects)), /must /)
  const paths = Array.from({ length: many }, (_, place) => `../${place}`)
  expectRefusal(await callInMemory(tool, args(paths)), /must /)
})

test.for(idLists)('%s, argument %s: ids', async ([tool, , args]) => {
  const ids = Array.from({ length: many }, (_, id) => id)
  expectRefusal(await callInMemory(tool, args(ids)), /must be a list of 1 to 1/)
})

test('all different errors of a list are named', async () => {
  const params = Array.from({ length: 50 }, (_, place) => ({
    key: `k${place}`,
    value: '',
    [`slip${place}`]: 1,
  }))
  const { text, isError, sent } = await callInMemory('car_create_script', { ...validScript, params })
  expect(text.match(/there is no argument "slip\d+"/g)).toHaveLength(50)
  expect({ isError, sent }).toEqual({ isError: true, sent: [] })
})

test('the same error is named once per argument, with its places', async () => {
  const params = Array.from({ length: 5 }, (_, place) => ({ key: `k${place}`, value: [7] }))
  const { text } = await callInMemory('car_create_script', { ...validScript, title: [7], params })
  expect(text).toBe(
    'Input validation error: Invalid arguments for tool car_create_script: title: must be text, params.0.value: must be text (also at params.1-4.value)',
  )
})
