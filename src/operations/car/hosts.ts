type Host = Readonly<Record<string, unknown>>

/**
 * Candidate fields for the UUID of a host, the likeliest first. No page shows a host record. The entries of a
 * schedule's `assets` are described as the agent UUID (schedule_script_execution.htm), and two sister modules and
 * the columns of reports (public code) have it as `agentUuid`.
 */
export const hostUuidFields: readonly string[] = [
  ...['agentUuid', 'agentUUID', 'agentId'],
  ...['uuid', 'assetUuid', 'UUId', 'assetUUID'],
]

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

/** True for the UUID of a host, a tag or an agent. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)

/** A host's number, as `assetIds` wants it. */
const isNumber = (value: unknown): value is number | bigint | string =>
  ['number', 'bigint', 'string'].includes(typeof value) && /^\d+$/.test(String(value))

/** The numbers and UUIDs under which a host, or a result of one, is known. */
export interface HostKeys {
  readonly numbers: readonly string[]
  /** In lower case. */
  readonly uuids: readonly string[]
}

/** The keys of a host in its record, or in what a result shows of it. */
export function keysOf(host: Host): HostKeys {
  const { id, assetId } = host
  const uuids = [id, ...hostUuidFields.map((name) => host[name])].filter(isUuid)
  return {
    numbers: [id, assetId].filter(isNumber).slice(0, 1).map(String),
    uuids: [...new Set(uuids.map((value) => value.toLowerCase()))],
  }
}

/**
 * The one place that decides what the id of a host is. In the records of sister modules (File Integrity
 * Monitoring, public code) `id` is the UUID of the agent, and `assetId` the number that all inputs want.
 */
export function identifyHost(host: Host): Host {
  const { id, assetId } = host
  if (!isUuid(id)) return host
  const hasUuid = hostUuidFields.some((name) => typeof host[name] === 'string' && host[name] !== '')
  return { ...host, ...(!hasUuid && { agentUuid: id }), ...(isNumber(assetId) && { id: assetId }) }
}

const systems: readonly (readonly [platform: string, name: RegExp])[] = [
  ['WINDOWS', /\bwin(?:dows|32|64)?\b/i],
  ['MAC', /\b(?:mac(?: ?os(?: ?x)?)?|os ?x|darwin)\b/i],
  ['LINUX', /linux|ubuntu|debian|centos|red ?hat|rhel|suse|fedora|photon os/i],
  ['UNIX', /\b(?:unix|aix|solaris|sunos|hp-?ux|(?:free|open|net)bsd)\b/i],
]

const platformIn = (text: unknown): string | undefined =>
  systems.find(([, name]) => typeof text === 'string' && name.test(text))?.[0]

/**
 * The platform of a host, in the words of scripts if its record shows one of them. Sister modules show the name of its
 * system alone.
 */
export function platformOf({ platform, operatingSystem }: Host): string | undefined {
  const isShown = typeof platform === 'string' && platform.trim() !== ''
  return platformIn(platform) ?? platformIn(operatingSystem) ?? (isShown ? platform : undefined)
}
