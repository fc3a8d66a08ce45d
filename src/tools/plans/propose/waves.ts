import { quoted } from '../../../operations/sentences.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { comparableName } from '../../../shared/safe-text.ts'
import { hostsOf } from '../bounds.ts'
import type { PlannedWave } from '../plan.ts'
import { capitalized, defaultName, hasName, waveText } from '../wave-names.ts'

/** How a wave chooses its hosts. The hosts of a tag are those that it has now, in the fleet or not. */
export type WaveSelection =
  | { readonly kind: 'ids'; readonly hosts: readonly string[] }
  | { readonly kind: 'tag'; readonly id: string; readonly name: string; readonly hosts: readonly string[] }
  | { readonly kind: 'share'; readonly percent: number }
  | { readonly kind: 'rest' }

/** A wave as it was asked for, with its tag looked up. */
export interface ChosenWave {
  readonly name?: string | undefined
  readonly selection: WaveSelection
  readonly soakMinutes?: number | undefined
  readonly needsApproval?: boolean | undefined
}

/** An error names no more hosts. */
const maxNamed = 5

/** The ascending order of ids, which are too long for the numbers of JavaScript. */
export const byNumber = (one: string, other: string): number =>
  one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)

function namedIds(ids: readonly string[]): string {
  const shown = [...ids].sort(byNumber).slice(0, maxNamed)
  return ids.length > shown.length
    ? `${shown.join(', ')} and ${formatNumber(ids.length - shown.length)} more`
    : shown.join(', ')
}

/**
 * The order in which a share takes hosts: by a hash of their ids. Ids that follow each other were often enrolled
 * together, so that the first ones may be one rack or one site. The hash has no part that changes, so that the same
 * proposal gives the same waves, whatever the order in which Qualys lists the hosts.
 */
function spread(hosts: Iterable<string>): string[] {
  const places = Array.from(hosts, (host) => [sha256(`rollout wave ${host}`), host] as const)
  return places.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, host]) => host)
}

/** One division of a fleet: the waves so far, and what they took. */
interface Division {
  readonly fleet: ReadonlySet<string>
  readonly takenBy: Map<string, number>
  readonly names: readonly string[]
  /** The fleet in the order of shares: worked out once, if there is a share. */
  readonly inOrder: () => readonly string[]
}

interface Taken {
  readonly hosts: readonly string[]
  readonly chosenBy: string
}

const textOf = (index: number, { names }: Pick<Division, 'names'>): string =>
  waveText(index, names[index] ?? '')

const emptyWave = (index: number, division: Division, why: string): InputError =>
  new InputError(
    `${capitalized(textOf(index, division))} has no hosts: ${why}.`,
    'Leave this wave out, or choose other hosts for it.',
  )

/** The hosts of a list of ids. Each has to be in the fleet, and in no earlier wave. */
function takeIds(hosts: readonly string[], index: number, division: Division): Taken {
  const { fleet, takenBy } = division
  const ids = [...new Set(hosts)]
  if (ids.length === 0) throw emptyWave(index, division, 'its list of ids is empty')
  const strangers = ids.filter((host) => !fleet.has(host))
  if (strangers.length > 0)
    throw new InputError(
      `${counted(strangers.length, 'host')} of ${textOf(index, division)} ${strangers.length === 1 ? 'is' : 'are'} not in the fleet: ${namedIds(strangers)}.`,
      'Add them to the fleet, or take them out of the wave.',
    )
  const earlier = ids.map((host) => takenBy.get(host)).find((at) => at !== undefined)
  if (earlier !== undefined) {
    const both = ids.filter((host) => takenBy.get(host) === earlier)
    throw new InputError(
      `${capitalized(textOf(earlier, division))} and ${textOf(index, division)} share ${counted(both.length, 'host')} (${namedIds(both)}): each host is in one wave.`,
      'Name each host in one wave, and put waves of ids before those of a tag or a share.',
    )
  }
  return { hosts: ids, chosenBy: 'listed ids' }
}

