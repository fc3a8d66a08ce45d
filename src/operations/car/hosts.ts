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
const isNumber = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && /^\d+$/.test(String(value))

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
  ['WINDOWS', /windows/i],
  ['MAC', /\b(?:mac ?os|os x)\b/i],
  ['LINUX', /linux|ubuntu|debian|centos|red hat|suse|fedora/i],
  ['UNIX', /\b(?:aix|solaris|hp-ux)\b/i],
]

/** The platform of a host, in the words of scripts. Sister modules show the name of its system alone. */
export function platformOf({ platform, operatingSystem }: Host): string | undefined {
  if (typeof platform === 'string') return platform
  return systems.find(([, name]) => typeof operatingSystem === 'string' && name.test(operatingSystem))?.[0]
}
