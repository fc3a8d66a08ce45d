import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  createLock,
  type FoundLock,
  readLock,
  removeLock,
  touchLock,
} from '../../../src/service/operation/lock-file.ts'

// The steps of two services that take one lock, in the orders in which both could get it.

const now = Date.UTC(2041, 0, 1)

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-lock-'))
  path = join(folder, 'service.lock')
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

function lockThere(): FoundLock {
  const found = readLock(path)
  if (!found) throw new Error('There is no lock.')
  return found
}

describe('two services that find the same stale lock', () => {
  const holder = (pid: number) => ({ pid, host: 'here', startedAt: '', id: `id-${pid}` })

  test('do not both get it: the slower one puts the lock of the faster one back', () => {
    createLock(path, holder(1), now)
    const stale = lockThere()
    removeLock(path, stale, holder(2))
    expect(createLock(path, holder(2), now)).toBe(true)
    removeLock(path, stale, holder(3))
    expect(createLock(path, holder(3), now)).toBe(false)
    expect(readLock(path)?.holder?.pid).toBe(2)
    expect(readdirSync(folder)).toEqual(['service.lock'])
  })

  test('nor if the faster one has not written its lock yet', () => {
    createLock(path, holder(1), now)
    const stale = lockThere()
    removeLock(path, stale, holder(2))
    writeFileSync(path, '')
    removeLock(path, stale, holder(3))
    expect(createLock(path, holder(3), now)).toBe(false)
  })

  test('nor if the stale one could not be read', () => {
    writeFileSync(path, '')
    utimesSync(path, 1, 1)
    const stale = lockThere()
    removeLock(path, stale, holder(2))
    writeFileSync(path, '')
    removeLock(path, stale, holder(3))
    expect(createLock(path, holder(3), now)).toBe(false)
  })

  test('nor if its service has come back', () => {
    createLock(path, holder(1), now)
    const stale = lockThere()
    expect(touchLock(path, holder(1), now + 70_000)).toBe(true)
    removeLock(path, stale, holder(2))
    expect(readLock(path)?.holder?.pid).toBe(1)
  })

  test('nor if there is none any more', () => {
    removeLock(path, { holder: holder(1), touchedAt: 0 }, holder(2))
    expect(readdirSync(folder)).toEqual([])
  })
})
