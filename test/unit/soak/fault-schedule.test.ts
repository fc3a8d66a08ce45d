import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../../nightly/fuzz/seeded-random.ts'
import { canJoin, drawFaults, type Fault, faultKinds } from '../../nightly/soak/fault-kinds.ts'
import { type Failure, FaultSchedule } from '../../nightly/soak/fault-schedule.ts'

const jobs = 'POST /sm/v2/jobs/search'
const users = 'POST /qps/rest/1.0/search/saq/user'

function failed(kind: string, from: number, until: number, more: Partial<Failure> = {}): Failure {
  return { tool: 'car_search_jobs', isEffect: false, kind, text: 'some text', from, until, ...more }
}

describe('an error is explained', () => {
  const schedule = new FaultSchedule()
  schedule.start(100, [{ route: jobs, kind: 'limit' }])
  schedule.start(200, [
    { route: jobs, kind: 'delay' },
    { route: users, kind: 'truncate' },
  ])
  schedule.end(300)

  test.each([
    ['by a fault that was on during its call', failed('busy', 0, 150), true],
    ['by one that ended while it ran', failed('busy', 150, 250), true],
    ['not by one that came later', failed('busy', 0, 99), false],
    ['not by one that had ended', failed('busy', 201, 400), false],
    ['not by one that allows another kind', failed('vendor', 100, 190), false],
    ['not by one that allows none', failed('vendor', 201, 299), false],
    ['by a fault of its product', failed('vendor', 201, 299, { tool: 'saq_search_users' }), true],
    ['not by a fault of the other product', failed('vendor', 201, 299, { tool: 'qualys_export' }), false],
    [
      'for an effect: a limit says that nothing was done',
      failed('unclear', 0, 150, { isEffect: true }),
      false,
    ],
  ])('%s', (_name, failure, isExplained) => {
    expect(schedule.explains(failure)).toBe(isExplained)
  })

  test('an effect whose answer is lost is unclear, not a vendor error', () => {
    const schedule = new FaultSchedule()
    schedule.start(0, [{ route: 'POST /sm/v5/script', kind: 'resetAfterBody' }])
    const effect = { tool: 'car_create_script', isEffect: true }
    expect(schedule.explains(failed('unclear', 1, 2, effect))).toBe(true)
    expect(schedule.explains(failed('vendor', 1, 2, effect))).toBe(false)
  })
})

describe('a token that is refused, also a fresh one', () => {
  const text = 'Qualys refuses the token, also a fresh one (401: "JWT expired").'
  const call = failed('setup', 20_000, 21_000, { text })
  const expired: Fault = { route: jobs, kind: 'expired', times: 1 }

  test.each<[string, readonly [number, number][], readonly [number, number, number][], boolean]>([
    [
      'two revocations during the call',
      [
        [20_100, 20_110],
        [20_900, 20_910],
      ],
      [],
      true,
    ],
    [
      'one just before the call, one during it',
      [
        [15_000, 15_010],
        [20_900, 20_910],
      ],
      [],
      true,
    ],
    ['one during the call, and a fault that refuses one', [[20_100, 20_110]], [[20_500, 20_600, 1]], true],
    ['two faults that refuse one each', [], [[20_500, 20_600, 2]], true],
    ['one revocation', [[20_100, 20_110]], [], false],
    ['one fault that refuses one', [], [[20_500, 20_600, 1]], false],
    [
      'two revocations before the call',
      [
        [15_000, 15_010],
        [19_000, 19_010],
      ],
      [],
      false,
    ],
    [
      'one long before the call, one during it',
      [
        [5_000, 5_010],
        [20_900, 20_910],
      ],
      [],
      false,
    ],
    ['nothing', [], [], false],
  ])('%s', (_name, revocations, faults, isExplained) => {
    const schedule = new FaultSchedule()
    for (const [from, until] of revocations) schedule.revoked(from, until)
    for (const [from, until, count] of faults) {
      schedule.start(
        from,
        Array.from({ length: count }, () => expired),
      )
      schedule.end(until)
    }
    expect(schedule.explains(call)).toBe(isExplained)
  })

  test('revocations explain nothing else', () => {
    const schedule = new FaultSchedule()
    schedule.revoked(20_100, 20_110)
    schedule.revoked(20_900, 20_910)
    expect(schedule.explains({ ...call, text: 'This user may not do that (403).' })).toBe(false)
    expect(schedule.explains({ ...call, kind: 'vendor' })).toBe(false)
  })
})

test('an unexplained error is reported with the faults around its call', () => {
  const schedule = new FaultSchedule()
  schedule.lifetime(100, 14_400)
  schedule.lifetime(200, 6)
  schedule.start(1_000, [{ route: jobs, kind: 'gzip' }])
  schedule.end(2_000)
  schedule.revoked(11_900, 11_910)
  schedule.start(12_100, [{ route: users, kind: 'limit', times: 2 }])
  expect(schedule.around(failed('drift', 12_000, 12_500))).toBe(
    [
      'it took 500 ms',
      `from -11000 ms to -10000 ms: {"route":"${jobs}","kind":"gzip"}`,
      `from 100 ms to its end: {"route":"${users}","kind":"limit","times":2}`,
      'from -100 ms to -90 ms: tokens revoked',
      'since -11800 ms: tokens live 6 s',
    ].join('; '),
  )
})

describe('faults on one route', () => {
  const onJobs = (...kinds: string[]): Fault[] => kinds.map((kind) => ({ route: jobs, kind }))

  test.each([
    ['gzip', [], true],
    ['gzip', ['gzip'], true],
    ['gzip', ['brotli', 'gzip'], false],
    ['bomb', ['brotli', 'gzip'], false],
    ['byteOrderMark', ['byteOrderMark'], false],
    ['byteOrderMark', ['gzip'], false],
    ['gzip', ['byteOrderMark'], true],
    ['limit', ['limit', 'limit'], true],
  ])('%s after %j: %j', (kind, kinds, isPossible) => {
    expect(canJoin({ route: jobs, kind }, onJobs(...kinds))).toBe(isPossible)
    expect(canJoin({ route: users, kind }, onJobs(...kinds))).toBe(true)
  })

  test('drawn faults can be combined, and each kind is drawn', () => {
    const draw = new SeededRandom(1)
    const drawn = draw.times(2_000, () => drawFaults(draw, [jobs, users], faultKinds))
    for (const faults of drawn)
      for (const [index, fault] of faults.entries()) expect(canJoin(fault, faults.slice(0, index))).toBe(true)
    expect(new Set(drawn.flat().map(({ kind }) => kind))).toEqual(new Set(faultKinds))
  })
})
