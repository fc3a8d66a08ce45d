import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'

/** An assistant that nobody has to approve anything for, with its sandbox; both are there for the tests of a file. */
export interface There {
  readonly sandbox: Awaited<ReturnType<typeof openSandbox>>
  readonly assistant: Assistant
}

export function assistantWithSandbox(): There {
  const there = {} as { -readonly [Part in keyof There]: There[Part] }
  beforeAll(async () => {
    there.sandbox = await openSandbox({ jobs: 100 })
    there.assistant = await assistantOn(there.sandbox, {
      QUALYS_MODE: 'unattended',
      QUALYS_UNVERIFIED: 'all',
    })
  })
  beforeEach(() => there.sandbox.control.reset())
  afterAll(async () => {
    await there.assistant.close()
    await there.sandbox.close()
  })
  return there
}
