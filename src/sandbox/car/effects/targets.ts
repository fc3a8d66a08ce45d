import type { Asset, Tag } from '../../data/car/rows.ts'
import type { CarStore } from '../../data/car/store.ts'
import type { ReferenceInput } from '../../http/body-schema.ts'
import { badRequest } from '../../http/reply.ts'

/** The targets of a run: the listed assets and those with a listed tag, without the excluded ones. */
export interface Targets {
  assetIds: readonly number[]
  tagIds: readonly number[]
  excludedIds: readonly number[]
}

/**
 * The assets that a script may run on. Throws for unknown ids, for no asset at all, and for anything blocked.
 */
export function runnableAssets(store: CarStore, { assetIds, tagIds, excludedIds }: Targets): Asset[] {
  const assets = assetsOf(store, assetIds, 'asset')
  const tags = tagsOf(store, tagIds)
  const excluded = new Set(assetsOf(store, excludedIds, 'excluded asset'))
  if (assets.length + tags.length === 0) throw badRequest('No asset and no asset tag is given')
  refuseBlockedTags(store, tags)
  const candidates = new Set(assets)
  const tagIdSet = new Set(tags.map(({ id }) => id))
  for (const asset of store.assets) if (hasAnyTag(asset, tagIdSet)) candidates.add(asset)
  const targets = [...candidates].filter((asset) => !excluded.has(asset))
  if (targets.length === 0) throw badRequest('No asset is left to run on')
  refuseBlockedAssets(store, targets)
  return targets
}

/** The ids of references to lab assets or lab tags. Throws for a wrong UUID. */
export function labIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  references: readonly ReferenceInput[],
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), row]))
  const notLab = references.filter(({ id }) => byId.get(id)?.lab === false).map(({ id }) => id)
  if (notLab.length > 0) throw badRequest(`Not a lab ${kind}: ${joinIds(notLab)}`)
  return referenceIds(kind, rows, references)
}

/** The ids of references. Throws for an unknown id or a UUID that does not belong to it. */
export function referenceIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  references: readonly ReferenceInput[],
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), 'uuid' in row ? row.uuid : row.tagUuid]))
  const unknown = references.filter(({ id, UUId }) => byId.get(id) !== UUId).map(({ id }) => id)
  if (unknown.length > 0) throw badRequest(`No such ${kind}, or not its UUId: ${joinIds(unknown)}`)
  return references.map(({ id }) => id)
}

function assetsOf(store: CarStore, ids: readonly number[], what: string): Asset[] {
  if (ids.length === 0) return []
  const byId = new Map(store.assets.map((asset) => [asset.id, asset]))
  return requireRows(what, ids, (id) => byId.get(id))
}

function tagsOf(store: CarStore, ids: readonly number[]): Tag[] {
  return requireRows('asset tag', ids, (id) => store.tags.find(({ tagId }) => tagId === id))
}

function requireRows<Row>(
  what: string,
  ids: readonly number[],
  find: (id: number) => Row | undefined,
): Row[] {
  const unknown = ids.filter((id) => find(id) === undefined)
  if (unknown.length > 0) throw badRequest(`No such ${what}: ${joinIds(unknown)}`)
  return ids.map(find).filter((row) => row !== undefined)
}

function refuseBlockedTags({ blockedTags }: CarStore, tags: readonly Tag[]): void {
  const blocked = tags.filter(({ tagId }) => blockedTags.includes(tagId))
  if (blocked.length > 0) {
    throw badRequest(`Blocked asset tags: ${joinIds(blocked.map(({ name, id }) => `${name} (${id})`))}`)
  }
}

function refuseBlockedAssets({ blockedAssets, blockedTags }: CarStore, assets: readonly Asset[]): void {
  const ids = new Set(blockedAssets)
  const tags = new Set(blockedTags.map(String))
  const blocked = assets.filter((asset) => ids.has(asset.id) || hasAnyTag(asset, tags))
  if (blocked.length > 0) {
    throw badRequest(`Blocked assets: ${joinIds(blocked.map(({ name, id }) => `${name} (${id})`))}`)
  }
}

function hasAnyTag({ tags }: Asset, tagIds: ReadonlySet<string>): boolean {
  return tags.some(({ id }) => tagIds.has(id))
}

/** The first ten, and the number of the others. */
function joinIds(items: readonly (string | number)[]): string {
  const text = items.slice(0, 10).join(', ')
  return items.length > 10 ? `${text} and ${items.length - 10} more` : text
}
