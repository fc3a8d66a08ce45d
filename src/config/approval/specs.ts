import { choice, effects, wholeNumber } from '../parsers.ts'
import { path } from '../paths.ts'
import { setting } from '../setting.ts'
import { approvalWays } from './parsers.ts'

/** The settings of approvals (design 13), in the order of the documentation. */
export const approvalSpecs = {
  approveBy: setting(
    'QUALYS_APPROVE_BY',
    approvalWays,
    'Ways in which a person may say yes: any of `client` (its form), `page`, `terminal`; all of them unless set, for `http` the page alone',
    { rejectEmpty: true },
  ),
  passkeyFor: setting(
    'QUALYS_PASSKEY_FOR',
    effects,
    'Effects to which only a passkey says yes, in any mode: any of create, update, delete, execute',
    { rejectEmpty: true },
  ),
  passkeysFile: setting(
    'QUALYS_PASSKEYS_FILE',
    path,
    'JSON file of the passkeys that count, which only the operator may write, instead of `passkeys.json` in `QUALYS_STATE_DIR`',
    { rejectEmpty: true },
  ),
  pagePort: setting(
    'QUALYS_PAGE_PORT',
    wholeNumber(0, 65_535),
    'Port of the approval page on this machine; `0` takes a free one',
    { default: '0' },
  ),
  openBrowser: setting(
    'QUALYS_OPEN_BROWSER',
    choice(['auto', 'never']),
    'Whether the approval page is opened in the browser of this machine; `never` where it has no screen',
    { default: 'auto' },
  ),
} as const
