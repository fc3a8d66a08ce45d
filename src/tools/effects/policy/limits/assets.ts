import { texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import type { Hosts } from '../../targets/hosts.ts'
import { limitError } from './limit-error.ts'
import { inWords, isAllowed, isBlocked, isIdEntry } from './names.ts'
import { namedBy } from './tags.ts'

/** Throws if a limit on single hosts forbids these. */
export function checkAssets({ members, count }: Hosts, { configuration, session }: ToolContext): void {
  const { allowedAssets, blockedAssets } = configuration.settings
  if (allowedAssets === undefined && blockedAssets === undefined) return
  const setting = texts(
    allowedAssets && 'QUALYS_ALLOWED_ASSETS',
    blockedAssets && 'QUALYS_BLOCKED_ASSETS',
  ).join(' and ')
  const unreadable = (what: string) => limitError(`${what} cannot be read, and ${setting} needs it`, setting)
  if (count !== members.length) throw unreadable('the list of hosts')
  for (const member of members) {
    const host = namedBy(member)
    const about = inWords('host', host, session.redact)
    const isHostBlocked = blockedAssets ? isBlocked(blockedAssets, host) : false
    if (isHostBlocked)
      throw limitError(`host ${host.id} is one of QUALYS_BLOCKED_ASSETS`, 'QUALYS_BLOCKED_ASSETS', about)
    const isHostAllowed = allowedAssets === undefined || isAllowed(allowedAssets, host)
    const mayBeListed = host.name === '' && allowedAssets?.some((entry) => !isIdEntry(entry))
    if (isHostBlocked === undefined || (!isHostAllowed && mayBeListed))
      throw unreadable(`the name of host ${host.id}`)
    if (!isHostAllowed)
      throw limitError(`host ${host.id} is not one of QUALYS_ALLOWED_ASSETS`, 'QUALYS_ALLOWED_ASSETS', about)
  }
}
