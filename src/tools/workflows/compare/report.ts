import { inSentence } from '../../../operations/sentences.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { inline } from '../../digest/host-result.ts'
import type { Kind } from '../../digest/kind.ts'
import { renderKind } from '../../digest/render-kind.ts'
import { cell, fenceNote } from '../../replies/cells.ts'
import { type Reply, sizeOf } from '../../replies/reply.ts'
import {
  type Extent,
  hostsText,
  namesOf,
  outcomeLine,
  outcomeRow,
  outputBlock,
  outputRow,
} from './change-blocks.ts'
import type { Comparison } from './comparison.ts'
import { type ComparedRuns, notesOf, type ShownRun } from './notes.ts'
import { isWaiting } from './outcome-changes.ts'
import type { RunHost } from './run-results.ts'

const start: Extent = { groups: 40, lines: 16, sample: 1_000, names: 100 }
const least: Extent = { groups: 0, lines: 2, sample: 120, names: 1 }
/** The next smaller extent: shorter samples first, then fewer lines and names, then fewer changes. */
function nextSmaller(extent: Extent): Extent | undefined {
  for (const name of ['sample', 'lines', 'names', 'groups'] as const)
    if (extent[name] > least[name])
      return { ...extent, [name]: Math.max(least[name], Math.floor(extent[name] * 0.7)) }
  return undefined
}

const sum = (changes: readonly { readonly hosts: readonly RunHost[] }[]): number =>
  changes.reduce((count, { hosts }) => count + hosts.length, 0)

/** A run that is not finished, with how far it is. */
const progressOf = (name: string, { results, expected }: ShownRun): string | undefined => {
  const { tally, isUnfinished } = results
  if (tally.hosts === 0) return `run ${name} so far: no host listed`
  return isUnfinished || expected > tally.hosts
    ? `run ${name} so far: ${formatNumber(tally.done)} of ${counted(expected, 'host')} done`
    : undefined
}

const nameOf = (name: string, { results, date }: ShownRun): string =>
  `run ${inline(results.jobId)} (${[name, ...texts(date)].join(', ')})`

function summaryOf(runs: ComparedRuns, comparison: Comparison): string {
  const { a, b, scriptId, title } = runs
  const { matched, outcomes, outputs, uncompared, unknownOutputs } = comparison
  const [both, onlyA, onlyB] = [matched.both, matched.onlyA, matched.onlyB].map(({ length }) => length)
  const all = (both ?? 0) + (onlyA ?? 0) + (onlyB ?? 0)
  const count = (number: number | undefined, what: string) =>
    number !== undefined && number > 0 && `${formatNumber(number)} ${what}`
  const changes = texts(
    count(sum(outcomes.filter((change) => !isWaiting(change))), 'changed outcome'),
    count(sum(outputs), 'other output'),
    count(sum(outcomes.filter(({ to }) => to === 'open')), 'not done in B'),
    count(sum(outcomes.filter(({ from }) => from === 'open')), 'not done in A'),
    count(uncompared + unknownOutputs, 'not compared'),
    count(onlyA, 'only in A'),
    count(onlyB, 'only in B'),
  )
  const unfinished = texts(progressOf('A', a), progressOf('B', b))
  const hosts =
    both === all
      ? `${counted(all, 'host')} in both`
      : `${formatNumber(both ?? 0)} of ${counted(all, 'host')} in both`
  const isSame = changes.length === 0 && all > 0
  const result = isSame
    ? `nothing changed${unfinished.length > 0 ? ' so far' : ''}: ${hosts}, all with the same outcome and kind of output`
    : [hosts, ...changes].join(', ')
  const script = `script ${inSentence(scriptId)}${title === undefined ? '' : ` ${JSON.stringify(cell(title, 80))}`}`
  return [`${nameOf('B', b)} compared with ${nameOf('A', a)}, ${script}: ${result}`, ...unfinished].join('; ')
}

/** The kinds of output that only one of the runs has, ready to be shown. */
export interface ShownKinds {
  readonly new: readonly Kind[]
  readonly gone: readonly Kind[]
}

/** The reply about two runs: counts first, then what became worse, then everything else that changed. */
export function comparisonReply(
  runs: ComparedRuns,
  comparison: Comparison,
  kinds: ShownKinds,
  budget: number,
): Reply {
  const { outcomes, outputs, matched } = comparison
  const compose = (extent: Extent): Reply => {
    const shownOutputs = outputs.slice(0, extent.groups)
    const kindsOf = (list: readonly Kind[], hosts: number, sample: number) =>
      list.slice(0, extent.groups).map((kind) => {
        const shown = { ...kind, hosts: kind.hosts.slice(0, extent.names) }
        return renderKind(shown, hosts, { sample, differences: 0 })
      })
    const [newKinds, goneKinds] = [
      kindsOf(kinds.new, runs.b.results.tally.hosts, extent.sample),
      // That they are gone is all there is to say.
      kindsOf(kinds.gone, runs.a.results.tally.hosts, Math.min(extent.sample, least.sample)),
    ]
    const titled = (title: string, blocks: readonly string[]): string[] =>
      blocks.length > 0 ? [title, ...blocks] : []
    const only = [
      { change: 'only in A', hosts: matched.onlyA },
      { change: 'only in B', hosts: matched.onlyB },
    ].filter(({ hosts }) => hosts.length > 0)
    const blocks = [
      ...outcomes.map((change) => outcomeLine(change, extent)),
      ...titled(
        'other output, the same outcome:',
        shownOutputs.map((change) => outputBlock(change, extent)),
      ),
      ...titled(
        'kinds of output that are new in B:',
        newKinds.map(({ block }) => block),
      ),
      ...titled(
        'kinds of output that are gone in B:',
        goneKinds.map(({ block }) => block),
      ),
      ...only.map(({ change, hosts }) => `${change}: ${hostsText(hosts, extent)}`),
    ]
    const notes = notesOf(runs, comparison, {
      hiddenOutputs: outputs.slice(extent.groups),
      hiddenKinds: kinds.new.length + kinds.gone.length - newKinds.length - goneKinds.length,
      isSampleCut: newKinds.some(({ left }) => left > 0),
    })
    const note = notes.texts.join(' ')
    const body = [...blocks, ...texts(notes.passedOver)]
    return {
      summary: summaryOf(runs, comparison),
      body: [
        ...(body.some((block) => block.includes('\n')) ? [fenceNote] : []),
        ...body,
        ...(note === '' ? [] : [`Note: ${note}`]),
      ].join('\n'),
      rows: [
        ...outcomes.map((change) => outcomeRow(change, extent)),
        ...shownOutputs.map((change) => outputRow(change, extent)),
        ...newKinds.map(({ row }) => ({ change: 'new kind', ...row })),
        ...goneKinds.map(({ row }) => ({ change: 'gone kind', ...row })),
        ...only.map(({ change, hosts }) => ({
          ...{ change, count: hosts.length, hosts: namesOf(hosts, extent.names) },
        })),
      ],
      ...(note !== '' && { note }),
    }
  }
  for (let extent = start; ; ) {
    const reply = compose(extent)
    const next = sizeOf(reply) > budget ? nextSmaller(extent) : undefined
    if (!next) return reply
    extent = next
  }
}
