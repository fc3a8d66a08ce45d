import { unknownWord } from '../../../operations/reads/row-words.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { inline } from '../../digest/host-result.ts'
import { fence } from '../../replies/cells.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { presentColumns } from '../../replies/unknown-column.ts'
import type { Comparison } from './comparison.ts'
import type { PassedOver } from './line-changes.ts'
import type { OutputChange } from './output-changes.ts'
import type { RunResults } from './run-results.ts'

/** A run, and what is said of it. */
export interface ShownRun {
  readonly results: RunResults
  /** When it was started, in UTC; undefined if nothing shows that. */
  readonly date: string | undefined
  readonly createdAt: number | undefined
  /** The number of hosts that are listed, or more if it was sent to more. */
  readonly expected: number
}

/** Two runs of one script. */
export interface ComparedRuns {
  readonly a: ShownRun
  readonly b: ShownRun
  readonly scriptId: string
  readonly title: string | undefined
  /** Characters of each output that are compared. */
  readonly comparedLength: number
  readonly passedOver: readonly PassedOver[]
}

/** What of a comparison did not fit. */
interface Hidden {
  readonly hiddenOutputs: readonly OutputChange[]
  readonly hiddenKinds: number
  readonly isSampleCut: boolean
}

const maxPlaces = 6
const maxPlaceLength = 60
const maxValueLength = 40

/** `PID: 100 values, 302 to 9287`. */
const passedOverLine = ({ place, values, least, most }: PassedOver): string =>
  `${oneLine(place, maxPlaceLength)}: ${counted(values, 'value')}, ${oneLine(least, maxValueLength)} to ${oneLine(most, maxValueLength)}`

function passedOverBlock(places: readonly PassedOver[]): string | undefined {
  if (places.length === 0) return undefined
  const lines = places.slice(0, maxPlaces).map(passedOverLine)
  const more = places.length > maxPlaces ? [`(${formatNumber(places.length - maxPlaces)} more)`] : []
  const text = [...lines, ...more].join('\n')
  return fence('counted as no change, since they differ on most hosts', text, text.length)
}

/** Why a part of a run is missing or odd. */
function runNotes(name: string, { tally, nameless, hosts }: RunResults): readonly string[] {
  const repeated = tally.hosts - nameless - hosts.length
  const isOutcomeUnknown = hosts.some(({ result }) => result.outcome === unknownWord)
  const unknown = isOutcomeUnknown ? 'outcome or output' : 'output'
  return texts(
    nameless > 0 &&
      `${counted(nameless, 'result')} of run ${name} ${nameless === 1 ? 'names no host, and is' : 'name no host, and are'} not compared.`,
    repeated > 0 &&
      `${counted(repeated, 'result')} of run ${name} ${repeated === 1 ? 'is' : 'are'} older than another one of the same host, and not compared.`,
    tally.columns.length > 0 &&
      `Columns of results of run ${name} with ${unknown} unknown: ${presentColumns(tally.columns)}.`,
    tally.resultLimit,
  )
}

/** What is said below a comparison: sentences, and the values that were passed over, between marks. */
export function notesOf(
  { a, b, comparedLength, passedOver }: ComparedRuns,
  { uncompared, unknownOutputs, otherRest }: Comparison,
  { hiddenOutputs, hiddenKinds, isSampleCut }: Hidden,
): { readonly texts: readonly string[]; readonly passedOver: string | undefined } {
  const isSwapped = a.createdAt !== undefined && b.createdAt !== undefined && a.createdAt > b.createdAt
  const hiddenHosts = hiddenOutputs.reduce((sum, { hosts }) => sum + hosts.length, 0)
  const [head, tail] = [comparedLength * 0.8, comparedLength * 0.2].map(formatNumber)
  const drift = [...new Set(texts(...[a, b].map(({ results }) => deviationsNote(results.tally.deviations))))]
  return {
    texts: texts(
      isSwapped && 'Run A was started after run B: swap the ids to see what changed since.',
      runNotes('A', a.results),
      runNotes('B', b.results),
      uncompared > 0 &&
        `The outputs of ${counted(uncompared, 'host')} differ and could not be compared: there are too many kinds of output.`,
      unknownOutputs > 0 &&
        `Whether the outputs of ${counted(unknownOutputs, 'host')} changed is unknown: the results have no scriptResult.`,
      otherRest > 0 &&
        `Of long outputs, the first ${head} and the last ${tail} characters are compared; on ${counted(otherRest, 'host')} only what lies between them differs.`,
      hiddenHosts > 0 && `Other changes of output on ${counted(hiddenHosts, 'host')} are not shown.`,
      hiddenKinds > 0 && `${counted(hiddenKinds, 'more kind')} of output not shown.`,
      isSampleCut &&
        `car_get_output shows a whole output (jobId ${inline(b.results.jobId)}, assetJobId in brackets).`,
      drift,
    ),
    passedOver: passedOverBlock(passedOver),
  }
}
