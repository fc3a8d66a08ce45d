import type { Input } from '../../../src/operations/operation.ts'
import type { Row } from '../../../src/session/answer.ts'
import { InputError } from '../../../src/shared/errors.ts'
import type { Listing, Replies } from './memory-session.ts'

/** A host as `car_search_assets` shows it; Qualys gives `tags` in several forms. */
export interface Host {
  readonly id: number
  readonly tags: readonly { readonly id: string; readonly name: string }[]
}

/** How a platform answers a filter by tag: as expected, or like one that does not know the token. */
export type TagFilter = 'known' | 'byNameOnly' | 'ignored' | 'nothing' | 'refused'

export interface Fleet {
  readonly hosts: readonly Host[]
  readonly filter?: TagFilter
  /** Replaces an answer, given its filter. */
  readonly altered?: (listing: Listing, filter: string | undefined) => Listing
  /** How a row of a host looks. */
  readonly row?: (host: Host) => Row
}

const plainRow = ({ id, tags }: Host): Row => ({
  ...{ id, name: `host ${id}`, platform: 'WINDOWS', tags },
  uuid: `uuid-${id}`,
})

/** The hosts that a filter selects; undefined if the platform does not know its token. */
function selected(
  hosts: readonly Host[],
  filter: string | undefined,
  tags: TagFilter,
): readonly Host[] | undefined {
  if (filter === undefined) return hosts
  const ids = [...filter.matchAll(/(?:^| )id:(\d+)/g)].map(([, id]) => Number(id))
  if (ids.length > 0) return hosts.filter(({ id }) => ids.includes(id))
  const [, kind, value] = /^tags\.(id|name):`?([^`]*)`?$/.exec(filter) ?? []
  if (
    kind === undefined ||
    (tags === 'byNameOnly' && kind === 'id') ||
    (tags !== 'known' && tags !== 'byNameOnly')
  )
    return undefined
  return hosts.filter((host) => host.tags.some((tag) => tag[kind as 'id' | 'name'] === value))
}

/** Answers searches for the hosts and tags of a fleet. */
export function fleetReplies({
  hosts,
  filter = 'known',
  altered = (listing) => listing,
  row = plainRow,
}: Fleet): Replies {
  const tags = new Map(hosts.flatMap((host) => host.tags.map((tag) => [tag.id, tag] as const)))
  return {
    car_search_assets: (args: Input) => {
      const asked = args['filter'] as string | undefined
      const found = selected(hosts, asked, filter)
      if (!found && filter === 'refused') throw new InputError('no such token', 'Use another.')
      const shown = found ?? (filter === 'nothing' || filter === 'byNameOnly' ? [] : hosts)
      return altered({ rows: shown.map(row), total: shown.length }, asked)
    },
    car_search_asset_tags: (args: Input) => {
      const ids = [...String(args['filter'] ?? '').matchAll(/\bid:(\d+)/g)].map(([, id = '']) => id)
      return ids.flatMap((id) => (tags.has(id) ? [{ ...tags.get(id), tagUuid: `uuid-${id}` }] : []))
    },
    car_get_script: ({ scriptId }) => ({
      ...{ id: scriptId, title: `script ${scriptId}`, platform: 'WINDOWS', params: [] },
      content: Buffer.from(`content of ${scriptId}`).toString('base64'),
    }),
    car_search_schedules: [],
    car_search_jobs: [],
    car_execute_script: { correlationUuid: 'run-1' },
  }
}
