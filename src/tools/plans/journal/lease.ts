import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson, parseJson } from '../../../shared/json.ts'
import type { Disk } from './disk.ts'
import { numbered } from './numbered.ts'
import {
  findPlanFolder,
  type Place,
  removeQuietly,
  temporaryName,
  withPlaceErrors,
  writeOnce,
} from './place.ts'
import type { Lease } from './port.ts'

// The right of one runner to act on a plan: a file that is linked into place, as a line is. The newest one counts.
// It spares work: only the lines themselves keep two runners apart.

/** A clock that was set back does not block a plan for longer. */
const maxLeaseMs = 60_000
const maxFileBytes = 4_096

const { nameOf, numberOf } = numbered('lease-')

/** True for the name of a file of a lease. */
export const isLease = (name: string): boolean => numberOf(name) !== undefined

const leaseSchema = z.strictObject({
  runner: z.string(),
  /** Epoch, in ms. */
  until: z.number(),
  ms: z.number().max(maxLeaseMs),
})

type Holder = z.output<typeof leaseSchema>

/** The files of leases of one plan. */
interface LeaseFolder {
  readonly disk: Disk
  readonly folder: string
}

const newest = ({ disk, folder }: LeaseFolder): number =>
  Math.max(0, ...disk.list(folder).map((name) => numberOf(name) ?? 0))

/** Who has a lease; undefined if its file is gone or unreadable: it holds nobody off. */
function holderOf({ disk, folder }: LeaseFolder, number: number): Holder | undefined {
  const content = disk.read(join(folder, nameOf(number)), maxFileBytes)
  if ('fault' in content) return undefined
  return leaseSchema.safeParse(parseJson(Buffer.from(content.bytes).toString())).data
}

/** True while nobody else gets the lease. */
function holdsOff(holder: Holder | undefined, runner: string, now: number): boolean {
  if (!holder || holder.runner === runner) return false
  const left = holder.until - now
  return left > 0 && left <= holder.ms
}

/** Replaces the file of a lease; false if a newer one is there by now. */
function rewrite(leases: LeaseFolder, number: number, holder: Holder): boolean {
  const { disk, folder } = leases
  if (newest(leases) !== number) return false
  const temporary = join(folder, temporaryName())
  try {
    disk.write(temporary, canonicalJson(holder))
    disk.rename(temporary, join(folder, nameOf(number)))
  } finally {
    removeQuietly(disk, temporary)
  }
  // Who took it meanwhile looks at this file again, and finds it renewed.
  return newest(leases) === number
}

/** Takes the lease of a plan; undefined while another runner has it, and if there is no such plan. */
export function takeLease(place: Place, id: string, runner: string, ms: number): Lease | undefined {
  const { disk, now } = place
  const folder = findPlanFolder(place, id)
  if (folder === undefined) return undefined
  const leases = { disk, folder }
  const lasting = Math.min(ms, maxLeaseMs)
  const holder = (): Holder => ({ runner, until: now() + lasting, ms: lasting })
  const before = newest(leases)
  if (holdsOff(holderOf(leases, before), runner, now())) return undefined
  const number = before + 1
  if (!writeOnce(disk, folder, nameOf(number), canonicalJson(holder()))) return undefined
  const isLost = newest(leases) !== number || holdsOff(holderOf(leases, before), runner, now())
  if (isLost) {
    removeQuietly(disk, join(folder, nameOf(number)))
    return undefined
  }
  // Windows refuses to remove a file that another process reads: the next runner removes it.
  for (const name of disk.list(folder)) {
    const older = numberOf(name)
    if (older !== undefined && older < number) removeQuietly(disk, join(folder, name))
  }
  return {
    renew: () => withPlaceErrors(() => rewrite(leases, number, holder())),
    release: () => withPlaceErrors(() => void rewrite(leases, number, { runner, until: 0, ms: 0 })),
  }
}
