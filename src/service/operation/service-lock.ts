import { mkdirSync, rmSync, statSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from '../../shared/crypto.ts'
import { SettingsError } from '../../shared/errors.ts'
import { factsOf, type Log } from '../../shared/log.ts'
import { othersMayWrite, systemReason, withSystemErrors } from '../../shared/own-folder.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { createLock, type FoundLock, type LockHolder, readLock, removeLock, touchLock } from './lock-file.ts'

/** The name of the lock in the state folder. */
const lockFileName = 'service.lock'

/** How often a service touches its lock. */
const touchMs = 10_000

/** After this time without a touch, the service of another machine is taken to have ended. */
const staleMs = 60_000

/** A service that could not touch its lock for so long stops its effects, before somebody else may begin. */
const doubtMs = staleMs - 2 * touchMs

/** How far the clocks of the folder's file system and of this machine may differ, for locks from before a boot. */
const bootSlackMs = 60_000

/** How often a lock is looked at again if others take and release it meanwhile. */
const maxAttempts = 5

/** Where and how to take a lock. */
export interface ServiceLockOptions {
  /** The state folder; made if there is none. */
  readonly folder: string
  /** The id of this process. */
  readonly pid: number
  /** True if a process of this machine has this id. */
  readonly isAlive: (pid: number) => boolean
  readonly log: Log
  readonly host?: string
  /** Epoch, in ms. */
  readonly now?: () => number
  /** When this machine was booted: epoch, in ms. */
  readonly bootedAt?: () => number
  /** Calls `work` every `ms` milliseconds until the returned function is called; does not keep the process alive. */
  readonly repeat?: (ms: number, work: () => void) => () => void
}

/** The lock of one service. */
export interface ServiceLock {
  /** True once another service may use the folder: from then on no effect may begin. */
  readonly lost: () => boolean
  /** Removes the lock, unless it is another one's by now. */
  readonly release: () => void
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'it is no folder',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'a symbolic link in its path leads nowhere',
  ELOOP: `"${lockFileName}" in it is a symbolic link`,
  EISDIR: `"${lockFileName}" in it is a folder`,
}

const folderError = (folder: string, reason: string): SettingsError =>
  new SettingsError(
    `The state folder ${folder} (QUALYS_STATE_DIR) cannot be used: ${reason}. Name a folder that only this user may write.`,
  )

function usedError(folder: string, found: FoundLock | undefined): SettingsError {
  const holder = found?.holder
  const seen = found && `last seen at ${new Date(found.touchedAt).toISOString()}`
  const who = holder
    ? `process ${holder.pid} on ${oneLine(holder.host)}, started at ${oneLine(holder.startedAt)}, ${seen}`
    : (seen ?? 'just starting')
  return new SettingsError(
    `Another qualys-mcp service uses the state folder ${folder} (${who}): end it, or name another folder with QUALYS_STATE_DIR; if it has ended without a trace, start again in a minute, or remove ${lockFileName} there.`,
  )
}

function repeatUnreferenced(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms)
  timer.unref()
  return () => clearInterval(timer)
}

type Complete = Required<ServiceLockOptions>

/** True if whoever holds the lock has certainly ended, or was not there for a minute. */
function isStale({ holder, touchedAt }: FoundLock, own: Complete): boolean {
  const isUntouched = own.now() - touchedAt >= staleMs
  // Containers have one machine's name, or the process id 1, more than once: what is alive there says nothing.
  if (!holder || holder.host !== own.host || holder.pid === own.pid) return isUntouched
  // After a boot another program may have the id.
  return !own.isAlive(holder.pid) || touchedAt < own.bootedAt() - bootSlackMs
}

/** Creates the lock, in place of a stale one. Throws a SettingsError if another service holds it. */
function acquire(path: string, holder: LockHolder, options: Complete): void {
  let found: FoundLock | undefined
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (createLock(path, holder, options.now())) return
    found = readLock(path)
    if (!found) continue
    if (!isStale(found, options)) break
    removeLock(path, found, holder)
  }
  throw usedError(options.folder, found)
}

/** Keeps the lock that was taken: touches it, and notices if it is gone. */
function keep(path: string, holder: LockHolder, { log, now, repeat }: Complete): ServiceLock {
  let isLost = false
  let touchedAt = now()

  const touch = (): void => {
    if (isLost) return
    try {
      // A file that somebody has removed is made anew, unless another service was faster.
      if (touchLock(path, holder, now()) ?? createLock(path, holder, now())) touchedAt = now()
      else {
        isLost = true
        log.error({}, 'another service has taken the state folder: effects are refused from now on')
      }
    } catch (error) {
      log.warn(factsOf(error), 'the lock of the state folder cannot be touched')
    }
  }

  const stop = repeat(touchMs, touch)
  return {
    lost: () => {
      // The timer is late after the machine has slept; another one may have taken the lock meanwhile.
      if (Math.abs(now() - touchedAt) > 2 * touchMs) touch()
      return isLost || now() - touchedAt >= doubtMs
    },
    release: () => {
      stop()
      if (isLost) return
      isLost = true
      try {
        if (readLock(path)?.holder?.id === holder.id) rmSync(path, { force: true })
      } catch (error) {
        log.warn(factsOf(error), 'the lock of the state folder cannot be removed')
      }
    },
  }
}

/**
 * Takes the lock of a state folder: one service a folder. Throws a SettingsError if another service uses it, or if others
 * may write it. That two services with folders of their own share an account cannot be seen here.
 */
export function takeServiceLock(given: ServiceLockOptions): ServiceLock {
  const options: Complete = {
    host: hostname(),
    now: Date.now,
    bootedAt: () => Date.now() - uptime() * 1000,
    repeat: repeatUnreferenced,
    ...given,
  }
  const { folder, pid, host, now } = options
  const path = join(folder, lockFileName)
  const holder = { pid, host, startedAt: new Date(now()).toISOString(), id: randomUUID() }
  withSystemErrors(
    () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (othersMayWrite(statSync(folder))) throw folderError(folder, 'others may write it')
      acquire(path, holder, options)
    },
    (code) => folderError(folder, systemReason(code, reasons)),
  )
  return keep(path, holder, options)
}
