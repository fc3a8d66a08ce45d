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
  const assetsById = new Map(store.assets.map((asset) => [asset.id, asset]))
  const tagsById = new Map(store.tags.map((tag) => [tag.tagId, tag]))
  const assets = requireRows('asset', assetsById, assetIds)
  const tags = requireRows('asset tag', tagsById, tagIds)
  const excluded = new Set(requireRows('excluded asset', assetsById, excludedIds))
  if (assets.length + tags.length === 0) throw badRequest('No asset and no asset tag is given')
  const blockedTags = tags.filter(({ tagId }) => store.blockedTags.includes(tagId))
  refuseAny('Blocked asset tags', blockedTags.map(toLabel))
  const candidates = new Set(assets)
  const tagIdSet = new Set(tags.map(({ id }) => id))
  for (const asset of store.assets) if (hasAnyTag(asset, tagIdSet)) candidates.add(asset)
  const targets = [...candidates].filter((asset) => !excluded.has(asset))
  if (targets.length === 0) throw badRequest('No asset is left to run on')
  refuseBlockedAssets(store, targets)
  return targets
}

type References = readonly ReferenceInput[]

/** The ids of references to lab assets or lab tags. Throws for a wrong UUID. */
export function labIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  references: References,
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), row]))
  const notLab = references.filter(({ id }) => byId.get(id)?.lab === false)
  refuseAny(`Not a lab ${kind}`, notLab.map(toId))
  return referenceIds(kind, rows, references)
}

/** The ids of references. Throws for an unknown id or a UUID that does not belong to it. */
export function referenceIds(
  kind: 'asset' | 'tag',
  rows: readonly (Asset | Tag)[],
  references: References,
): number[] {
  const byId = new Map(rows.map((row) => [Number(row.id), 'uuid' in row ? row.uuid : row.tagUuid]))
  const unknown = references.filter(({ id, UUId }) => byId.get(id) !== UUId)
  refuseAny(`No such ${kind}, or not its UUId`, unknown.map(toId))
  return references.map(toId)
}

function requireRows<Row>(what: string, rows: ReadonlyMap<number, Row>, ids: readonly number[]): Row[] {
  refuseAny(
    `No such ${what}`,
    ids.filter((id) => !rows.has(id)),
  )
  return ids.map((id) => rows.get(id) as Row)
}

function refuseBlockedAssets({ blockedAssets, blockedTags }: CarStore, assets: readonly Asset[]): void {
  const ids = new Set(blockedAssets)
  const tags = new Set(blockedTags.map(String))
  const blocked = assets.filter((asset) => ids.has(asset.id) || hasAnyTag(asset, tags))
  refuseAny('Blocked assets', blocked.map(toLabel))
}

function hasAnyTag({ tags }: Asset, tagIds: ReadonlySet<string>): boolean {
  return tags.some(({ id }) => tagIds.has(id))
}

const toId = ({ id }: ReferenceInput) => id
const toLabel = ({ name, id }: Asset | Tag) => `${name} (${id})`

/** Throws if there are any. Names the first ten, and the number of the others. */
function refuseAny(message: string, items: readonly (string | number)[]): void {
  if (items.length === 0) return
  const others = items.length > 10 ? ` and ${items.length - 10} more` : ''
  throw badRequest(`${message}: ${items.slice(0, 10).join(', ')}${others}`)
}
