import { expect } from 'vitest'
import { Digest } from '../../../src/tools/digest/digest.ts'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'
import type { Kind } from '../../../src/tools/digest/kind.ts'
import type { PartialLine, ResultPlace, VaryingPlace } from '../../../src/tools/digest/places/findings.ts'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { type CannedAnswer, callerOn, type ToolOutcome, Upstream } from './memory.ts'
import { assetJobs, type Host, hostsReply } from './runs.ts'

/** The result of run 1, where Qualys gives this answer to the search for its hosts. */
export async function followRunOn(
  answer: Omit<CannedAnswer, 'route'>,
  form: 'text' | 'json' = 'json',
  budget = 24_000,
): Promise<ToolOutcome> {
  const upstream = new Upstream()
  upstream.serve({ ...answer, route: assetJobs })
  const caller = callerOn(upstream.answer, { QUALYS_REPLY_CHARS: String(budget) })
  const reply = await caller.call(followRun, { jobId: 1, waitSeconds: 0 }, form)
  expect(reply.isError, reply.text).toBe(false)
  return reply
}

/** The result of run 1 on these hosts. */
export const digest = (
  hosts: readonly Host[],
  form: 'text' | 'json' = 'json',
  budget?: number,
): Promise<ToolOutcome> => followRunOn({ body: hostsReply(hosts) }, form, budget)

/** A host that printed this. */
export const digestText = (printed: string): Host => ({ output: printed })

/** A host that succeeded, unless more says otherwise; an output alone says enough. */
export type DigestedHost = string | Partial<HostResult>

/** The result of each host: the first is `ws-1`, if it has no other name. */
export const hostResults = (hosts: readonly DigestedHost[]): HostResult[] =>
  hosts.map((host, index) => ({
    assetJobId: String(5_000 + index),
    host: `ws-${index + 1}`,
    outcome: 'succeeded',
    code: 0,
    ...(typeof host === 'string' ? { output: host } : host),
  }))

/** A digest of these hosts. */
export function digestOf(results: readonly HostResult[]): Digest {
  const all = new Digest()
  for (const result of results) all.add(result)
  return all
}

/** The kinds of output of these hosts. */
export const kindsOf = (hosts: readonly DigestedHost[]): Promise<readonly Kind[]> =>
  digestOf(hostResults(hosts)).kinds()

/** Hosts by their position, beginning at 0. */
export const hostsLike = (count: number, hostAt: (index: number) => DigestedHost): DigestedHost[] =>
  Array.from({ length: count }, (_, index) => hostAt(index))

const resultText = ({ place, separator, values, moreValues, moreHosts }: ResultPlace): string => {
  const texts = values.map(
    ({ value, count, hosts, isMissing }) =>
      `${value} ${isMissing ? 'not on' : 'on'} ${count} (${hosts.join(' ')})`,
  )
  const more = moreValues > 0 ? [`${moreValues} more on ${moreHosts}`] : []
  return `${place}${separator}${[...texts, ...more].join('; ')}`
}

const varyingText = ({ place, values, least, most }: VaryingPlace): string =>
  `${place} varies: ${values} values${least === undefined ? '' : `, ${least} to ${most}`}`

const lineText = ({ line, count, hosts, isMissing }: PartialLine): string =>
  `${isMissing ? 'not' : 'only'} on ${count} (${hosts.join(' ')}): ${line}`

/** All that a kind says about the differences between its hosts. */
export const differencesOf = ({ results, varying, lines }: Kind): string[] => [
  ...lines.map(lineText),
  ...results.map(resultText),
  ...varying.map(varyingText),
]

/** Each kind of these hosts with its number of hosts, its sample, and what differs between them. */
export async function told(hosts: readonly DigestedHost[]): Promise<string[]> {
  const kinds = await kindsOf(hosts)
  return kinds.flatMap((kind) => [
    `${kind.count}: ${kind.sample.output ?? 'no output'}`,
    ...differencesOf(kind),
  ])
}
