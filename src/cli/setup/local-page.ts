import { platform } from 'node:os'
import { homeFolder } from '../../config/paths.ts'
import type { Settings } from '../../config/settings.ts'
import { passkeysPath, stateDirOf } from '../../config/state-dir.ts'
import type { Log } from '../../shared/log.ts'
import type { ApprovalPage } from '../../tools/approvals.ts'
import type { LocalPage } from '../../tools/effects/approval/page/local/local-page.ts'
import type { Passkeys } from '../../tools/effects/approval/page/passkeys/passkeys.ts'
import type { AuditTrail } from '../../tools/tool.ts'
import type { CommandContext } from '../context.ts'

/** What a page on this machine is made of. */
interface PageSetup {
  readonly settings: Settings
  readonly log: Log
  readonly stateDir?: string
  /** Asked with the first use of the page. */
  readonly audit?: () => AuditTrail | undefined
  /** The passkeys as the page sees them, if a command shows other ones. */
  readonly passkeysFrom?: (own: Passkeys) => Passkeys
}

/** The page of this machine, with all that commands do with it. */
export interface OwnPage extends ApprovalPage {
  readonly keyLinkFor: (code: string) => Promise<string>
  readonly openInBrowser: (code: string) => Promise<boolean>
  /** True if a browser of this machine can be started, and may be. */
  readonly hasBrowser: () => Promise<boolean>
  /** Opens an address in the browser of this machine; true if a browser was started. */
  readonly openAddress: (address: string) => Promise<boolean>
  /** The page itself, opened if need be. */
  readonly open: () => Promise<LocalPage>
}

/** The page on loopback. Nothing of it is loaded before it is needed; it is closed with the program. */
export function localPageFor(
  { environment, cleanup }: Pick<CommandContext, 'environment' | 'cleanup'>,
  { settings, log, audit, passkeysFrom = (own) => own, stateDir = stateDirOf(settings) }: PageSetup,
): OwnPage {
  let page: LocalPage | undefined
  const desktop = { platform: platform(), environment, home: homeFolder() }
  const open = async (): Promise<LocalPage> => {
    const [{ openLocalPage }, { openPasskeys }] = await Promise.all([
      import('../../tools/effects/approval/page/local/local-page.ts'),
      import('../../tools/effects/approval/page/passkeys/passkeys.ts'),
    ])
    if (page) return page
    const { auditFile } = settings
    const passkeys = openPasskeys({ path: passkeysPath(settings), stateDir, audit: audit?.() })
    page = openLocalPage({
      settings,
      stateDir,
      log,
      passkeys: passkeysFrom(passkeys),
      decisions:
        auditFile === undefined
          ? undefined
          : async () =>
              (await import('../../tools/effects/audit/show/decisions.ts')).lastDecisions(auditFile),
      desktop,
    })
    cleanup.add(page.close)
    return page
  }
  return {
    open,
    hasBrowser: async () => {
      const { hasScreen } = await import('../../tools/effects/approval/page/local/browser.ts')
      return settings.openBrowser !== 'never' && hasScreen(desktop)
    },
    openAddress: async (address) => {
      if (settings.openBrowser === 'never') return false
      const { openInBrowser } = await import('../../tools/effects/approval/page/local/browser.ts')
      return openInBrowser(desktop, address)
    },
    start: async () => (await open()).start(),
    keyLinkFor: async (code) => (await open()).keyLinkFor(code),
    openInBrowser: async (code) => (await open()).openInBrowser(code),
    origins: () => {
      const { pagePort } = settings
      // With a fixed port, what was signed before a restart counts after it.
      const fixed = pagePort > 0 ? [`http://localhost:${pagePort}`] : []
      return [...fixed, ...(page?.origins() ?? [])]
    },
  }
}
