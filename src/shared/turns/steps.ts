import { Turns } from './turns.ts'

/** Work in small steps, and its result: other work can run between two of them. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Does the work at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Does the work and lets other work run in between. Throws if the signal is aborted. */
export async function runSteps<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  const turns = new Turns(signal)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (turns.isOver) await turns.next()
  }
}
