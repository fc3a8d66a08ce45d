import { afterEach, expect, test, vi } from 'vitest'
import { mapSteps, runAtOnce, runSteps } from '../../../../src/shared/turns/steps.ts'

// A long list is mapped in steps, and other work runs between two of them once a turn has taken its time.

afterEach(() => void vi.restoreAllMocks())

const values = Array.from({ length: 1_201 }, (_, at) => at)
const withPlace = (value: number, at: number): string => `${value} at ${at}`

test.each([0, 1, 499, 500, 501, 1_000, 1_201])('%d values are mapped as by Array.map', (length) => {
  const some = values.slice(0, length)
  expect(runAtOnce(mapSteps(some, withPlace))).toEqual(some.map(withPlace))
})

test.each([
  [500, 0],
  [501, 2],
  [1_201, 3],
])('%d values take %d steps before the result', (length, count) => {
  const steps = mapSteps(values.slice(0, length), withPlace)
  let taken = 0
  while (!steps.next().done) taken++
  expect(taken).toBe(count)
})

test('other work runs after each step of a second, and none if the clock stands', async () => {
  const turnsDuring = async (): Promise<number> => {
    let turns = 0
    const count = (): void => {
      turns++
      handle = setImmediate(count)
    }
    let handle = setImmediate(count)
    await runSteps(mapSteps(values, withPlace))
    clearImmediate(handle)
    return turns
  }
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
  expect(await turnsDuring()).toBeGreaterThanOrEqual(3)
  vi.spyOn(performance, 'now').mockReturnValue(0)
  expect(await turnsDuring()).toBe(0)
})
