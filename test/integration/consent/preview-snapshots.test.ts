import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { consentTest } from '../../support/consent/fixtures.ts'
import { effects } from '../../support/effects/in-memory.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'

// Every effect has a preview snapshot: what a person reads before the call with the minimal arguments. A reviewer
// of a new effect reads it there. `-u` writes it; without it, a missing file fails the test.

const folder = new URL('../../snapshots/previews/', import.meta.url)
const command = 'npx vitest run --project integration test/integration/consent/preview-snapshots.test.ts -u'
const settings = { QUALYS_UNVERIFIED: 'all', QUALYS_MAX_ASSETS_PER_RUN: '100' }

const isUpdating = (): boolean => expect.getState().snapshotState.snapshotUpdateState === 'all'

/** What differs between runs: the address of the sandbox, and whether a date of its data is past. */
const steady = (preview: string, { gatewayUrl, apiUrl }: { gatewayUrl: string; apiUrl: string }): string =>
  `${preview
    .replaceAll(gatewayUrl, 'https://gateway.example')
    .replaceAll(apiUrl, 'https://api.example')
    .replace('\n! Its due date is past.', '')}\n`

consentTest.for(effects.map(({ name }) => name as string))('%s', async (tool, { sandbox, connect }) => {
  const args = (await minimalArgumentsOn(sandbox.control))[tool]
  expect(
    args,
    `${tool} has no least arguments: add them to test/support/operations/minimal-arguments.ts, so that its preview can be shown.`,
  ).toBeDefined()
  const client = await connect('modern', { settings })
  const { preview, text } = await client.call(tool, { ...args })
  expect(preview, `${tool} was not asked about: ${text}`).toBeDefined()
  expect(
    isUpdating() || existsSync(new URL(`${tool}.txt`, folder)),
    `${tool} has no preview snapshot: write test/snapshots/previews/${tool}.txt with \`${command}\`, and read it.`,
  ).toBe(true)
  await expect(steady(preview ?? '', sandbox)).toMatchFileSnapshot(`../../snapshots/previews/${tool}.txt`)
})

test('no preview of a removed tool is left', () => {
  const tools = effects.map(({ name }) => `${name}.txt`)
  expect(readdirSync(folder).filter((file) => !tools.includes(file))).toEqual([])
})
