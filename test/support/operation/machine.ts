import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ServiceLock, takeServiceLock } from '../../../src/service/operation/service-lock.ts'
import { openLines } from './log-lines.ts'

/** A service that has taken a lock. */
export interface TestService extends ServiceLock {
  /** Lets its timer run once. */
  readonly tick: () => void
  /** Ends it without a trace: its lock stays, and nothing touches it. */
  readonly kill: () => void
  readonly lines: ReturnType<typeof openLines>['lines']
}

/** A state folder, the time, and the processes that run. */
export interface Machine {
  readonly folder: string
  readonly path: string
  readonly now: () => number
  readonly wait: (ms: number) => void
  /** Starts a program that is no service. */
  readonly run: (pid: number) => void
  /** Boots the machine: all processes end. */
  readonly boot: () => void
  /** Starts a service. Throws the error of its start. */
  readonly start: (pid: number, host?: string) => TestService
}

/** A machine on which processes are names; the folder is a real one. */
export function openMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const processes = new Set<number>()
  let time = Date.UTC(2041, 0, 1)
  let bootedAt = time - 3_600_000
  return {
    folder,
    path: join(folder, 'service.lock'),
    now: () => time,
    wait: (ms) => {
      time += ms
    },
    run: (pid) => void processes.add(pid),
    boot: () => {
      processes.clear()
      bootedAt = time
    },
    start: (pid, host = 'here') => {
      const { log, lines } = openLines()
      const timers = new Set<() => void>()
      const lock = takeServiceLock({
        folder,
        pid,
        host,
        log,
        now: () => time,
        bootedAt: () => bootedAt,
        // What is alive on another machine is not known here.
        isAlive: (id) => id === pid || processes.has(id),
        repeat: (_ms, work) => {
          timers.add(work)
          return () => void timers.delete(work)
        },
      })
      if (host === 'here') processes.add(pid)
      return {
        ...lock,
        lines,
        tick: () => {
          for (const work of timers) work()
        },
        kill: () => {
          timers.clear()
          processes.delete(pid)
        },
      }
    },
  }
}
