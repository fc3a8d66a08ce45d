import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { takeServiceLock } from '../../../src/service/operation/service-lock.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { silentLog } from '../../../src/shared/log.ts'
import { type Machine, openMachine, type TestService } from '../../support/operation/machine.ts'

// One service a state folder: who gets the lock, who replaces a stale one, and who notices.

let machine: Machine

beforeEach(() => {
  machine = openMachine()
})

/** What a start says that is refused. */
function refusalOf(start: () => unknown): string {
  try {
    start()
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
  return 'not refused'
}

const textOfLock = (): string => readFileSync(machine.path, 'utf8')
const holderOf = (): { readonly pid: number; readonly id: string } => JSON.parse(textOfLock())

/** Lets the time of some services pass as it does: in steps, with their timers. */
function pass(ms: number, ...services: readonly TestService[]): void {
  for (let passed = 0; passed < ms; passed += 10_000) {
    machine.wait(10_000)
    for (const { tick } of services) tick()
  }
}

describe('the lock', () => {
  test('says who holds it, to the owner alone', () => {
    machine.start(100)
    expect(JSON.parse(textOfLock())).toEqual({
      pid: 100,
      host: 'here',
      startedAt: '2041-01-01T00:00:00.000Z',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(statSync(machine.path).mode & 0o777).toBe(0o600)
  })

  test('is touched while the service runs', () => {
    const service = machine.start(100)
    expect(statSync(machine.path).mtimeMs).toBe(machine.now())
    pass(30_000, service)
    expect(statSync(machine.path).mtimeMs).toBe(machine.now())
    expect(service.lost()).toBe(false)
  })

  test('is removed at the end, and the next service starts', () => {
    const service = machine.start(100)
    service.release()
    expect(readdirSync(machine.folder)).toEqual([])
    expect(service.lost()).toBe(true)
    service.release()
    expect(machine.start(101).lost()).toBe(false)
  })

  test('makes its folder, for the owner alone', () => {
    const folder = join(machine.folder, 'state', 'of', 'it')
    const lock = takeServiceLock({ folder, pid: 1, isAlive: () => true, log: silentLog })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    lock.release()
  })
})

describe('a second service', () => {
  test('is refused while the first runs, in one sentence that says what to do', () => {
    const first = machine.start(100)
    pass(600_000, first)
    const refusal = refusalOf(() => machine.start(101))
    for (const part of [
      machine.folder,
      'process 100 on here',
      '2041-01-01T00:10:00.000Z',
      'QUALYS_STATE_DIR',
    ])
      expect(refusal).toContain(part)
    expect(first.lost()).toBe(false)
    expect(readdirSync(machine.folder)).toEqual(['service.lock'])
  })

  test('on this machine starts as soon as the first is gone', () => {
    machine.start(100).kill()
    const second = machine.start(101)
    expect(holderOf().pid).toBe(101)
    expect(second.lost()).toBe(false)
    expect(readdirSync(machine.folder)).toEqual(['service.lock'])
  })

  test('on this machine is refused as long as the process lives, however long its lock was not touched', () => {
    machine.start(100)
    machine.wait(3_600_000)
    expect(refusalOf(() => machine.start(101))).toContain('process 100')
  })

  test('starts after a boot, although another program has the process id now', () => {
    machine.start(100)
    machine.wait(120_000)
    machine.boot()
    machine.run(100)
    expect(machine.start(101).lost()).toBe(false)
  })

  test('of another machine is refused until the lock was not touched for a minute', () => {
    machine.start(100).kill()
    machine.wait(59_000)
    expect(refusalOf(() => machine.start(100, 'there'))).toContain('process 100 on here')
    machine.wait(1_000)
    expect(machine.start(100, 'there').lost()).toBe(false)
  })

  test('in a container of the same name and process id waits for that minute, too', () => {
    const first = machine.start(1)
    expect(refusalOf(() => machine.start(1))).toContain('process 1 on here')
    first.kill()
    machine.wait(60_000)
    expect(machine.start(1).lost()).toBe(false)
  })

  test.each(['', '{', '[]', '{"pid":"1"}'])(
    'treats a lock that says %j as one of another machine',
    (text) => {
      writeFileSync(machine.path, text)
      const seconds = machine.now() / 1000
      utimesSync(machine.path, seconds, seconds)
      expect(refusalOf(() => machine.start(101))).toContain('last seen at 2041')
      machine.wait(60_000)
      expect(machine.start(101).lost()).toBe(false)
    },
  )
})

describe('a service whose lock another one has taken', () => {
  test('notices at its next touch, stops its effects, and leaves the lock alone', () => {
    const first = machine.start(100)
    machine.wait(60_000)
    const second = machine.start(200, 'there')
    first.tick()
    expect(first.lost()).toBe(true)
    expect(first.lines()).toMatchObject([
      { level: 'error', msg: expect.stringContaining('effects are refused') },
    ])
    first.tick()
    first.release()
    expect(holderOf().pid).toBe(200)
    expect(second.lost()).toBe(false)
    expect(first.lines()).toHaveLength(1)
  })

  test('that ends before it notices leaves the lock alone, too', () => {
    const first = machine.start(100)
    machine.wait(60_000)
    machine.start(200, 'there')
    first.release()
    expect(holderOf().pid).toBe(200)
  })

  test('notices after the machine has slept, before its timer runs', () => {
    const first = machine.start(100)
    machine.wait(300_000)
    machine.start(200, 'there')
    expect(first.lost()).toBe(true)
  })

  test('goes on after the machine has slept if nobody has taken it', () => {
    const first = machine.start(100)
    machine.wait(300_000)
    expect(first.lost()).toBe(false)
    expect(statSync(machine.path).mtimeMs).toBe(machine.now())
  })
})

describe('a lock that somebody has removed', () => {
  test('is made again', () => {
    const service = machine.start(100)
    const before = textOfLock()
    rmSync(machine.path)
    pass(10_000, service)
    expect(textOfLock()).toBe(before)
    expect(service.lost()).toBe(false)
  })

  test('is not, if another service was faster', () => {
    const first = machine.start(100)
    rmSync(machine.path)
    machine.start(101)
    first.tick()
    expect(first.lost()).toBe(true)
    first.release()
    expect(holderOf().pid).toBe(101)
  })
})

test('a service that cannot touch its lock stops its effects before another one may start', () => {
  const service = machine.start(100)
  rmSync(machine.path)
  // Nothing can be written at this path.
  mkdirSync(machine.path)
  pass(30_000, service)
  expect(service.lost()).toBe(false)
  pass(10_000, service)
  expect(service.lost()).toBe(true)
  expect(service.lines()[0]).toMatchObject({
    level: 'warn',
    msg: expect.stringContaining('cannot be touched'),
  })
  // It comes back if it can.
  rmSync(machine.path, { recursive: true })
  pass(10_000, service)
  expect(service.lost()).toBe(false)
})

describe('a folder is refused', () => {
  test('that others may write', () => {
    chmodSync(machine.folder, 0o777)
    expect(refusalOf(() => machine.start(100))).toMatch(/QUALYS_STATE_DIR.*others may write it/)
    expect(existsSync(machine.path)).toBe(false)
  })

  test('that is a file', () => {
    rmSync(machine.folder, { recursive: true })
    writeFileSync(machine.folder, '')
    expect(refusalOf(() => machine.start(100))).toMatch(/it is no folder/)
  })

  test('in which the lock is a symbolic link, which is not followed', () => {
    const target = join(machine.folder, 'elsewhere')
    writeFileSync(target, 'kept')
    symlinkSync(target, machine.path)
    expect(refusalOf(() => machine.start(100))).toMatch(/is a symbolic link/)
    expect(readFileSync(target, 'utf8')).toBe('kept')
  })

  test('in which the lock is a folder', () => {
    mkdirSync(machine.path)
    expect(refusalOf(() => machine.start(100))).toMatch(/"service.lock" in it is a folder/)
  })
})
