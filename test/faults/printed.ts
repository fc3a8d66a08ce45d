import { operations } from '../../src/operations/index.ts'
import { expectedOf } from './expected.ts'
import { type FaultName, faultRows } from './rows.ts'
import { passed, type Run, type Tried } from './trial.ts'

const number = (count: number): string => count.toLocaleString('en')
const verdict = (cells: readonly Tried[]): string => (cells.every(passed) ? 'PASS' : 'FAIL')

/** `same 26, done 38`, the most frequent first. */
function tally(runs: readonly Run[]): string {
  const counts = new Map<string, number>()
  for (const { ended, expected } of runs) {
    const name = ended === 'success' ? expected.end : ended
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(', ')
}

/** A line of the matrix in one line of text. */
export function lineOf(cells: readonly Tried[]): string {
  const runs = cells.flatMap((cell) => cell.runs)
  const most = Math.max(...runs.map(({ requests }) => requests))
  const good = cells.filter(passed).length
  return `${verdict(cells)}  ${(cells[0]?.line ?? '').padEnd(24)} ${number(good)} of ${number(cells.length)} cells; ends: ${tally(runs)}; most requests: ${most}`
}

/** A cell with its runs, whole where something is wrong. */
export function cellLine({ operation, expected, runs }: Tried): string {
  const told = runs.map(({ times, ended, requests, expected: { end, most }, wrong, text }) => {
    const line = `${times}: ${ended}, ${requests} requests (expected ${end}, at most ${most})`
    return wrong.length === 0
      ? line
      : `${line}\n        WRONG: ${wrong.join('; ')}\n        ${text.slice(0, 400)}`
  })
  const because = expected.because ? `\n      by exception: ${expected.because}` : ''
  return `    ${operation.name}\n      ${told.join('\n      ')}${because}`
}

export function totalOf(cells: readonly Tried[]): string {
  const good = cells.filter(passed).length
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0)
  const faults = new Set(cells.map(({ line }) => line))
  const tools = new Set(cells.map(({ operation }) => operation))
  return `${number(cells.length)} cells, ${number(good)} PASS, ${number(cells.length - good)} FAIL, ${number(runs)} runs, ${faults.size} faults x ${tools.size} operations`
}

/** The matrix as a table for the README. */
export function summaryOf(cells: readonly Tried[]): string {
  return (
    String(cells.length + operations.length + Object.keys(faultRows).length) +
    String(expectedOf('reset' as FaultName))
  )
}
