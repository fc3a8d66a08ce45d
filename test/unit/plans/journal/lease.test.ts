import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Disk, ownDisk } from '../../../../src/tools/plans/journal/disk.ts'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import { newStateDir } from '../../../support/approvals/state-folder.ts'
import { planId, proposed, samplePlan } from '../../../support/plans/plan-lines.ts'

/** A plan on which several runners act, with one clock. */
function newPlan(disk: Disk = ownDisk) {
  const stateDir = newStateDir()
  const clock = { now: 1_000_000 }
  const now = () => clock.now
  const [one, other] = [openPlanFiles(stateDir, { now, disk }), openPlanFiles(stateDir, { now })]
  one.append(planId, [], proposed(samplePlan()), 'somebody')
  const folder = join(stateDir, 'plans', planId)
  return {
    clock,
    folder,
    one: (ms = 30_000) => one.lease(planId, 'one', ms),
    other: (ms = 30_000) => other.lease(planId, 'other', ms),
    read: () => one.read(planId),
    files: () => readdirSync(folder).filter((name) => name.startsWith('lease-')),
  }
}

test('one runner has the lease, until its time is over', () => {
  const { clock, one, other } = newPlan()
  expect(one()).toBeDefined()
  clock.now += 29_999
  expect(other()).toBeUndefined()
  clock.now += 1
  expect(other()).toBeDefined()
  expect(one()).toBeUndefined()
})

test('a renewed lease lasts longer', () => {
  const { clock, one, other } = newPlan()
  const lease = one()
  clock.now += 20_000
  expect(lease?.renew()).toBe(true)
  clock.now += 20_000
  expect(other()).toBeUndefined()
  clock.now += 10_000
  expect(other()).toBeDefined()
})

test('a lease that another runner took is not renewed, and its release changes nothing', () => {
  const { clock, one, other, files } = newPlan()
  const lease = one()
  clock.now += 30_000
  other()
  expect(lease?.renew()).toBe(false)
  lease?.release()
  expect(files()).toEqual(['lease-000002.json'])
  expect(one()).toBeUndefined()
})

test('a lease that ran out is renewed if nobody took it', () => {
  const { clock, one, other } = newPlan()
  const lease = one()
  clock.now += 50_000
  expect(lease?.renew()).toBe(true)
  expect(other()).toBeUndefined()
})

test('a released lease is free at once', () => {
  const { one, other } = newPlan()
  one()?.release()
  expect(other()).toBeDefined()
})

test('the same runner gets it again at once, and its older lease is lost', () => {
  const { one, other } = newPlan()
  const first = one()
  const second = one()
  expect([first?.renew(), second?.renew()]).toEqual([false, true])
  expect(other()).toBeUndefined()
})

test('a clock that was set back blocks nobody', () => {
  const { clock, one, other } = newPlan()
  one()
  clock.now -= 1
  expect(other()).toBeDefined()
})

test('no lease lasts longer than a minute', () => {
  const { clock, one, other } = newPlan()
  one(3_600_000)
  clock.now += 59_999
  expect(other()).toBeUndefined()
  clock.now += 1
  expect(other()).toBeDefined()
})

test('only the newest file is kept, and it is no line', () => {
  const { one, files, folder, read } = newPlan()
  for (let turn = 0; turn < 5; turn++) one()?.release()
  expect(files()).toEqual(['lease-000005.json'])
  expect(JSON.parse(readFileSync(join(folder, 'lease-000005.json'), 'utf8'))).toEqual({
    runner: 'one',
    until: 0,
    ms: 0,
  })
  expect(readdirSync(folder)).toHaveLength(2)
  expect(read()).toHaveLength(1)
})

test.each(['', 'null', '{}', '{"runner":"else","until":9e15,"ms":9e15}', '{"runner":1,"until":2,"ms":3}'])(
  'a file that holds %j blocks nobody',
  (text) => {
    const { one, folder } = newPlan()
    writeFileSync(join(folder, 'lease-000007.json'), text, { mode: 0o600 })
    expect(one()).toBeDefined()
    expect(existsSync(join(folder, 'lease-000007.json'))).toBe(false)
  },
)

// Between two operations of one runner another one acts: never do both have the lease.

/** A disk on which something happens once, just before the next operation of this kind. */
function interrupted(operation: 'link' | 'rename') {
  const once: { act: () => void } = { act: () => {} }
  const run = () => {
    const { act } = once
    once.act = () => {}
    act()
  }
  const disk: Disk = {
    ...ownDisk,
    [operation]: (from: string, to: string) => {
      run()
      return ownDisk[operation](from, to)
    },
  }
  return { disk, once }
}

test('of two runners that find it free at the same time, one gets it', () => {
  const { disk, once } = interrupted('link')
  const { one, other } = newPlan(disk)
  let taken: unknown
  once.act = () => {
    taken = other()
  }
  expect(one()).toBeUndefined()
  expect(taken).toBeDefined()
})

test('a runner that was slow does not get a number that was used before', () => {
  const { disk, once } = interrupted('link')
  const { one, other, files } = newPlan(disk)
  once.act = () => {
    other()
    other()
  }
  expect(one()).toBeUndefined()
  expect(files()).toEqual(['lease-000002.json'])
})

test('a lease that is renewed while another runner takes it stays with who renewed it', () => {
  const { disk, once } = interrupted('link')
  const { clock, one, other } = newPlan(disk)
  const lease = other()
  clock.now += 30_000
  let renewed: boolean | undefined
  once.act = () => {
    renewed = lease?.renew()
  }
  expect(one()).toBeUndefined()
  expect(renewed).toBe(true)
  expect(lease?.renew()).toBe(true)
})

test('a renewal that is overtaken is none', () => {
  const { disk, once } = interrupted('rename')
  const { clock, one, other } = newPlan(disk)
  const lease = one()
  clock.now += 30_000
  let taken: unknown
  once.act = () => {
    taken = other()
  }
  expect(lease?.renew()).toBe(false)
  expect(taken).toBeDefined()
})
