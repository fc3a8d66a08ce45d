import { expect, test } from 'vitest'
import { failuresOf } from '../../support/clients/conversations.ts'
import { sdkHost } from '../../support/clients/sdk.ts'
import { failuresWith, type TestedClient } from '../../support/clients/trial.ts'
import { generations } from '../../support/stdio/peers.ts'

// Whole conversations of a scripted model, through both generations of the SDK. The nightly step `clients` has them
// through other clients too.

const clients = Object.entries(generations).flatMap(([name, connect]): TestedClient[] => [
  { name: `${name}, with forms`, effects: 1, run: (server) => failuresOf(sdkHost(connect, true), server) },
  {
    name: `${name}, without forms`,
    effects: 0,
    run: (server) => failuresOf(sdkHost(connect, false), server),
  },
])

test.each(clients)('$name', async (client) => {
  expect(await failuresWith(client)).toEqual([])
})
