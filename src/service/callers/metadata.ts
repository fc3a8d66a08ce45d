import { type RoleRule, roles } from '../../config/service/parsers.ts'
import { scopesFor } from './token-claims.ts'

/** The path of the metadata of the resource `/mcp` (RFC 9728, 3.1). */
export const metadataPath = '/.well-known/oauth-protected-resource/mcp'

/** The settings that the metadata shows. */
interface ResourceSettings {
  readonly publicUrl?: string | undefined
  readonly oidcIssuer?: string | undefined
  readonly oidcRoles?: readonly RoleRule[] | undefined
}

/** Where a client gets a token for this service (RFC 9728, 2). */
interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported: readonly string[]
  readonly resource_name: string
}

/** The metadata of the service; undefined without an issuer or a public address: clients then try no OAuth. */
export function resourceMetadata({
  publicUrl,
  oidcIssuer,
  oidcRoles = [],
}: ResourceSettings): ResourceMetadata | undefined {
  if (publicUrl === undefined || oidcIssuer === undefined) return undefined
  const scopes = scopesFor(oidcRoles, roles)
  return {
    resource: `${publicUrl}/mcp`,
    authorization_servers: [oidcIssuer],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    resource_name: 'qualys-mcp',
  }
}
