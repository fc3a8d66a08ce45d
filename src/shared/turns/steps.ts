import { Turns } from './turns.ts'

/** Work in small steps, and its result: other work can run between two of them. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Values between two steps of the work on a list. */
const valuesPerStep = 500

/** What `map` makes of each value of a list, in steps. */
export function* mapSteps<From, To>(
  values: readonly From[],
  map: (value: From, at: number) => To,
): Steps<To[]> {
  if (values.length <= valuesPerStep) return values.map(map)
  const mapped: To[] = []
  for (let from = 0; from < values.length; from += valuesPerStep) {
    const part = values.slice(from, from + valuesPerStep)
    mapped.push(...part.map((value, at) => map(value, from + at)))
    yield
  }
  return mapped
}

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
