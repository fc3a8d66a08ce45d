/** What code runs on, by ids. */
export interface HostTargets {
  readonly assets: readonly string[]
  readonly tags: readonly string[]
  readonly excludedAssets: readonly string[]
  /** True if a host must have all of the tags, false if any of them is enough. */
  readonly needsAllTags: boolean
}

/** A number of hosts, or a clause that says why it is unknown. */
export type HostCount = { readonly hosts: number } | { readonly reason: string }

/** Counts the hosts that code runs on. */
export interface HostCounter {
  /** How many hosts each of these reaches now, each host once. A tag is counted once for a call. */
  countHosts(targets: readonly HostTargets[]): Promise<readonly HostCount[]>
}
