import { customerUuid } from '../accounts.ts'
import { minute } from '../calendar.ts'
import type { Asset, NamedRef, Tag } from './rows.ts'

/** The forms of a host record: see the knobs of these names. */
export interface HostForm {
  hostRecord: 'plain' | 'fim'
  hostTags: 'named' | 'uuids' | 'uuidObjects' | 'names' | 'none'
}

/** The tags of a host in one of their forms. */
export type HostTag = string | { id: string } | NamedRef<string>

/** A host as a reply shows it. */
export type HostRecord = Omit<Asset, 'tags'> | FimHost

/**
 * The host record of File Integrity Monitoring, whose searches have the form of those of CAR (a recorded answer in
 * demisto/content, Packs/QualysFIM): `id` is the UUID of the agent, and `assetId` the number.
 */
interface FimHost {
  id: string
  assetId: number
  hostId: number
  agentUuid: string
  name: string
  netbiosName: string
  operatingSystem: string
  agentVersion: string
  interfaces: { address: string; hostname: string; interfaceName: string }[]
  lastCheckedIn: number
  created: number
  manifest: { status: string; updatedDate: number }
  agentService: { status: string }
  activated: boolean
  customerUuid: string
}

function toFimHost({
  id,
  uuid,
  name,
  operatingSystem,
  agentVersion,
  ipAddress,
  created,
  lastSeen,
}: Asset): FimHost {
  return {
    id: uuid,
    assetId: id,
    // A third id, of the host in Vulnerability Management.
    hostId: id + 1_000_000,
    agentUuid: uuid,
    name,
    netbiosName: name.toUpperCase(),
    operatingSystem,
    agentVersion,
    interfaces: [{ address: ipAddress, hostname: name, interfaceName: 'eth0' }],
    lastCheckedIn: lastSeen,
    created: created.dateTime,
    manifest: { status: 'CAR_MANIFEST_ASSIGNED', updatedDate: lastSeen - minute },
    agentService: { status: 'OK' },
    activated: true,
    customerUuid,
  }
}

/** Tags by UUID: as a list of strings in FIM, of `{id}` in Patch Management (its release 3.9). */
function toHostTags(tags: Asset['tags'], all: readonly Tag[], form: HostForm['hostTags']): HostTag[] {
  if (form === 'named' || form === 'none') return tags
  if (form === 'names') return tags.map(({ name }) => name)
  const uuids = tags.map(({ id }) => all.find((tag) => tag.id === id)?.tagUuid ?? '')
  return form === 'uuids' ? uuids : uuids.map((id) => ({ id }))
}

/** The record of a host in the forms that the knobs ask for. */
export function toHostRecord(
  asset: Asset,
  allTags: readonly Tag[],
  { hostRecord, hostTags }: HostForm,
): HostRecord & { tags: HostTag[] } {
  const record = hostRecord === 'fim' ? toFimHost(asset) : asset
  return { ...record, tags: toHostTags(asset.tags, allTags, hostTags) }
}
