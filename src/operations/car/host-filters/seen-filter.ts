import { instant } from '../../fields.ts'
import { localFilter } from '../../reads/local-filter.ts'
import { counted } from '../../sentences.ts'
import { toIso } from '../../time-text.ts'

type Row = Readonly<Record<string, unknown>>

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Row)[name] : undefined

/** A time of Qualys, also as `{dateTime}`, in ms. */
function timeOf(field: unknown): number | undefined {
  const value = fieldOf(field, 'dateTime') ?? field
  const iso = typeof value === 'string' || typeof value === 'number' ? toIso(value) : undefined
  return iso === undefined ? undefined : Date.parse(iso)
}

function latest(values: readonly unknown[]): number | undefined {
  const times = values.map(timeOf).filter((time) => time !== undefined)
  return times.length > 0 ? Math.max(...times) : undefined
}

/**
 * When a host was seen last: `lastSeen` is a guess, `lastCheckedIn` the name of File Integrity Monitoring. Other
 * spellings of the two are as likely.
 */
const seenAt = (host: Row): number | undefined =>
  latest(Object.keys(host).flatMap((name) => (/last_?(?:seen|check)/i.test(name) ? [host[name]] : [])))

/** When the agent or its status changed last, as sister modules show it: the host was there at that time. */
const changedAt = ({ statusDateTime, agentService, manifest }: Row): number | undefined =>
  latest([statusDateTime, fieldOf(agentService, 'updatedDate'), fieldOf(manifest, 'updatedDate')])

/** Hosts that were not seen since a time. */
export const seenFilter = localFilter(instant('last seen before'), (since) => {
  const start = Date.parse(since)
  let replaced = 0
  return {
    test: (host) => {
      const seen = seenAt(host)
      const time = seen ?? changedAt(host)
      if (seen === undefined && time !== undefined) replaced++
      return time === undefined ? undefined : time < start
    },
    needs: 'when they were seen last',
    notes: () =>
      replaced === 0
        ? []
        : [
            `Of ${counted(replaced, 'host')} only the last change of status is shown: it counts as last seen.`,
          ],
  }
})
