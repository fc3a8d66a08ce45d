import { expect, test } from 'vitest'
import { realPace } from '../../../src/shared/clock.ts'

const forever = 2_000_000_000

test('the clock of this machine: a sleeper wakes when told, and at once when cancelled', async () => {
  const before = realPace.now()
  await realPace.sleep(5, new AbortController().signal)
  expect(realPace.now()).toBeGreaterThan(before)
  const controller = new AbortController()
  const asleep = realPace.sleep(forever, controller.signal)
  controller.abort()
  await expect(asleep).rejects.toThrow(/abort/i)
})

test('the clock of this machine: a call comes, unless cancelled', async () => {
  const called: string[] = []
  const cancel = realPace.after(1, () => called.push('cancelled'))
  cancel()
  await new Promise<void>((resolve) => {
    realPace.after(2, () => {
      called.push('came')
      resolve()
    })
  })
  expect(called).toEqual(['came'])
})
