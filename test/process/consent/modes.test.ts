import { expect, test } from 'vitest'
import { connectClient } from '../../support/consent/clients.ts'
import { modeNames, modes } from '../../support/consent/modes.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { generations } from '../../support/stdio/peers.ts'

// Each of the settings that decide without a question, with one generation of clients; all: test/nightly/consent.

const clients = Object.entries(generations)

test('each mode has a client', () => expect(clients).toHaveLength(modeNames.length))

test.each(
  clients.map(([client, connect], place) => [modeNames[place] ?? 'a limit', client, connect] as const),
)('%s, %s', async (name, _client, connect) => {
  const sandbox = await openSandbox({ jobs: 100 })
  const { settings, expectThere } = modes[name]
  const client = await connectClient(connect, sandbox, settings)
  await expectThere(client, sandbox)
  await client.close()
  await sandbox.close()
})
