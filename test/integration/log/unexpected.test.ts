import { expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'

const test = testOn({ jobs: 100 }, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })

test('an unexpected error is logged once, with its stack, under its call', async ({ sandbox, assistant }) => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  await sandbox.control.faults([
    { route: 'POST /sm/v1/block-assets', kind: 'reply', body: `{"body":${deep}}` },
  ])
  await assistant.call('car_block_assets', { ids: ['11'] })
  const lines = assistant.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')
  expect(lines).toEqual([
    expect.objectContaining({
      call: 1,
      tool: 'car_block_assets',
      stack: expect.stringMatching(/^RangeError: [^\n]+\n +at /),
      msg: 'unexpected',
    }),
  ])
})
