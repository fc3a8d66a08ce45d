import { setTimeout } from 'node:timers/promises'
import { readSettings } from '../../config/settings.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError } from '../../shared/errors.ts'
import { openLog } from '../../shared/log.ts'
import { redactor } from '../../shared/secrets.ts'
import type { Passkeys } from '../../tools/effects/approval/page/passkeys/passkeys.ts'
import { afterYes } from '../../tools/effects/approval/pending/after-yes.ts'
import { findCall } from '../../tools/effects/approval/pending/pending-calls.ts'
import type { FoundCall } from '../../tools/effects/approval/pending/stored-call.ts'
import { localCaller } from '../../tools/tool.ts'
import type { CommandContext } from '../context.ts'
import { localPageFor } from '../setup/local-page.ts'

/** A signature that is made on the page of a command is for another page than that of the server. */
const withoutKeys = (own: Passkeys): Passkeys => ({ ...own, list: () => [] })

/** How often the state folder is looked at, in ms. */
const intervalMs = 300

/** What became of the call. */
async function decisionOn(
  stateDir: string,
  code: string,
  isEnding: () => boolean,
): Promise<FoundCall | undefined> {
  for (;;) {
    const call = findCall(stateDir, code)
    if (call?.state !== 'pending' || isEnding()) return call
    await setTimeout(intervalMs)
  }
}

/** What is left without a browser, as the end of a sentence. */
function wayOn({ ways, link, code }: FoundCall, needsOwnPage: boolean): string {
  if (!needsOwnPage) return `: open ${link} in one.`
  if (ways.includes('terminal')) return `: run \`${ownCommand('approve', code)}\` in this terminal instead.`
  return `, and for this call only a yes on the approval page counts: run this command at the screen of this machine, or use a passkey, for which the link is enough${link === undefined ? '' : ` (${link})`}.`
}

/**
 * `qualys-mcp approve CODE --page`: opens the page of a waiting call in the browser of this machine, and waits for the
 * decision. Exit code 1 unless the call is approved.
 */
export async function approveOnPage(
  context: CommandContext,
  stateDir: string,
  call: FoundCall,
): Promise<number> {
  const { print, isTerminal, shutdown } = context
  if (!isTerminal())
    throw new SettingsError(
      `Approving needs a person at a terminal: run \`${ownCommand('approve', call.code, '--page')}\` in one, without pipes.`,
    )
  // A passkey signs for the page of the process that asks, and for no other; and a service counts who is logged in to its own.
  const isOfService = call.record.caller !== localCaller.id
  const needsOwnPage = !isOfService && (call.ways.includes('page') || call.ways.includes('terminal'))
  if (!needsOwnPage && call.link === undefined)
    throw new SettingsError(
      isOfService
        ? 'This call is of a service that has no approval page: its operator sets QUALYS_PUBLIC_URL.'
        : 'This call is approved with a passkey, but the process that asks has no page.',
    )
  const { settings } = readSettings(context.invocation.settings, context.environment)
  const log = openLog('error', redactor([]).redact, context.writeLog)
  const page = localPageFor(context, { settings, log, stateDir, passkeysFrom: withoutKeys })
  const isOpened = needsOwnPage
    ? await page.openInBrowser(call.code)
    : await page.openAddress(call.link ?? '')
  if (!isOpened)
    throw new SettingsError(`No browser could be opened on this machine${wayOn(call, needsOwnPage)}`)
  print('The page is open in your browser. This command ends when you have decided there.')
  let isEnding = false
  void shutdown.requested.then(() => {
    isEnding = true
  })
  const decided = await decisionOn(stateDir, call.code, () => isEnding)
  const isApproved = decided?.state === 'approved' || decided?.state === 'used'
  print(isApproved ? afterYes(call.record) : 'Not approved: nothing runs.')
  return isApproved ? 0 : 1
}
