import { expect, onTestFinished } from 'vitest'
import { buildServerParts } from '../../support/assistant.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { eras, RawClient, temporaryFolder } from '../../support/consent/raw-client.ts'
import { addressesOf, alteredPlatform } from '../../support/effects/altered-platform.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'

// When the program is told to end, an effect that still waits is refused at once, and one that was sent is answered.

const test = testOn({ jobs: 100 })
const looking = 'POST /sm/v1/assets/search'
const effect = 'POST /sm/v1/scripts/19218/execute'

/** A client of a server that is told to end when a request arrives; `holds`: Qualys never answers that request. */
async function endingAt(sandbox: TestSandbox, era: (typeof eras)[number], request: string, holds: boolean) {
  const ending = new AbortController()
  const platform = await alteredPlatform(sandbox, {
    arrived: async (arrived) => {
      if (arrived !== request) return
      ending.abort()
      if (holds) await new Promise(() => undefined)
    },
  })
  const settings = { QUALYS_MODE: 'unattended', QUALYS_STATE_DIR: temporaryFolder() }
  const { options, close } = buildServerParts(
    environmentFor(sandbox, { ...settings, ...addressesOf(platform) }),
  )
  const safeguards = { ...options.safeguards, ending: ending.signal }
  const client = await RawClient.open({ ...options, safeguards }, era)
  onTestFinished(async () => {
    await client.close()
    await close()
  })
  return client
}

test.for(eras)('%s era: an effect that waits for a look-up is refused at once', async (era, { sandbox }) => {
  const client = await endingAt(sandbox, era, looking, true)
  const { text, isError } = await client.call(execute, run)
  expect(isError).toBe(true)
  expect(text).toMatch(
    /qualys-mcp is ending, so nothing was sent\. Make the call again once it is started again\./,
  )
  expect(await effectRequests(sandbox.control)).toEqual([])
})

test.for(eras)('%s era: an effect that was sent is answered', async (era, { sandbox }) => {
  const client = await endingAt(sandbox, era, effect, false)
  const { text, isError } = await client.call(execute, run)
  expect(isError, text).toBe(false)
  expect(await effectRequests(sandbox.control)).toHaveLength(1)
})
