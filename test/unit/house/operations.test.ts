import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import { placeholdersOf } from '../../../src/session/requests/request.ts'

// The rules for every operation, new ones included.

describe('an operation', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is declared completely',
    (_name, operation) => {
      expect(operation.source).toMatch(/\w{10,}/)
      expect(['documented', 'regular', 'guessed']).toContain(operation.evidence)
      expect(operation.paging !== undefined).toBe(operation.returns === 'rows')
      expect(operation.columns.length).toBeGreaterThan(0)
      expect(operation.columns.length).toBeLessThanOrEqual(7)
      expect(operation.change === undefined).toBe(operation.effect === 'read')
      for (const { endOfLife } of operation.retired ?? [])
        expect(endOfLife).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/)
    },
  )

  test('has a required input for each placeholder of its route', () => {
    const holes = operations.flatMap(({ name, route, input }) =>
      placeholdersOf(route).map((hole) => ({ name, hole, schema: input[hole] })),
    )
    expect(holes.length).toBeGreaterThan(15)
    const unfilled = holes.filter(({ schema }) => !schema || z.safeParse(schema, undefined).success)
    expect(unfilled).toEqual([])
  })

  test('has a name of its own', () => {
    const names = operations.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('has a route of its own', () => {
    // The page about creating from the library cannot be read: its body is a guess, for the path of creating.
    const routes = operations
      .filter(({ name }) => name !== 'saq_create_template_from_library')
      .map(({ route }) => route)
    expect(new Set(routes).size).toBe(routes.length)
  })
})
