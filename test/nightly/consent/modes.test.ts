import { describe, test } from 'vitest'
import { meetClient } from '../../support/consent/clients.ts'
import { modes, names } from '../../support/consent/modes.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { generations } from '../../support/stdio/peers.ts'

// All settings that decide without a question, with all generations of clients.

describe.each(Object.entries(generations))('%s', (_client, connect) => {
  test.each(names)('%s', async (name) => {
    const sandbox = await openSandbox({ jobs: 100 })
    const { settings, expectThere } = modes[name]
    const meeting = await meetClient(connect, sandbox, settings)
    await expectThere(meeting, sandbox)
    await meeting.close()
    await sandbox.close()
  })
})
