import { expect, test } from 'vitest'
import { systemClock } from '../../../src/shared/clock.ts'

const forever = 2_000_000_000

test('the clock of this machine: a pause ends in time, and at once when cancelled', async () => {
  const before = systemClock.now()
  await systemClock.sleep(5, new AbortController().signal)
  expect(systemClock.now()).toBeGreaterThan(before)
  const controller = new AbortController()
  const asleep = systemClock.sleep(forever, controller.signal)
  controller.abort()
  await expect(asleep).rejects.toThrow(/abort/i)
})

test('the clock of this machine: a timer fires, unless cancelled', async () => {
  const called: string[] = []
  const cancel = systemClock.after(1, () => called.push('cancelled'))
  cancel()
  await new Promise<void>((resolve) => {
    systemClock.after(2, () => {
      called.push('came')
      resolve()
    })
  })
  expect(called).toEqual(['came'])
})
