import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [fact: string]: unknown
}

/** A service that has said that it started. */
export interface RunningService {
  readonly port: number
  readonly metricsPort: number
  /** The lines of its log up to now. */
  readonly lines: () => readonly LogLine[]
  /** Everything that it wrote up to now. */
  readonly text: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  /** The code with which it ends. */
  readonly ended: Promise<number | null>
}

/** A process with pipes. */
export type Child = ChildProcessByStdio<Writable | null, Readable, Readable>

const lineIn = (text: string): LogLine[] => {
  try {
    return [JSON.parse(text)]
  } catch {
    // Not of the service, such as a warning of Node.
    return []
  }
}

/** Has work done later: after the test, or after all of a file. */
export type OnEnd = (work: () => unknown) => void

/** Has work done after the test. */
export const afterTest: OnEnd = (work) => onTestFinished(async () => void (await work()))

/** Waits until a process that becomes a service has started. It is killed at the end. */
export async function startedService(child: Child, onEnd: OnEnd = afterTest): Promise<RunningService> {
  let text = ''
  const ended = once(child, 'close').then(([code]) => code as number | null)
  onEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const lines = (): LogLine[] => text.split('\n').flatMap(lineIn)
  const started = new Promise<LogLine>((resolve, reject) => {
    const read = (part: string): void => {
      text += part
      const line = lines().find(({ msg }) => msg === 'started')
      if (line) resolve(line)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    void ended.then((code) => reject(new Error(`the service ended with ${code}: ${text}`)))
  })
  const { port, metricsPort } = await started
  return {
    port: Number(port),
    metricsPort: Number(metricsPort),
    lines,
    text: () => text,
    kill: (signal) => void child.kill(signal),
    ended,
  }
}