/** The hosts of a tag that are in the fleet and that no earlier wave took. */
function takeTag(tag: WaveSelection & { kind: 'tag' }, index: number, division: Division): Taken {
  const { fleet, takenBy } = division
  const text = `tag ${tag.id} ${quoted(tag.name)}`
  const members = [...new Set(tag.hosts)]
  const within = members.filter((host) => fleet.has(host))
  const hosts = within.filter((host) => !takenBy.has(host))
  if (members.length === 0) throw emptyWave(index, division, `${text} has none`)
  if (within.length === 0) throw emptyWave(index, division, `${text} has none in the fleet`)
  if (hosts.length === 0) throw emptyWave(index, division, `earlier waves have all hosts of ${text}`)
  const earlier = within.length - hosts.length
  const outside = members.length - within.length
  const without = [
    ...(earlier > 0 ? [`${counted(earlier, 'host')} of earlier waves`] : []),
    ...(outside > 0 ? [`${counted(outside, 'host')} outside of the fleet`] : []),
  ]
  return { hosts, chosenBy: without.length > 0 ? `${text}, without ${without.join(' and ')}` : text }
}

function take({ selection }: ChosenWave, index: number, division: Division): Taken {
  if (selection.kind === 'ids') return takeIds(selection.hosts, index, division)
  if (selection.kind === 'tag') return takeTag(selection, index, division)
  const { fleet, takenBy, inOrder } = division
  const count = fleet.size - takenBy.size
  if (count === 0) throw emptyWave(index, division, 'earlier waves have all hosts of the fleet')
  const isLeft = (host: string): boolean => !takenBy.has(host)
  if (selection.kind === 'rest') return { hosts: [...fleet].filter(isLeft), chosenBy: 'the rest' }
  const { percent } = selection
  return {
    hosts: inOrder().filter(isLeft).slice(0, hostsOf({ percent }, count)),
    chosenBy: `${percent}% of ${counted(count, 'host')} left`,
  }
}

/** The names of the waves, which have to differ. */
function namesOf(waves: readonly ChosenWave[]): string[] {
  const firsts = new Map<string, number>()
  return waves.map((wave, index) => {
    const name = wave.name?.trim() || defaultName(index)
    const compared = comparableName(name)
    const first = firsts.get(compared)
    if (first !== undefined)
      throw new InputError(
        `Waves ${first + 1} and ${index + 1} are both called ${quoted(name)}.`,
        'Give each wave its own name, or none.',
      )
    if (/^wave ?\d+$/.test(compared) && hasName(index, name))
      throw new InputError(
        `Wave ${index + 1} is called ${quoted(name)}, as if it were another one.`,
        'Give it another name, or none.',
      )
    firsts.set(compared, index)
    return name
  })
}

/**
 * Divides a fleet into waves, in which each host is at most once. Throws an InputError for waves that overlap, that
 * are empty, or that are not within the fleet.
 */
export function splitFleet(fleet: readonly string[], waves: readonly ChosenWave[]): PlannedWave[] {
  const names = namesOf(waves)
  const early = waves.findIndex(({ selection }, at) => selection.kind === 'rest' && at < waves.length - 1)
  if (early !== -1)
    throw new InputError(
      `${capitalized(textOf(early, { names }))} takes the rest, and is not the last wave.`,
      'Put the wave with rest last, and pass it once.',
    )
  const hosts = new Set(fleet)
  let order: readonly string[] | undefined
  const inOrder = (): readonly string[] => {
    order ??= spread(hosts)
    return order
  }
  const division: Division = { fleet: hosts, takenBy: new Map(), names, inOrder }
  return waves.map((wave, index) => {
    const { hosts, chosenBy } = take(wave, index, division)
    for (const host of hosts) division.takenBy.set(host, index)
    return {
      name: names[index] ?? defaultName(index),
      hosts: [...hosts].sort(byNumber),
      chosenBy,
      soakMinutes: wave.soakMinutes ?? 0,
      needsApproval: wave.needsApproval ?? false,
    }
  })
}

/** How many hosts these waves have. */
export const plannedHosts = (waves: readonly Pick<PlannedWave, 'hosts'>[]): number =>
  waves.reduce((sum, { hosts }) => sum + hosts.length, 0)

/** What is said if hosts of the fleet are in no wave: `40 of 2,000 hosts are in no wave`. */
export function unplannedText(
  fleet: readonly string[],
  waves: readonly Pick<PlannedWave, 'hosts'>[],
): string | undefined {
  const unplanned = fleet.length - plannedHosts(waves)
  return unplanned > 0
    ? `${formatNumber(unplanned)} of ${counted(fleet.length, 'host')} ${unplanned === 1 ? 'is' : 'are'} in no wave`
    : undefined
}
