import type { Settings } from '../config/settings.ts'
import { type Authenticator, authenticator } from './callers/authenticate.ts'
import type { ServiceCaller } from './callers/caller.ts'
import { CallersFile } from './callers/callers-file.ts'
import { Issuer } from './callers/issuer.ts'
import { issuerDocuments } from './outbound/issuer-documents.ts'

/** What knows the callers of the service, and why it may let nobody in at present. */
export interface Authorities {
  readonly authenticator: Authenticator
  readonly fault: () => string | undefined
  readonly callersFile?: CallersFile | undefined
  readonly issuer?: Issuer | undefined
  /** The one caller where nobody brings a token. */
  readonly onlyCaller?: ServiceCaller
}

/** The caller of the sandbox on this machine alone, where nobody brings a token. */
const sandboxCaller: ServiceCaller = {
  name: 'sandbox',
  person: 'sandbox',
  knownBy: 'sandbox',
  roles: new Set(['viewer', 'operator', 'approver', 'admin']),
}

const sandboxAuthorities: Authorities = {
  authenticator: { authenticate: async () => ({ caller: sandboxCaller }) },
  fault: () => undefined,
  onlyCaller: sandboxCaller,
}

/**
 * Opens what the settings name. Throws a SettingsError for a callers file that lets nobody in. `now`: milliseconds since
 * 1970.
 */
export function openAuthorities(settings: Settings, now: () => number = Date.now): Authorities {
  const {
    callersFile: path,
    oidcIssuer,
    oidcAudience = [],
    oidcRoles = [],
    oidcAlgorithms,
    publicUrl,
  } = settings
  if (path === undefined && oidcIssuer === undefined) return sandboxAuthorities
  const callersFile = path === undefined ? undefined : new CallersFile(path, { now })
  callersFile?.requireReadable()
  const issuer =
    oidcIssuer === undefined
      ? undefined
      : new Issuer(
          { oidcIssuer, oidcAudience, oidcRoles, oidcAlgorithms },
          { fetchJson: issuerDocuments(settings), now },
        )
  return {
    authenticator: authenticator({ callersFile, issuer, publicUrl, oidcRoles }),
    fault: () => callersFile?.fault() ?? issuer?.fault(),
    callersFile,
    issuer,
  }
}
