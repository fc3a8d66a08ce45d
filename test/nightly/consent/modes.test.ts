import { describe, test } from 'vitest'
import { connectClient } from '../../support/consent/clients.ts'
import { modeNames, modes } from '../../support/consent/modes.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { generations } from '../../support/stdio/peers.ts'

// All settings that decide without a question, with all generations of clients.

describe.each(Object.entries(generations))('%s', (_client, connect) => {
  test.each(modeNames)('%s', async (name) => {
    const sandbox = await openSandbox({ jobs: 100 })
    const { settings, expectThere } = modes[name]
    const client = await connectClient(connect, sandbox, settings)
    await expectThere(client, sandbox)
    await client.close()
    await sandbox.close()
  })
})
