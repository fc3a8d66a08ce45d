import { expect } from 'vitest'
import { clockNote, clockSkew } from '../../../src/session/http/clock-skew.ts'
import { testOn } from '../../support/fixtures.ts'

const test = testOn({ jobs: 100, assets: 60 })

// The sandbox's clock starts with its data: the test compares it with itself.
test('a clock that is five hours behind is detected from the Date of an answer', async ({ sandbox }) => {
  const skew = async (): Promise<number> => {
    const { headers } = await fetch(`${sandbox.gatewayUrl}/sm/v1/script-types`)
    return clockSkew(headers.get('date') ?? undefined, Date.now()) ?? Number.NaN
  }
  const before = await skew()
  await sandbox.control.faults([{ route: '*', kind: 'clockSkew', seconds: -18_000 }])
  expect(clockNote((await skew()) - before)).toContain('5 h ahead of')
})
