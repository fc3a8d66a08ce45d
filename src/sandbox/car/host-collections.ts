import { type CarKind, carFields, type FieldTable } from '../data/car/fields.ts'
import { type HostForm, type HostTag, toHostRecord } from '../data/car/host-records.ts'
import type { Asset } from '../data/car/rows.ts'
import type { Collection } from '../query/collection.ts'
import type { TokenTable } from '../query/qql-match.ts'
import { assets } from './collections.ts'

/** A host as replies show it, and as it is stored. */
export interface Host {
  asset: Asset
  tags: HostTag[]
}

const tagIds = ({ tags }: Host): string[] => tags.map((tag) => (typeof tag === 'string' ? tag : tag.id))

const tagTokens: Readonly<Record<HostForm['hostTags'], TokenTable<Host>>> = {
  named: {
    'tags.id': { type: 'word', read: tagIds },
    'tags.name': { type: 'text', read: ({ asset }) => asset.tags.map(({ name }) => name) },
  },
  uuids: { tags: { type: 'word', read: tagIds } },
  uuidObjects: { 'tags.id': { type: 'word', read: tagIds } },
  names: { 'tags.name': { type: 'text', read: ({ asset }) => asset.tags.map(({ name }) => name) } },
  none: {},
}

/** The tokens of the stored record, without those of tags. */
const plainTokens: TokenTable<Host> = Object.fromEntries(
  Object.entries(assets.tokens.assumed?.names ?? {})
    .filter(([name]) => !name.startsWith('tags.'))
    .map(([name, { type, read }]) => [name, { type, read: ({ asset }, store) => read(asset, store) }]),
)

const fimTokens: TokenTable<Host> = {
  id: { type: 'word', read: ({ asset }) => asset.uuid },
  assetId: { type: 'word', read: ({ asset }) => asset.id },
  agentUuid: { type: 'word', read: ({ asset }) => asset.uuid },
  name: { type: 'text', read: ({ asset }) => asset.name },
  operatingSystem: { type: 'text', read: ({ asset }) => asset.operatingSystem },
  'interfaces.address': { type: 'word', read: ({ asset }) => asset.ipAddress },
  lastCheckedIn: { type: 'date', read: ({ asset }) => asset.lastSeen },
}

/** What such a record can be sorted by. */
const fimFields: FieldTable = {
  ...{ id: 'string', assetId: 'number', agentUuid: 'string', name: 'string' },
  ...{ lastCheckedIn: 'number', created: 'number' },
}

/** Hosts with records in the form that the knobs ask for. */
export function hostCollection(form: HostForm): Collection<Host> {
  const { hostRecord, hostTags } = form
  const isFim = hostRecord === 'fim'
  return {
    ...{ kind: assets.kind, form: `${hostRecord} ${hostTags}` },
    fields: isFim ? { documented: fimFields } : carFields[assets.kind as CarKind],
    tokens: { documented: { ...(isFim ? fimTokens : plainTokens), ...tagTokens[hostTags] } },
    rows: (store) => store.assets.map((asset) => ({ ...toHostRecord(asset, store.tags, form), asset })),
  }
}
