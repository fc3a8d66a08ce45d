import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { tryEach } from './matrix.ts'
import type { Run, Trial, Tried } from './trial.ts'

// The matrix on several processors: each process tries every so-manieth cell, and tells of it.

/** Which of how many shares a process works on, as its last argument has it. */
const share = /^--share=(\d+)\/(\d+)$/

interface Word {
  /** The place of the cell in the list. */
  readonly at: number
  readonly runs: readonly Run[]
}

/** The share that this process was started for; undefined where it is to start others. */
export const shareIn = (args: readonly string[]): string | undefined => args.find((arg) => share.test(arg))

/** Works on one share, and tells the parent. */
export async function tryShare(trials: readonly Trial[], argument: string): Promise<void> {
  const [, index, count] = share.exec(argument) ?? []
  const own = trials.filter((_, at) => at % Number(count) === Number(index))
  await tryEach(own, ({ runs, ...trial }) => {
    const at = trials.findIndex((other) => isSame(other, trial))
    process.send?.({ at, runs } satisfies Word)
  })
  process.disconnect?.()
}

const isSame = (one: Trial, other: Trial): boolean =>
  one.line === other.line && one.operation === other.operation && one.door === other.door

/** Starts this program several times over, and gathers what they tell. */
export async function tryInShares(
  program: string,
  args: readonly string[],
  trials: readonly Trial[],
  count: number,
): Promise<Tried[]> {
  const found = new Map<number, Tried>()
  const work = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(program), [...args, `--share=${index}/${count}`])
      child.on('message', (word) => {
        const { at, runs } = word as Word
        const trial = trials[at]
        if (trial) found.set(at, { ...trial, runs })
      })
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a share ended with ${code}`))))
    })
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)))
  return trials.flatMap((_, at) => found.get(at) ?? [])
}
