import type { Row } from '../../../session/answer.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { exitStatusOf, hostNameOf, inline } from '../../digest/host-result.ts'
import { fence } from '../../replies/cells.ts'
import type { OutcomeChange } from './outcome-changes.ts'
import type { OutputChange } from './output-changes.ts'
import type { RunHost } from './run-results.ts'

/** How much of a comparison a reply shows. */
export interface Extent {
  /** Changes of output, and new kinds of output. */
  readonly groups: number
  /** Lines of a change. */
  readonly lines: number
  /** Characters of a sample. */
  readonly sample: number
  /** Names of hosts in a row for programs; text has at most five. */
  readonly names: number
}

/** Names in a line of text. */
const maxNames = 5
const maxLineLength = 200

/** The names of the first hosts. */
export const namesOf = (hosts: readonly RunHost[], max: number): string[] =>
  hosts.slice(0, max).map(({ result }) => hostNameOf(result))

/** `7 hosts (a, b, c, d, e, 2 more)`. */
export function hostsText(hosts: readonly RunHost[], { names }: Extent): string {
  const named = namesOf(hosts, Math.min(maxNames, names)).map(inline)
  const more = hosts.length > named.length ? [`${formatNumber(hosts.length - named.length)} more`] : []
  return `${counted(hosts.length, 'host')} (${[...named, ...more].join(', ')})`
}

/** `succeeded -> failed: 3 hosts (a, b, c)`. */
export const outcomeLine = ({ from, to, hosts }: OutcomeChange, extent: Extent): string =>
  `${from} -> ${to}: ${hostsText(hosts, extent)}`

/** The same as a row. */
export const outcomeRow = ({ from, to, hosts }: OutcomeChange, { names }: Extent): Row => ({
  ...{ change: 'outcome', from, to, count: hosts.length },
  hosts: namesOf(hosts, names),
})

/** What stands behind the outcome where that is the same and the code, its text or the presence of an output is not. */
function statusOf({ a, b }: OutputChange['example']): string {
  const stateOf = ({ result, characters }: RunHost): string =>
    exitStatusOf(result) + (characters === 0 ? ' without output' : '')
  const [from, to] = [stateOf(a), stateOf(b)]
  return a.key === b.key || from === to ? '' : `, ${from.trim()} -> ${to.trim()}`
}

/** Hosts whose outputs changed in one way, and the lines that did. */
export function outputBlock(change: OutputChange, extent: Extent): string {
  const { example, hosts, count, isMove, isExample } = change
  const shown = change.lines.slice(0, extent.lines)
  const move = isMove ? ', another kind of output' : ''
  const whose = isExample && hosts.length > 1 ? `; lines of ${inline(hostNameOf(example.b.result))}` : ''
  const state = `${example.b.result.outcome}${statusOf(example)}${move}`
  const head = `${hostsText(hosts, extent)}, ${state}${shown.length > 0 ? whose : ''}`
  if (shown.length === 0) return head
  const diff = shown.map(({ run, text }) => `${run === 'a' ? '-' : '+'} ${oneLine(text, maxLineLength)}`)
  const more = count > shown.length ? `\n(${formatNumber(count - shown.length)} more lines)` : ''
  const text = diff.join('\n')
  return `${fence(head, text, text.length)}${more}`
}

/** The same as a row. */
export function outputRow({ example, hosts, lines, count, isMove }: OutputChange, extent: Extent): Row {
  const shown = lines.slice(0, extent.lines)
  const textOf = (of: 'a' | 'b'): string =>
    shown.flatMap(({ run, text }) => (run === of ? [oneLine(text, maxLineLength)] : [])).join('\n')
  return {
    ...{ change: 'output', from: textOf('a'), to: textOf('b'), outcome: example.b.result.outcome },
    ...{ count: hosts.length, hosts: namesOf(hosts, extent.names) },
    ...(isMove && { moved: true }),
    ...(count > shown.length && { moreLines: count - shown.length }),
  }
}
