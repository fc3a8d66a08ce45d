import { createSchedule } from '../../../src/operations/car/schedule-changes.ts'
import type { Session } from '../../../src/session/session.ts'
import type { Control } from '../sandbox.ts'
import { hostsOf } from './expected.ts'

/** Hosts and tags of the sandbox that hold more than the seeded schedules: all are of one tag or of one host. */
export interface MoreTargets {
  readonly inBoth: string
  readonly inFirst: string
  readonly tags: readonly [string, string]
}

/** Two tags that share hosts, with hosts of both and of the first alone. */
export async function sharedTags(control: Control): Promise<MoreTargets> {
  const hosts = await hostsOf(control)
  const tagsOf = hosts.map(({ id, tags }) => ({ id: String(id), tags: tags.map((tag) => tag.id) }))
  for (const { id, tags } of tagsOf) {
    const [first, second] = tags
    if (first === undefined || second === undefined) continue
    const other = tagsOf.find((host) => host.tags.includes(first) && !host.tags.includes(second))
    if (other) return { inBoth: id, inFirst: other.id, tags: [first, second] }
  }
  throw new Error('no two tags share a host')
}

/** Adds schedules with several targets. The seeded ones have one tag or one host, and no exclusions. */
export async function addSchedules(
  session: Session,
  control: Control,
  title = 'Several targets',
): Promise<void> {
  const { inBoth, inFirst, tags } = await sharedTags(control)
  const [scheduled] = await control.dump('schedules')
  const scripts = await control.dump('scripts')
  const script = scripts.find(({ status, params }) => status === 'APPROVED' && String(params) === '')
  if (!scheduled || !script) throw new Error('no schedule or script')
  const always = { startDate: '2999-01-31', startTime: '08:30' }
  const recurring = { ...always, recurrence: 'MONTHLY', endDate: '2999-12-31' }
  const plans = [
    { assetTags: tags, activate: true, ...recurring },
    { assetTags: tags, allTagsForAssetsEnabled: true, activate: true, ...always },
    { assetTags: tags, excludedAssets: [inBoth], activate: false, ...recurring },
    { assetTags: [tags[1]], assets: [inFirst, inBoth], activate: true, ...always },
    { assets: [inFirst, inBoth], activate: false, ...always },
  ]
  for (const [at, plan] of plans.entries())
    await session.call(createSchedule, {
      title: `${title} ${at}`,
      scripts: [{ id: String(script['id']) }],
      ...plan,
    })
}
