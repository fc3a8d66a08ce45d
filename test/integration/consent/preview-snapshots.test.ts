import { expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { isEffect } from '../../../src/operations/operation.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { wayText } from '../../support/consent/pending-resource.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { isComplete, isListed } from '../../support/operations/parts.ts'
import { isUpdating } from '../../support/snapshots.ts'

// Every effect has a preview snapshot: what a person reads before the call with the minimal arguments. A reviewer
// of a new effect reads it there. `npm run snapshots` writes it; a missing one fails test/integration/operations.

const effects = operations.filter(isEffect)
const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_ASSETS_PER_RUN: '100' }

/** What differs between runs: addresses of the sandbox, a code and its folder, and whether a date is past. */
const steady = (preview: string, { gatewayUrl, apiUrl }: { gatewayUrl: string; apiUrl: string }): string =>
  `${preview
    .replaceAll(gatewayUrl, 'https://gateway.example')
    .replaceAll(apiUrl, 'https://api.example')
    .replace(wayText, 'all of it: resource qualys://pending/CODE, or `qualys-mcp approve CODE` in a terminal')
    .replace('\n! Its due date is past.', '')}\n`

consentTest.for(effects.map(({ name }) => name as string))('%s', async (tool, { sandbox, connect, skip }) => {
  const args = (await minimalArgumentsOn(sandbox.control))[tool]
  skip(!args || !isListed(tool) || (!isUpdating() && !isComplete(tool)))
  const client = await connect('modern', { settings })
  const { preview, text } = await client.call(tool, { ...args })
  expect(preview, `${tool} was not asked about: ${text}`).toBeDefined()
  await expect(steady(preview ?? '', sandbox)).toMatchFileSnapshot(`../../snapshots/previews/${tool}.txt`)
})
