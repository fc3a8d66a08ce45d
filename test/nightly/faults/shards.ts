import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runCells } from './matrix.ts'
import type { Cell, CellResult, Run } from './trial.ts'

// The matrix on several processors: each process runs every n-th cell and sends its results to the parent.

/** Which of how many shards a process runs, from its last argument. */
const shardPattern = /^--share=(\d+)\/(\d+)$/

interface ShardMessage {
  /** The position of the cell in the list. */
  readonly at: number
  readonly runs: readonly Run[]
}

/** The shard that this process was started for; undefined in the parent. */
export const shardIn = (args: readonly string[]): string | undefined =>
  args.find((arg) => shardPattern.test(arg))

/** Runs one shard, and sends the results to the parent. */
export async function runShard(trials: readonly Cell[], argument: string): Promise<void> {
  const [, index, count] = shardPattern.exec(argument) ?? []
  const own = trials.filter((_, at) => at % Number(count) === Number(index))
  await runCells(own, ({ runs, ...trial }) => {
    const at = trials.findIndex((other) => isSame(other, trial))
    process.send?.({ at, runs } satisfies ShardMessage)
  })
  process.disconnect?.()
}

const isSame = (one: Cell, other: Cell): boolean =>
  one.line === other.line && one.operation === other.operation && one.loginKind === other.loginKind

/** Starts this program once per shard, and collects the results. */
export async function runInShards(
  program: string,
  args: readonly string[],
  trials: readonly Cell[],
  count: number,
): Promise<CellResult[]> {
  const found = new Map<number, CellResult>()
  const work = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(program), [...args, `--share=${index}/${count}`])
      child.on('message', (word) => {
        const { at, runs } = word as ShardMessage
        const trial = trials[at]
        if (trial) found.set(at, { ...trial, runs })
      })
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a share ended with ${code}`))))
    })
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)))
  return trials.flatMap((_, at) => found.get(at) ?? [])
}
