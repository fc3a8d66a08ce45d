import type { End } from './expectations.ts'
import { type FaultName, faultRows } from './rows.ts'
import { type CellResult, hasPassed, type Run } from './trial.ts'

const number = (count: number): string => count.toLocaleString('en')
const passOrFail = (cells: readonly CellResult[]): string => (cells.every(hasPassed) ? 'PASS' : 'FAIL')

/** `same 26, done 38`, the most frequent first. */
function countEnds(runs: readonly Run[]): string {
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

/** A line of the matrix as one line of text. */
export function lineOf(cells: readonly CellResult[]): string {
  const runs = cells.flatMap((cell) => cell.runs)
  const most = Math.max(...runs.map(({ requests }) => requests))
  const good = cells.filter(hasPassed).length
  return `${passOrFail(cells)}  ${(cells[0]?.line ?? '').padEnd(24)} ${number(good)} of ${number(cells.length)} cells; ends: ${countEnds(runs)}; most requests: ${most}`
}

/** A cell with its runs, in full where something is wrong. */
export function cellLine({ operation, expected, runs }: CellResult): string {
  const endTexts = runs.map(({ times, ended, requests, expected: { end, most }, wrong, text }) => {
    const line = `${times}: ${ended}, ${requests} requests (expected ${end}, at most ${most})`
    return wrong.length === 0
      ? line
      : `${line}\n        WRONG: ${wrong.join('; ')}\n        ${text.slice(0, 400)}`
  })
  const because = expected.because ? `\n      by exception: ${expected.because}` : ''
  return `    ${operation.name}\n      ${endTexts.join('\n      ')}${because}`
}

/** The last line. */
export function totalOf(cells: readonly CellResult[], seconds: number): string {
  const good = cells.filter(hasPassed).length
  const runs = cells.reduce((sum, cell) => sum + cell.runs.length, 0)
  const names = [...new Set(cells.map(({ line }) => line))]
  const atLogin = names.filter((name) => name.startsWith('login: ')).length
  const faults = names.length - atLogin
  const login = atLogin === 0 ? '' : ` and ${atLogin} at the login`
  const tools = new Set(cells.map(({ operation }) => operation)).size
  const failed = good === cells.length ? '' : `, ${number(cells.length - good)} FAIL`
  return `${number(cells.length)} cells, ${number(good)} PASS${failed}, ${number(runs)} runs, ${faults} faults x ${tools} operations${login}, ${seconds.toFixed(0)} s`
}

const endText: Readonly<Record<End, string>> = {
  same: 'the right rows',
  ids: 'the right rows',
  rows: 'the right rows',
  none: 'no rows',
  done: 'done',
  told: 'as Qualys says',
  input: 'input error',
  setup: 'setup error',
  busy: 'busy error',
  vendor: 'vendor error',
  drift: 'drift error',
  unclear: 'unclear error',
  declined: 'declined',
}

/** How the runs of some cells ended, each way once, the most frequent first. */
function endsOf(cells: readonly CellResult[]): string {
  const counts = new Map<string, number>()
  for (const { runs } of cells) {
    const text = [...new Set(runs.map(({ expected: { end } }) => endText[end]))].join(', then ')
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([text]) => text)
    .join('; ')
}

/** The matrix as a table for the README: what is expected, and the requests that were counted. */
export function summaryOf(cells: readonly CellResult[]): string {
  const lines = (Object.keys(faultRows) as FaultName[]).flatMap((name) => {
    const line = cells.filter(({ line }) => line === name)
    if (line.length === 0) return []
    const reads = line.filter(({ operation }) => operation.effect === 'read')
    const effects = line.filter(({ operation }) => operation.effect !== 'read')
    const most = (of: readonly CellResult[]): number =>
      Math.max(0, ...of.flatMap(({ runs }) => runs.map(({ requests }) => requests)))
    return `| ${name} | ${faultRows[name].does} | ${endsOf(reads)} | ${endsOf(effects)} | ${most(reads)} / ${most(effects)} |`
  })
  return [
    '| fault | what happens | lists, records and files | effects | most requests (reads / effects) |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}
