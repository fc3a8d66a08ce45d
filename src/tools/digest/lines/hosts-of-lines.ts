import type { Steps } from '../../../shared/turns/steps.ts'
import type { ComparedLines } from './line-store.ts'

/** The hosts of each line, in order. */
export type HostsOfLine = (line: number) => Uint32Array

/** The lines of some outputs as they come, and the hosts of each: in one list, since a run may have a million lines. */
export function* hostsOfLines(
  outputs: readonly ComparedLines[],
  lineCount: number,
): Steps<{ readonly lines: readonly number[]; readonly hostsOf: HostsOfLine }> {
  // Where the hosts of each line end; first, how many there are.
  const ends = new Uint32Array(lineCount + 1)
  for (const { ids } of outputs) {
    yield
    for (const line of new Set(ids)) ends[line + 1] = (ends[line + 1] ?? 0) + 1
  }
  for (let line = 0; line < lineCount; line++) ends[line + 1] = (ends[line + 1] ?? 0) + (ends[line] ?? 0)
  const starts = ends.slice(0, lineCount)
  const next = starts.slice()
  const hosts = new Uint32Array(ends[lineCount] ?? 0)
  const lines: number[] = []
  for (const [host, { ids }] of outputs.entries()) {
    yield
    for (const line of new Set(ids)) {
      const at = next[line] ?? 0
      if (at === starts[line]) lines.push(line)
      hosts[at] = host
      next[line] = at + 1
    }
  }
  const hostsOf: HostsOfLine = (line) => hosts.subarray(starts[line], ends[line + 1])
  return { lines, hostsOf }
}
