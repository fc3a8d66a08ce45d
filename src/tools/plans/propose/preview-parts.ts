import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { factsOf } from '../../effects/preview/facts.ts'
import {
  blocksOf,
  labelled,
  type PreviewBlock,
  type PreviewFacts,
  type PreviewTable,
  sentenceBelow,
} from '../../effects/preview/preview.ts'
import { boundText } from '../bounds.ts'
import { minutesText } from '../durations.ts'
import { execute } from '../execute.ts'
import type { PlannedScript, PlannedWave, RolloutPlan } from '../plan.ts'
import { hasName, waveText } from '../wave-names.ts'
import { stopRuleTexts } from './stop-rules.ts'

// What the previews of a plan, of a resumption and of a single wave have in common.

/** What a plan does not hold, and a preview shows. */
export interface PreviewDetails {
  /** How many lines the script has; absent if its content is not known. */
  readonly scriptLineCount?: number
  /** The content of the script, without secrets. */
  readonly content?: readonly PreviewBlock[]
  /** The text of QUALYS_WINDOW. */
  readonly serverWindow?: string | undefined
  /** What else a person must not overlook, one sentence each. */
  readonly warnings?: readonly string[]
}

/** A wave and its place in the plan. */
export type PlacedWave = readonly [index: number, wave: PlannedWave]

/** The waves of a plan with their places. */
export const placed = (waves: readonly PlannedWave[]): PlacedWave[] =>
  waves.map((wave, index) => [index, wave])

/** The cells that name a wave. */
export const nameCells = ([index, { name }]: PlacedWave): [string, string] => [
  String(index + 1),
  hasName(index, name) ? name : '',
]

const maxFirst = 3
const maxNameLength = 22

/** The names of the first hosts. */
function firstHosts({ hosts }: PlannedWave, hostNames: RolloutPlan['hostNames']): string {
  const first = hosts.slice(0, maxFirst).map((id) => oneLine(nameOf(id, hostNames) ?? id, maxNameLength))
  return hosts.length > maxFirst ? `${first.join(', ')}, …` : first.join(', ')
}

/** The name of a host. Only a member of the record itself is one. */
const nameOf = (id: string, hostNames: RolloutPlan['hostNames']): string | undefined =>
  (Object.hasOwn(hostNames, id) && hostNames[id]) || undefined

/** The waves of a plan, one row each. */
export function waveTable(
  label: string,
  { waves, hostNames }: RolloutPlan,
  shown: readonly PlacedWave[],
): PreviewTable[] {
  const rows = shown.map(([index, wave]) => [
    ...nameCells([index, wave]),
    formatNumber(wave.hosts.length),
    wave.chosenBy,
    firstHosts(wave, hostNames),
    index === waves.length - 1 ? '' : wave.soakMinutes === 0 ? 'no pause' : minutesText(wave.soakMinutes),
    wave.needsApproval ? 'once more' : '',
  ])
  const columns = ['wave', 'name', 'hosts', 'chosen by', 'first hosts', 'pause after it', 'approval']
  return rows.length > 0 ? [{ label, columns, rows }] : []
}

/** All hosts of these waves in one table, so that a short view shows the first of them once. */
function hostTable(shown: readonly PlacedWave[], { hostNames }: RolloutPlan): PreviewTable[] {
  const rows = shown.flatMap(([index, { hosts }]) =>
    hosts.map((id) => [String(index + 1), id, nameOf(id, hostNames) ?? '']),
  )
  return rows.length > 0 ? [{ label: 'hosts', columns: ['wave', 'id', 'name'], rows }] : []
}

/** When a wave does not begin, or holds the plan. `shown`: the indexes of the waves that still count. */
export function ruleLines(plan: RolloutPlan, shown?: ReadonlySet<number>): string[] {
  const { leftOut, lateAfterMinutes } = plan
  const least = 'percent' in leftOut ? ' (at least 1 host)' : ''
  return [
    ...stopRuleTexts(plan, shown),
    `Before a wave begins: hosts that are gone, blocked or no longer in the fleet are left out; more than ${boundText(leftOut)}${least} hold the plan. No host is added.`,
    `A wave that has not begun ${minutesText(lateAfterMinutes)} after it was due holds the plan.`,
  ]
}

/** The script by its title, with the hash of its content. */
export const scriptLines = (
  { id, title, sha256 }: PlannedScript,
  lineCount: number | undefined,
): PreviewBlock[] => [
  labelled(`script ${id}`, title),
  sentenceBelow(
    `content: ${lineCount === undefined ? '' : `${counted(lineCount, 'line')}, `}sha256 ${sha256}`,
  ),
]

/** How many hosts a stop no longer reaches. That a run cannot be stopped is said of every run. */
export function reachWarning(shown: readonly PlacedWave[]): string | undefined {
  const [largest] = [...shown].sort(([, one], [, other]) => other.hosts.length - one.hosts.length)
  if (!largest) return undefined
  const [index, { name, hosts }] = largest
  const reached = `${counted(hosts.length, 'host')} ${hosts.length === 1 ? 'is' : 'are'} reached`
  return shown.length > 1
    ? `A stop or a hold only keeps later waves from starting: once ${waveText(index, name)} has begun, its ${reached}.`
    : `No stop or hold changes a run that has begun: its ${reached}.`
}

const proposedBy = ({ caller: { named } }: RolloutPlan): PreviewBlock =>
  named
    ? labelled('proposed by', ...new Set([named.name, named.person]))
    : 'proposed by the client of a local server'

const fleetLine = ({ fleetTag, fleet }: RolloutPlan): PreviewBlock =>
  fleetTag
    ? labelled(`fleet: ${counted(fleet.length, 'host')} of tag ${fleetTag.id}`, fleetTag.name)
    : `fleet: ${counted(fleet.length, 'listed host')}`

/** What one preview shows and the others do not. */
interface OwnFacts {
  readonly title: string
  readonly counts: readonly string[]
  readonly warnings: readonly string[]
  readonly lines: readonly PreviewBlock[]
  /** The waves whose hosts are listed. */
  readonly hosts: readonly PlacedWave[]
}

/** The facts of a preview: its own, then what the runs of a plan have in common. The options are shown as those of a run. */
export function planFacts(
  plan: RolloutPlan,
  { title, counts, warnings, lines, hosts }: OwnFacts,
  { content = [], serverWindow, warnings: others = [] }: PreviewDetails,
): PreviewFacts {
  const { options, window, description, account } = plan
  const windows = texts(window, serverWindow)
  return factsOf({
    operation: { ...execute, title },
    effect: 'execute',
    args: options,
    parts: {
      counts,
      warnings: [...warnings, ...others],
      lines: blocksOf<PreviewBlock>(
        lines,
        fleetLine(plan),
        windows.length > 0 && labelled('waves begin only within', ...windows),
        description !== undefined && labelled('description', description),
        `plan ${plan.id}`,
        proposedBy(plan),
      ),
      content: [...content, ...hostTable(hosts, plan)],
      coveredArguments: new Set(),
    },
    account,
  })
}
