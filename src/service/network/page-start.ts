import type { Settings } from '../../config/settings.ts'

// What the approval page needs (design 13), as far as settings say it. A service that only reads starts without a page; one
// whose settings lean on the page does not start where nobody could use it.

/** The settings of approvals. */
export type ApprovalSettings = Pick<
  Settings,
  | 'mode'
  | 'approveBy'
  | 'passkeyFor'
  | 'fourEyes'
  | 'publicUrl'
  | 'callersFile'
  | 'oidcIssuer'
  | 'oidcClientId'
  | 'oidcClientSecret'
>

const addressAdvice = 'set QUALYS_PUBLIC_URL to the https:// address at which people reach the service'

/** The setting that leans on the page, since nothing else counts by it; undefined if none does. */
function pageSetting({ mode, approveBy, passkeyFor, fourEyes }: ApprovalSettings): string | undefined {
  if (mode === 'read-only') return undefined
  if (fourEyes) return 'QUALYS_FOUR_EYES'
  if (passkeyFor) return 'QUALYS_PASSKEY_FOR'
  const isPageAlone = approveBy?.every((way) => way === 'page') === true
  return isPageAlone && mode === 'confirm' ? 'QUALYS_APPROVE_BY=page' : undefined
}

/** Why nobody could use the page, as a clause with what to do. */
function unusable(
  { publicUrl, callersFile, oidcIssuer, oidcClientId }: ApprovalSettings,
  isSandbox: boolean,
): string | undefined {
  if (publicUrl === undefined) return `the page has no address: ${addressAdvice}`
  // The sandbox without callers has a key of its own.
  const hasLogin = callersFile !== undefined || oidcClientId !== undefined
  if (hasLogin || (isSandbox && oidcIssuer === undefined)) return undefined
  return 'nobody could log in to the page: set QUALYS_OIDC_CLIENT_ID to a client of the issuer, or QUALYS_CALLERS_FILE'
}

/** Why the client of the issuer could log nobody in. */
function clientFault({
  publicUrl,
  oidcIssuer,
  oidcClientId,
  oidcClientSecret,
}: ApprovalSettings): string | undefined {
  if (oidcClientId === undefined)
    return (
      oidcClientSecret &&
      'QUALYS_OIDC_CLIENT_SECRET is set, but not the client that it belongs to: set QUALYS_OIDC_CLIENT_ID, or unset it.'
    )
  if (oidcIssuer === undefined)
    return 'QUALYS_OIDC_CLIENT_ID is set, but no issuer to log in at: set QUALYS_OIDC_ISSUER, or unset it.'
  return publicUrl === undefined
    ? `QUALYS_OIDC_CLIENT_ID is set, but the page to log in to has no address: ${addressAdvice}.`
    : undefined
}

/** Why approvals could not be as the settings say: one sentence. */
export function approvalFault(settings: ApprovalSettings, isSandbox: boolean): string | undefined {
  if (settings.fourEyes && settings.mode === 'unattended')
    return 'QUALYS_FOUR_EYES asks for a second person, but in QUALYS_MODE=unattended nobody is asked: unset it, or write QUALYS_MODE=confirm.'
  const setting = pageSetting(settings)
  const reason = setting && unusable(settings, isSandbox)
  return clientFault(settings) ?? (reason && `${setting} needs the approval page, but ${reason}.`)
}

/** Why no effect can be approved although none is forbidden: one sentence for the log; undefined if one can. */
export function unapprovable(settings: ApprovalSettings, isSandbox: boolean): string | undefined {
  if (settings.mode !== 'confirm' || settings.approveBy?.some((way) => way !== 'page')) return undefined
  const reason = unusable(settings, isSandbox)
  return reason && `no effect can be approved, since ${reason}; QUALYS_APPROVE_BY names other ways`
}
