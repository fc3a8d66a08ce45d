import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { bundleScript } from '../audit/processes.ts'
import { type LargeRun, largeRuns } from './large-outputs.ts'

/** What a large run used, in a process of its own. */
export interface MemoryUse {
  readonly kinds: number
  readonly characters: number
  /** What the digest kept in memory at most, when a batch was dropped. */
  readonly liveMiB: number
  /** All memory of the process at its peak. */
  readonly peakMiB: number
}

/** The program as one file that node can run. */
export const bundleMemoryProgram = (folder: string): Promise<string> =>
  bundleScript(new URL('memory-program.ts', import.meta.url), folder)

/** Reads a large run; with a limit, a heap that grows beyond it ends the process. */
export async function memoryUseOf(
  program: string,
  run: LargeRun,
  mode: 'digest' | 'read',
  maxHeapMiB?: number,
): Promise<MemoryUse> {
  const limit = maxHeapMiB === undefined ? [] : [`--max-old-space-size=${maxHeapMiB}`]
  const args = ['--expose-gc', ...limit, program, String(largeRuns.indexOf(run)), mode]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as MemoryUse
}
