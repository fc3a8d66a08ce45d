import { expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { missingParts } from '../../support/operations/parts.ts'
import { servedRoutes } from '../../support/operations/served-routes.ts'

// Every operation has all of its parts (docs/contributing/adding-an-operation.md).

test.for(operations)('$name has every part', (operation) => {
  const { name, route } = operation
  const unserved = servedRoutes.has(route)
    ? []
    : [`The sandbox serves no ${route}: add the route of ${name} to src/sandbox.`]
  const missing = [...unserved, ...missingParts(operation)]
  expect(missing, missing.join('\n')).toEqual([])
})
