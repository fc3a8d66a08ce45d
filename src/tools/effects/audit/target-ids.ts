import type { Hosts } from '../targets/hosts.ts'
import type { Target } from '../targets/lookup.ts'
import type { Targets } from '../targets/targets.ts'
import { bytesOf } from './truncate.ts'

/** The ids that an effect concerns, by what they are. */
export type TargetIds = Readonly<Record<string, readonly string[]>>

type TargetLists = Readonly<Record<string, readonly (Target | undefined)[] | undefined>>

const listsOf = (targets: Targets, hosts: Hosts | undefined): TargetLists =>
  targets.product === 'car'
    ? {
        // Of a run by tag, these are the hosts that were counted.
        hosts: hosts?.members ?? targets.assets,
        excludedHosts: targets.excludedAssets,
        tags: targets.tags,
        scripts: targets.scripts,
        schedules: targets.schedules,
        activeSchedules: targets.activeSchedules,
      }
    : {
        templates: targets.templates,
        libraryTemplates: targets.libraryTemplates,
        campaigns: targets.campaigns,
        users: targets.users,
        recipients: targets.currentRecipients,
        newRecipients: targets.newRecipients,
        removedRecipients: targets.removedRecipients,
        reviewer: [targets.reviewer],
        approver: [targets.approver],
      }

/** The ids of everything that an effect concerns. */
export function targetIds(targets: Targets, hosts: Hosts | undefined): TargetIds {
  return Object.fromEntries(
    Object.entries(listsOf(targets, hosts)).flatMap(([kind, list = []]) => {
      const ids = list.flatMap((target) => target?.id ?? [])
      return ids.length > 0 ? [[kind, ids]] : []
    }),
  )
}

/** Bytes of the ids of one line. */
const maxPageBytes = 24 * 1024

/** The ids in portions that fit into one line each; one empty portion if there are none. */
export function pagesOf(ids: TargetIds): TargetIds[] {
  const pages: Record<string, string[]>[] = [{}]
  let bytes = 0
  for (const [kind, list] of Object.entries(ids))
    for (const id of list) {
      bytes += bytesOf(id) + 1
      if (bytes > maxPageBytes) {
        pages.push({})
        bytes = bytesOf(id) + 1
      }
      const page = pages.at(-1) ?? {}
      page[kind] ??= []
      page[kind].push(id)
    }
  return pages
}
