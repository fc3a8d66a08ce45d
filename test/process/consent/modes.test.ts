import { expect, test } from 'vitest'
import { meetClient } from '../../support/consent/clients.ts'
import { modes, names } from '../../support/consent/modes.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { generations } from '../../support/stdio/peers.ts'

// Each of the settings that decide without a question, with one generation of clients; all: test/nightly/consent.

const clients = Object.entries(generations)

test('there is a client for each', () => expect(clients).toHaveLength(names.length))

test.each(clients.map(([client, connect], place) => [names[place] ?? 'a limit', client, connect] as const))(
  '%s, %s',
  async (name, _client, connect) => {
    const sandbox = await openSandbox({ jobs: 100 })
    const { settings, expectThere } = modes[name]
    const meeting = await meetClient(connect, sandbox, settings)
    await expectThere(meeting, sandbox)
    await meeting.close()
    await sandbox.close()
  },
)
