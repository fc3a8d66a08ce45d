import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SetupError } from '../../../../src/shared/errors.ts'
import { type Disk, ownDisk } from '../../../../src/tools/plans/journal/disk.ts'
import type { PlaceOptions } from '../../../../src/tools/plans/journal/place.ts'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import { JournalError } from '../../../../src/tools/plans/journal-error.ts'
import type { PlanLine } from '../../../../src/tools/plans/plan.ts'
import { newStateDir, unusableStateDir } from '../../../support/approvals/state-folder.ts'
import { planId, proposed, samplePlan } from '../../../support/plans/plan-lines.ts'

const event = proposed(samplePlan())

function propose(stateDir: string, options: PlaceOptions = {}): PlanLine | undefined {
  return openPlanFiles(stateDir, options).append(planId, [], event, 'somebody')
}

const failsWith = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code })
}

const withDisk = (changes: Partial<Disk>): PlaceOptions => ({ disk: { ...ownDisk, ...changes } })

/** Expects an error that the operator can fix, and that no line is there. */
function expectRefused(stateDir: string, work: () => unknown, reason: string | RegExp): void {
  let error: unknown
  try {
    work()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(SetupError)
  expect(error).not.toBeInstanceOf(JournalError)
  const { message, next } = error as SetupError
  expect(message).toMatch(reason)
  expect(message).toMatch(
    /^The state folder \(QUALYS_STATE_DIR\) cannot hold plans: .*\. Nothing was written or sent\.$/,
  )
  expect(next).toContain('local disk in QUALYS_STATE_DIR')
  const folder = join(stateDir, 'plans', planId)
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
}

describe('a plan is not proposed', () => {
  test.each<[string, PlaceOptions, RegExp]>([
    ['on a network file system', { networkOf: () => 'nfs4' }, /network file system, nfs4/],
    ['without links', withDisk({ link: failsWith('EPERM') }), /its disk has no links/],
    ['without links, by another error', withDisk({ link: failsWith('ENOTSUP') }), /its disk has no links/],
    ['where a link replaces a file', withDisk({ link: () => true }), /no links, or replaces what they name/],
    ['where nothing can be linked', withDisk({ link: () => false }), /no links/],
    ['on a full disk', withDisk({ write: failsWith('ENOSPC') }), /its disk is full/],
    ['on a read-only disk', withDisk({ makeFolder: failsWith('EROFS') }), /its disk is read-only/],
    ['on a broken disk', withDisk({ flushFolder: failsWith('EIO') }), /the system says EIO/],
  ])('%s', (_, options, reason) => {
    const stateDir = newStateDir()
    expectRefused(stateDir, () => propose(stateDir, options), reason)
  })

  test('where a part of the path is a file', () => {
    expectRefused(unusableStateDir, () => propose(unusableStateDir), /a part of its path is a file/)
  })

  test('where "plans" is a file', () => {
    const stateDir = newStateDir()
    mkdirSync(stateDir, { mode: 0o700 })
    writeFileSync(join(stateDir, 'plans'), '')
    expectRefused(stateDir, () => propose(stateDir), /"plans" in it is no folder/)
  })
})

test('a disk that fills up between the trial and the line holds no line and no half of one', () => {
  const stateDir = newStateDir()
  let writes = 0
  const write: Disk['write'] = (path, text) => {
    writes += 1
    if (writes === 1) return ownDisk.write(path, text)
    ownDisk.write(path, text.slice(0, 100))
    return failsWith('ENOSPC')()
  }
  expectRefused(stateDir, () => propose(stateDir, withDisk({ write })), /its disk is full/)
  expect(openPlanFiles(stateDir).list()).toEqual([])
  expect(readdirSync(join(stateDir, 'plans'))).toEqual([planId])
  expect(propose(stateDir)).toMatchObject({ seq: 1 })
})

test('a later line is not written once the folder lies on a network file system', () => {
  const stateDir = newStateDir()
  const first = propose(stateDir)
  const journals = openPlanFiles(stateDir, { networkOf: () => 'nfs4' })
  const stop = () => journals.append(planId, first ? [first] : [], { kind: 'stopped', why: 'x' }, 'somebody')
  expect(stop).toThrow(/network file system/)
  expect(journals.read(planId)).toEqual([first])
})

test('a later line is not written once the folder is gone', () => {
  const [one, other] = [newStateDir(), newStateDir()]
  const first = propose(one)
  const stop = () =>
    openPlanFiles(other).append(planId, first ? [first] : [], { kind: 'stopped', why: 'x' }, 'somebody')
  expect(stop).toThrow(/its folder is gone/)
  expect(existsSync(other)).toBe(false)
})

describe.skipIf(process.platform === 'win32')('nothing is read or written', () => {
  const parts = [[], ['plans'], ['plans', planId]] as const

  test.each(parts.map((part) => [part.join('/') || 'the state folder', part] as const))(
    'where others may write %s',
    (_, part) => {
      const stateDir = newStateDir()
      const first = propose(stateDir)
      chmodSync(join(stateDir, ...part), 0o770)
      const journals = openPlanFiles(stateDir)
      const works = [
        () => journals.read(planId),
        () => journals.append(planId, first ? [first] : [], { kind: 'stopped', why: 'x' }, 'somebody'),
        () => journals.lease(planId, 'runner', 1_000),
      ]
      for (const work of works) expect(work).toThrow(/belongs to somebody else, or others may write it/)
    },
  )

  test('and nothing is made in a state folder that others may write', () => {
    const stateDir = newStateDir()
    mkdirSync(stateDir)
    chmodSync(stateDir, 0o770)
    expectRefused(stateDir, () => propose(stateDir), /it belongs to somebody else, or others may write it/)
    expect(readdirSync(stateDir)).toEqual([])
  })

  test.each([
    ['plans', ['plans']],
    ['the plan', ['plans', planId]],
  ] as const)('where the folder of %s is a symbolic link', (_, part) => {
    const [stateDir, other] = [newStateDir(), newStateDir()]
    propose(other)
    mkdirSync(dirname(join(stateDir, ...part)), { recursive: true, mode: 0o700 })
    symlinkSync(join(other, ...part), join(stateDir, ...part))
    const journals = openPlanFiles(stateDir)
    expect(() => journals.read(planId)).toThrow(/is no folder/)
    expect(() => propose(stateDir)).toThrow(/is no folder/)
  })

  test('but the state folder itself may be one', () => {
    const [stateDir, other] = [newStateDir(), newStateDir()]
    const first = propose(other)
    symlinkSync(other, stateDir)
    expect(openPlanFiles(stateDir).read(planId)).toEqual([first])
  })
})
