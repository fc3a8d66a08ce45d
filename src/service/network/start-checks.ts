import type { Settings } from '../../config/settings.ts'
import { SettingsError } from '../../shared/errors.ts'
import { isLoopback } from './loopback.ts'
import { type ApprovalSettings, approvalFault } from './page-start.ts'

/** A start of the service. */
export interface Start {
  readonly settings: Pick<
    Settings,
    | 'publicUrl'
    | 'tlsCertFile'
    | 'tlsKeyFile'
    | 'behindProxy'
    | 'callersFile'
    | 'oidcIssuer'
    | 'oidcAudience'
    | 'oidcRoles'
  > &
    ApprovalSettings
  readonly isSandbox: boolean
  /** What it listens on. */
  readonly host: string
}

const callersAdvice =
  'set QUALYS_CALLERS_FILE to a file (`qualys-mcp callers add NAME` writes a caller into it), or QUALYS_OIDC_ISSUER'
const tlsAdvice =
  'set QUALYS_TLS_CERT_FILE and QUALYS_TLS_KEY_FILE, or QUALYS_BEHIND_PROXY to the addresses of the proxy that speaks TLS for it'

function tlsFault({ settings: { tlsCertFile, tlsKeyFile } }: Start): string | undefined {
  if ((tlsCertFile === undefined) === (tlsKeyFile === undefined)) return undefined
  const [one, other] =
    tlsKeyFile === undefined
      ? ['QUALYS_TLS_CERT_FILE', 'QUALYS_TLS_KEY_FILE']
      : ['QUALYS_TLS_KEY_FILE', 'QUALYS_TLS_CERT_FILE']
  return `${one} is set and ${other} is not, but TLS needs both: set ${other} as well.`
}

function issuerFault({ settings }: Start): string | undefined {
  const { oidcIssuer, oidcAudience, oidcRoles } = settings
  if (oidcIssuer === undefined) {
    const set = (oidcAudience && 'QUALYS_OIDC_AUDIENCE') ?? (oidcRoles && 'QUALYS_OIDC_ROLES')
    return (
      set && `${set} is set, but no issuer whose tokens it is about: set QUALYS_OIDC_ISSUER, or unset it.`
    )
  }
  if (!oidcAudience)
    return 'QUALYS_OIDC_ISSUER is set without QUALYS_OIDC_AUDIENCE, so tokens that it issued for other services would be taken: set QUALYS_OIDC_AUDIENCE to the audience of this one.'
  return oidcRoles
    ? undefined
    : 'QUALYS_OIDC_ISSUER is set without QUALYS_OIDC_ROLES, so nobody could do anything: set QUALYS_OIDC_ROLES to what its tokens give.'
}

/** Why nobody would be known. Only the sandbox needs no callers, and only where this machine alone reaches it. */
function callersFault({ settings, isSandbox, host }: Start): string | undefined {
  if (settings.callersFile !== undefined || settings.oidcIssuer !== undefined) return undefined
  if (settings.behindProxy)
    return `QUALYS_BEHIND_PROXY is set without callers, so all who reach the proxy could call the service: ${callersAdvice}.`
  if (!isSandbox) return `Nobody may call the service, since it has no callers: ${callersAdvice}.`
  return isLoopback(host)
    ? undefined
    : `The sandbox needs no callers on this machine alone, but QUALYS_HTTP_HOST is ${host}: set QUALYS_HTTP_HOST=localhost, or ${callersAdvice}.`
}

function transportFault({
  settings: { tlsCertFile, behindProxy, publicUrl },
  host,
}: Start): string | undefined {
  if (isLoopback(host)) return undefined
  if (tlsCertFile === undefined && !behindProxy)
    return `QUALYS_HTTP_HOST is ${host}, where tokens would travel without TLS: ${tlsAdvice}, or set QUALYS_HTTP_HOST=localhost.`
  return publicUrl?.startsWith('http:')
    ? `QUALYS_PUBLIC_URL is ${publicUrl}, which only this machine reaches, but QUALYS_HTTP_HOST is ${host}: set QUALYS_PUBLIC_URL to the https:// address that others use, or set QUALYS_HTTP_HOST=localhost.`
    : undefined
}

/** Throws a SettingsError if the service would be open to somebody who must not use it, or to nobody. */
export function refuseUnsafeStart(start: Start): void {
  const fault =
    tlsFault(start) ??
    issuerFault(start) ??
    callersFault(start) ??
    transportFault(start) ??
    approvalFault(start.settings, start.isSandbox)
  if (fault !== undefined) throw new SettingsError(fault)
}
