import { expect, test } from 'vitest'
import { failuresOf } from '../../support/clients/conversations.ts'
import { httpGenerations } from '../../support/clients/http-peers.ts'
import { sdkHttpHost } from '../../support/clients/sdk.ts'
import { failuresWith, type TestedClient } from '../../support/clients/trial.ts'

// Whole conversations of a scripted model with a service, through both generations of the SDK. The nightly step
// `clients` has them through other clients too.

const clients = httpGenerations.map(
  ({ name, connect, asks }): TestedClient => ({
    name,
    effects: asks ? 1 : 0,
    run: (server) => failuresOf(sdkHttpHost(connect, asks), server),
  }),
)

test.each(clients)('$name', async (client) => {
  expect(await failuresWith(client)).toEqual([])
})
