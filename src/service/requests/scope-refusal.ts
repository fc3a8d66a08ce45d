import type { Settings } from '../../config/settings.ts'
import type { ToolManifest } from '../../tools/tool.ts'
import type { ServiceCaller } from '../callers/caller.ts'
import { metadataPath } from '../callers/metadata.ts'
import { scopesFor } from '../callers/token-claims.ts'
import type { Refusal } from '../network/replies.ts'

/**
 * The refusal of an effect that a scope of the issuer would allow, so that a client can ask for it (RFC 6750, 3.1).
 * Undefined for all else: without such a scope the tool is unknown to the caller.
 */
export function scopeRefusal(
  { roles, knownBy }: ServiceCaller,
  tool: string | undefined,
  manifests: readonly ToolManifest[],
  { oidcRoles = [], publicUrl }: Settings,
): Refusal | undefined {
  if (tool === undefined || knownBy !== 'issuer' || roles.has('operator')) return undefined
  const isEffect = manifests.some(({ name, effect }) => name === tool && effect !== 'read')
  // One of them is enough, and a challenge asks for all that it names (RFC 6750, 3).
  const [scope] = scopesFor(oidcRoles, ['operator'])
  if (!isEffect || scope === undefined) return undefined
  const sentence = `The token lacks the scope for ${tool}, which has an effect: get one with the scope ${scope}.`
  const metadata = publicUrl === undefined ? '' : `resource_metadata="${publicUrl}${metadataPath}", `
  const challenge = `Bearer ${metadata}error="insufficient_scope", error_description="The tool has an effect.", scope="${scope}"`
  return { status: 403, sentence, headers: { 'www-authenticate': challenge } }
}
