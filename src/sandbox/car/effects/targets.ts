import type { Asset, Tag } from '../../data/car/rows.ts'
import type { Store } from '../../data/car/store.ts'
import type { ReadReference } from '../../http/body-schema.ts'
import { badRequest } from '../../http/reply.ts'

/** Which assets are meant: those named and those with a tag, without the excluded ones. */
export interface Targets {
  assetIds: readonly number[]
  tagIds: readonly number[]
  excludedIds: readonly number[]
}

/**
 * The assets that a script may run on. Throws for unknown ids, for no asset at all, and for anything blocked.
 */
export function runnableAssets(store: Store, { assetIds, tagIds, excludedIds }: Targets): Asset[] {
  const assets = assetsOf(store, assetIds, 'asset')
  const tags = tagsOf(store, tagIds)
  const excluded = new Set(assetsOf(store, excludedIds, 'excluded asset'))
  if (assets.length + tags.length === 0) throw badRequest('No asset and no asset tag is given')
  refuseBlockedTags(store, tags)
  const wanted = new Set(assets)
  const tagged = new Set(tags.map(({ id }) => id))
  for (const asset of store.assets) if (holdsOneOf(asset, tagged)) wanted.add(asset)
  const meant = [...wanted].filter((asset) => !excluded.has(asset))
  if (meant.length === 0) throw badRequest('No asset is left to run on')
  refuseBlockedAssets(store, meant)
  return meant
}

/** The ids of references to lab assets or lab tags. Throws for a wrong UUID. */
export function labIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  given: readonly ReadReference[],
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), row]))
  const strangers = given.filter(({ id }) => byId.get(id)?.lab === false).map(({ id }) => id)
  if (strangers.length > 0) throw badRequest(`Not a lab ${kind}: ${named(strangers)}`)
  return referredIds(kind, rows, given)
}

/** The ids of references. Throws for an unknown id or a UUID that does not belong to it. */
export function referredIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  given: readonly ReadReference[],
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), 'uuid' in row ? row.uuid : row.tagUuid]))
  const wrong = given.filter(({ id, UUId }) => byId.get(id) !== UUId).map(({ id }) => id)
  if (wrong.length > 0) throw badRequest(`No such ${kind}, or not its UUId: ${named(wrong)}`)
  return given.map(({ id }) => id)
}

function assetsOf(store: Store, ids: readonly number[], what: string): Asset[] {
  if (ids.length === 0) return []
  const byId = new Map(store.assets.map((asset) => [asset.id, asset]))
  return found(what, ids, (id) => byId.get(id))
}

function tagsOf(store: Store, ids: readonly number[]): Tag[] {
  return found('asset tag', ids, (id) => store.tags.find(({ tagId }) => tagId === id))
}

function found<Row>(what: string, ids: readonly number[], find: (id: number) => Row | undefined): Row[] {
  const unknown = ids.filter((id) => find(id) === undefined)
  if (unknown.length > 0) throw badRequest(`No such ${what}: ${named(unknown)}`)
  return ids.map(find).filter((row) => row !== undefined)
}

function refuseBlockedTags({ blockedTags }: Store, tags: readonly Tag[]): void {
  const blocked = tags.filter(({ tagId }) => blockedTags.includes(tagId))
  if (blocked.length > 0) {
    throw badRequest(`Blocked asset tags: ${named(blocked.map(({ name, id }) => `${name} (${id})`))}`)
  }
}

function refuseBlockedAssets({ blockedAssets, blockedTags }: Store, assets: readonly Asset[]): void {
  const ids = new Set(blockedAssets)
  const tags = new Set(blockedTags.map(String))
  const blocked = assets.filter((asset) => ids.has(asset.id) || holdsOneOf(asset, tags))
  if (blocked.length > 0) {
    throw badRequest(`Blocked assets: ${named(blocked.map(({ name, id }) => `${name} (${id})`))}`)
  }
}

function holdsOneOf({ tags }: Asset, wanted: ReadonlySet<string>): boolean {
  return tags.some(({ id }) => wanted.has(id))
}

/** The first ten, and the number of the others. */
function named(items: readonly (string | number)[]): string {
  const shown = items.slice(0, 10).join(', ')
  return items.length > 10 ? `${shown} and ${items.length - 10} more` : shown
}
