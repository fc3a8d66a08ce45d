import { counted, formatNumber } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { clip, fence } from '../replies/cells.ts'
import { exitStatusOf, type HostResult, inline } from './host-result.ts'
import type { Kind } from './kind.ts'
import type { PartialLine, ResultPlace, ValueHosts, VaryingPlace } from './places/findings.ts'

/** How much of each kind is shown. */
export interface KindExtent {
  /** Characters of the sample. */
  readonly sample: number
  /** Number of places and lines at which hosts differ. */
  readonly differences: number
}

const maxValueLength = 80
const maxLineLength = 200

/** `3 hosts (ws-01, ws-02, ws-03)`, `40 hosts (ws-01, ws-02, ws-03, 37 more)`. */
function hostsText(count: number, names: readonly string[]): string {
  const more = count > names.length ? [`${formatNumber(count - names.length)} more`] : []
  return `${counted(count, 'host')} (${[...names.map(inline), ...more].join(', ')})`
}

/** A value, quoted if it reads like a part of what the server says about it. */
function shownValue(value: string): string {
  const text = oneLine(value, maxValueLength)
  return /;|\bon \d|^["(]/.test(text) ? JSON.stringify(text) : text || '(nothing)'
}

/** `KB5031356 on 40 hosts (ws-01, ws-02, ws-03, 37 more)`; of a value that most hosts have, their number says enough. */
function valueText({ value, count, hosts, isMissing }: ValueHosts, all: number): string {
  const which = count * 2 > all ? counted(count, 'host') : hostsText(count, hosts)
  return `${shownValue(value)} ${isMissing ? 'not on' : 'on'} ${which}`
}

function resultText({ place, separator, values, moreValues, moreHosts }: ResultPlace, all: number): string {
  const more =
    moreValues > 0 ? [`and ${counted(moreValues, 'more value')} on ${counted(moreHosts, 'host')}`] : []
  const texts = [...values.map((value) => valueText(value, all)), ...more]
  return `${oneLine(place, maxValueLength)}${separator}${texts.join('; ')}`
}

const grouped = (value: string): string => (/^\d{1,15}$/.test(value) ? formatNumber(Number(value)) : value)

/** `PID: 200 values, 302 to 9,287`. */
function varyingText({ place, values, least, most }: VaryingPlace): string {
  const range = least === undefined || most === undefined ? '' : `, ${grouped(least)} to ${grouped(most)}`
  return `${oneLine(place, maxValueLength)}: ${formatNumber(values)} values${range}`
}

const lineText = ({ line, count, hosts, isMissing }: PartialLine): string =>
  `${isMissing ? 'not on' : 'only on'} ${hostsText(count, hosts)}: ${oneLine(line, maxLineLength)}`

/** What is said in place of an output; empty if there is one. */
function withoutOutput({ output, hidesOutput }: HostResult): string {
  if (output === undefined) return hidesOutput ? 'output unknown' : 'no output'
  return output.trim() === '' ? 'printed nothing' : ''
}

/** `3 hosts, failed, code 2 "File not found": ws-01 (5000123), ws-02, ws-03`. */
function headOf({ count, sample, hosts: names }: Kind, all: number): string {
  const { outcome, assetJobId } = sample
  const what = [
    count === 1 && all > 1 ? '1 host only' : counted(count, 'host'),
    outcome,
    exitStatusOf(sample),
    withoutOutput(sample),
  ]
  const [first = '', ...others] = names.map(inline)
  const more = count > names.length ? [`${formatNumber(count - names.length)} more`] : []
  const which = [`${first} (${inline(assetJobId)})`, ...others, ...more]
  return `${what.filter((part) => part !== '').join(', ')}: ${which.join(', ')}`
}

/** The differences that are shown: those on the fewest hosts first, what varies on all of them last. */
function shownDifferences({ results, varying, lines, moreLines }: Kind, max: number) {
  const partial = [...results, ...lines]
    .map((difference) => ({
      difference,
      rank: 'values' in difference ? (difference.values[0]?.count ?? 0) : difference.count,
    }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ difference }) => difference)
  const shownVarying = varying.slice(0, Math.max(1, max - partial.length))
  return {
    results: results.filter((result) => partial.includes(result)),
    lines: lines.filter((line) => partial.includes(line)),
    varying: shownVarying,
    more: results.length + lines.length - partial.length + varying.length - shownVarying.length + moreLines,
  }
}

/** One kind as text and as a row. `all`: the number of hosts of the run. */
export function renderKind(kind: Kind, all: number, extent: KindExtent) {
  const { count, sample, characters, hosts } = kind
  const { outcome, code, text, assetJobId, output } = sample
  const part = clip(output ?? '', extent.sample).text
  const left = characters - part.length
  const { results, lines, varying, more } = shownDifferences(kind, extent.differences)
  const differences = [
    ...lines.map(lineText),
    ...results.map((result) => resultText(result, count)),
    ...varying.map(varyingText),
    ...(more > 0 ? [`(${formatNumber(more)} more differences)`] : []),
  ]
  const head = headOf(kind, all)
  const sampleText =
    part.trim() === ''
      ? head
      : `${fence(head, part, part.length)}${left > 0 ? `\n(${formatNumber(left)} more characters)` : ''}`
  const differenceText = differences.join('\n')
  return {
    left,
    block: [
      sampleText,
      ...(differences.length > 0 ? [fence('differences', differenceText, differenceText.length)] : []),
    ].join('\n'),
    row: {
      count,
      outcome,
      code,
      text,
      hosts,
      assetJobId,
      ...(output !== undefined && { sample: part }),
      ...(left > 0 && { charactersLeft: left }),
      ...(results.length > 0 && { results: results.map(({ separator: _, ...result }) => result) }),
      ...(lines.length > 0 && { lines }),
      ...(varying.length > 0 && { varying }),
      ...(more > 0 && { moreDifferences: more }),
    },
  }
}
