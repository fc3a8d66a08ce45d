import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import { placeholdersOf } from '../../../src/session/requests/request.ts'

// The rules for every operation, new ones included.

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Every operation that a file of operations/car and operations/saq declares, listed or not. */
async function declaredOperations(): Promise<string[]> {
  const files = ['car', 'saq'].flatMap((product) =>
    readdirSync(join(root, 'src/operations', product)).map((file) => join('src/operations', product, file)),
  )
  const modules = await Promise.all(
    files.filter((file) => file.endsWith('.ts')).map((file) => import(join(root, file))),
  )
  return modules
    .flatMap((module: object) => Object.values(module))
    .flatMap((value: unknown) => {
      const { name, route } = (value ?? {}) as { readonly name?: unknown; readonly route?: unknown }
      return typeof name === 'string' && typeof route === 'string' ? [name] : []
    })
}

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

  test('is in a toolset', async () => {
    const listed = operations.map(({ name }) => name as string)
    const declared = await declaredOperations()
    expect(declared.length).toBeGreaterThanOrEqual(listed.length)
    const unlisted = declared.filter((name) => !listed.includes(name))
    expect(unlisted.map((name) => `${name} is in no toolset: add it to src/operations/index.ts.`)).toEqual([])
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
