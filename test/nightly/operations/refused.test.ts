import { describe, expect } from 'vitest'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { completeOperations } from '../../support/operations/parts.ts'
import { refusedCalls } from '../../support/operations/refused/all.ts'
import { idLists, otherLists } from '../../support/operations/refused/lists.ts'
import { test } from '../../support/operations/refused/over-http.ts'

// Every call that is refused before anything is changed, through the whole stack.

describe.for(Object.entries(refusedCalls))('%s', ([, wrong]) => {
  test.for(wrong.map(([name, tool, args, says]) => [tool, name, { args, says }] as const))(
    '%s: %s',
    ([tool, , { args, says }], { expectRefused }) => expectRefused(tool, args, says),
  )
})

const inputs = completeOperations.flatMap(({ name, input }) =>
  Object.keys(input).map((argument) => [name, argument] as const),
)

test.for(inputs)(
  '%s: the misspelt %s is refused with the right name',
  async ([tool, argument], { sandbox, expectRefused }) => {
    const misspelt = `${argument.slice(0, -1)}${argument.slice(-1).repeat(2)}`
    const least = await minimalArgumentsOn(sandbox.control)
    await expectRefused(
      tool,
      { ...least[tool], [misspelt]: 1 },
      new RegExp(`there is no argument "${misspelt}"; did you mean ${argument}\\?`),
    )
  },
)

test.for(['constructor', 'toString', 'hasOwnProperty', 'prototype', '__defineGetter__'])(
  'the argument %s is refused like any other unknown one',
  async (argument, { sandbox, expectRefused }) => {
    const least = await minimalArgumentsOn(sandbox.control)
    for (const { name } of completeOperations)
      await expectRefused(name, { ...least[name], [argument]: {} }, /there is no argument "/)
  },
)

const many = 100_000

test.for([...idLists, ...otherLists])(
  '%s, argument %s: a very long list',
  async ([tool, , args], { expectRefused }) => {
    await expectRefused(tool, args(Array.from({ length: many }, () => ({ a: [1] }))), /must /)
    await expectRefused(tool, args(Array.from({ length: many }, (_, place) => `../${place}`)), /must /)
  },
)

test.for(idLists)('%s, argument %s: a very long list of ids', ([tool, , args], { expectRefused }) =>
  expectRefused(tool, args(Array.from({ length: many }, (_, id) => id)), /must be a list of 1 to 1/),
)

test('there is something to refuse', () => expect(inputs.length).toBeGreaterThan(150))
