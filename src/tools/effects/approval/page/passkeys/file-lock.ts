import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { randomUUID } from '../../../../../shared/crypto.ts'
import { systemErrorCode } from '../../../../../shared/own-folder.ts'

/** The work under a lock takes a millisecond. An older lock is one of a process that was killed. */
const staleMs = 5_000
const pauseMs = 5

function tryLock(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Removes a lock that its process left behind. Moved first, since of several processes one alone can move it. */
function removeStale(path: string): void {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  // The clock may have been set back.
  if (Math.abs(age) < staleMs) return
  const moved = `${path}.${randomUUID()}`
  try {
    renameSync(path, moved)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
  rmSync(moved, { force: true })
}

/** Works while no other process does so under the lock at this path. `work` must not wait for anything. */
export async function withFileLock<T>(path: string, work: () => T): Promise<T> {
  while (!tryLock(path)) {
    removeStale(path)
    await setTimeout(pauseMs)
  }
  try {
    return work()
  } finally {
    rmSync(path, { force: true })
  }
}
