import { describe, expect, test } from 'vitest'
import { withTimeout } from '../../../src/shared/clock.ts'
import { BusyError, InputError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import { Progress } from '../../../src/tools/progress.ts'
import type { HostCounts } from '../../../src/tools/tool.ts'
import { Tally } from '../../../src/tools/workflows/run/outcomes.ts'
import { parseRunReference } from '../../../src/tools/workflows/run/run.ts'
import { minStableMs, recordHostCount } from '../../../src/tools/workflows/run/stable-host-count.ts'
import { isTemporary } from '../../../src/tools/workflows/run/watch.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'

// The parts of waiting for a run: a time limit, progress, and for how long the number of hosts has been stable.

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('work with a time-out', () => {
  const { signal } = new AbortController()

  test('that is done returns, and leaves no timer', async () => {
    const clock = new FakeClock()
    expect(await withTimeout(clock, clock.now() + 1_000, signal, async () => undefined)).toBe(true)
    expect(clock.waiting).toBe(0)
  })

  test.each([
    [999, 'goes on'],
    [1_000, 'ends'],
  ])('of a second, after %i ms %s', async (ms, then) => {
    const clock = new FakeClock()
    let ended = false
    const work = withTimeout(clock, clock.now() + 1_000, signal, untilAborted).then((done) => {
      ended = true
      expect(done).toBe(false)
    })
    await clock.pass(ms / 1_000)
    await new Promise(setImmediate)
    expect(ended).toBe(then === 'ends')
    await clock.pass(1)
    await work
  })

  test('that is over before it began ends at once', async () => {
    const clock = new FakeClock()
    const work = withTimeout(clock, clock.now() - 5_000, signal, untilAborted)
    await clock.pass(0)
    expect(await work).toBe(false)
  })

  test('that fails by itself fails, and leaves no timer', async () => {
    const clock = new FakeClock()
    const failing = withTimeout(clock, clock.now() + 1_000, signal, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(clock.waiting).toBe(0)
  })

  test('that is cancelled fails as cancelled', async () => {
    const clock = new FakeClock()
    const stop = new AbortController()
    const work = withTimeout(clock, clock.now() + 1_000, stop.signal, untilAborted)
    stop.abort(new Error('enough'))
    await expect(work).rejects.toThrow('enough')
  })
})

describe('progress', () => {
  const open = () => {
    const clock = new FakeClock()
    const reports: (readonly [number, number | undefined])[] = []
    const progress = new Progress((done, total) => reports.push([done, total]))
    return { clock, reports, progress, stop: progress.repeat(clock) }
  }

  test('is reported when it changes, and not when it does not', () => {
    const { reports, progress, stop } = open()
    progress.report(1, 3)
    progress.report(1, 3)
    progress.report(1, 4)
    progress.report(2, 4)
    expect(reports).toEqual([
      [1, 3],
      [1.001, 4],
      [2, 4],
    ])
    stop()
  })

  test('is reported every 5 s, always more, until it is stopped', async () => {
    const { clock, reports, stop } = open()
    await clock.pass(4.9)
    expect(reports).toEqual([])
    await clock.pass(10.2)
    expect(reports).toEqual([
      [0, undefined],
      [0.001, undefined],
      [0.002, undefined],
    ])
    stop()
    await clock.pass(60)
    expect(reports).toHaveLength(3)
    expect(clock.waiting).toBe(0)
  })

  test('never falls, though a run may have fewer hosts', () => {
    const { reports, progress, stop } = open()
    progress.report(5, 9)
    progress.report(3, 9)
    expect(reports.map(([done]) => done)).toEqual([5, 5.001])
    stop()
  })
})

describe('the time since the number of hosts changed', () => {
  const tallyOf = (hosts: number): Tally => {
    const tally = new Tally((text) => text)
    for (let host = 0; host < hosts; host++) tally.add({ output: { code: 0 } })
    return tally
  }
  const counts = (): HostCounts => new Map()

  test('starts at zero, and again with another number', () => {
    const one = counts()
    expect(recordHostCount(one, '1', tallyOf(2), 1_000)).toBe(0)
    expect(recordHostCount(one, '1', tallyOf(2), 61_000)).toBe(minStableMs)
    expect(recordHostCount(one, '1', tallyOf(3), 70_000)).toBe(0)
    expect(recordHostCount(one, '1', tallyOf(2), 80_000)).toBe(0)
  })

  test('is known for each run of each account', () => {
    const [one, other] = [counts(), counts()]
    recordHostCount(one, '1', tallyOf(2), 0)
    expect(recordHostCount(one, '2', tallyOf(2), 100)).toBe(0)
    expect(recordHostCount(other, '1', tallyOf(2), 100)).toBe(0)
    expect(recordHostCount(one, '1', tallyOf(2), 100)).toBe(100)
  })

  test('is known for the 200 runs polled last', () => {
    const one = counts()
    for (let run = 1; run <= 200; run++) recordHostCount(one, String(run), tallyOf(1), 0)
    recordHostCount(one, '1', tallyOf(1), 10)
    recordHostCount(one, '201', tallyOf(1), 10)
    expect(['1', '3', '2'].map((run) => recordHostCount(one, run, tallyOf(1), 50))).toEqual([50, 50, 0])
  })
})

describe('failures that may pass by themselves', () => {
  test.each([
    [new BusyError('', ''), true],
    [new VendorError('', ''), true],
    [new InputError('', ''), false],
    [new SetupError('', ''), false],
    [new Error(), false],
  ])('%o: %s', (error, may) => expect(isTemporary(error)).toBe(may))
})

describe('the run that arguments name', () => {
  const uuid = '81761e17-470b-40ab-89db-ef02607e00ab'
  test.each([
    [{ jobId: '7' }, { jobId: '7' }],
    [
      { scriptId: '7', correlationUuid: uuid },
      { scriptId: '7', correlationUuid: uuid },
    ],
    [{ jobId: '81761e17' }, { jobId: '81761e17' }],
  ])('%j', (args, target) => expect(parseRunReference(args)).toEqual(target))

  test.each([
    [{}, 'No run is named.'],
    [{ scriptId: '7' }, 'scriptId alone does not tell which of its runs is meant.'],
    [{ correlationUuid: uuid }, 'Qualys finds a run by its correlationUuid only among those of one script.'],
    [{ jobId: uuid }, 'jobId looks like a correlationUuid.'],
    [{ jobId: uuid.toUpperCase() }, 'jobId looks like a correlationUuid.'],
    [{ jobId: '1', scriptId: '7' }, 'jobId and scriptId together name the run twice.'],
    [
      { jobId: '1', correlationUuid: uuid, scriptId: '7' },
      'jobId and correlationUuid together name the run twice.',
    ],
    [{ jobId: uuid, scriptId: '7' }, 'jobId and scriptId together name the run twice.'],
  ])('%j is refused', (args, sentence) => expect(() => parseRunReference(args)).toThrow(sentence))
})
