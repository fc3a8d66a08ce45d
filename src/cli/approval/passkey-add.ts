import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../../config/settings.ts'
import { passkeysPath } from '../../config/state-dir.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { InputError, SettingsError } from '../../shared/errors.ts'
import { openLog } from '../../shared/log.ts'
import { quotation } from '../../shared/safe-text.ts'
import { redactor } from '../../shared/secrets.ts'
import type { Passkey } from '../../tools/effects/approval/page/passkeys/passkey-schema.ts'
import type { Passkeys } from '../../tools/effects/approval/page/passkeys/passkeys.ts'
import type { CommandContext } from '../context.ts'
import { localPageFor } from '../setup/local-page.ts'
import { waitAtMost } from '../shutdown.ts'

/** How long the command waits for a person, in ms. */
const patienceMs = 10 * 60_000
/** The page ends by itself when nobody looks at it for a minute. */
const keepAliveMs = 20_000
/** The browser loads the page again when the key is added. */
const usualGraceMs = 2_000

/** What came of a registration: a key that counts, or the line of one that an operator adds. */
interface Made {
  readonly passkey: Passkey
  readonly isAdded: boolean
}

/** The page on which one person makes a passkey. */
interface RegistrationPage {
  /** The link that gives the right to add it; undefined if the browser of this machine shows the page. */
  readonly link: string | undefined
  readonly close: () => Promise<void>
}

/** The page of passkeys at the same place, with the same right. */
function passkeysLink(keyLink: string): string {
  const link = new URL(keyLink)
  link.pathname = '/passkeys'
  return link.href
}

/** Opens the page of passkeys on loopback. */
async function openRegistrationPage(
  person: string,
  passkeys: Passkeys,
  settings: Settings,
  context: CommandContext,
): Promise<RegistrationPage> {
  const log = openLog('error', redactor([]).redact, context.writeLog)
  const page = await localPageFor(context, { settings, log, passkeysFrom: () => passkeys }).open()
  try {
    const isOpened = await page.openPasskeys(person)
    const timer = setInterval(() => void page.start().catch(() => undefined), keepAliveMs).unref()
    return {
      link: isOpened ? undefined : passkeysLink(await page.keyLinkFor('')),
      close: async () => {
        clearInterval(timer)
        await page.close()
      },
    }
  } catch (error) {
    await page.close()
    throw error
  }
}

/** Who runs the command. */
function operator(): string {
  try {
    return userInfo().username
  } catch {
    // A container may have no entry for its user.
    return 'terminal'
  }
}

/** The passkeys as the page sees them: for one person, and with a word to the command when one is made. */
function observed(person: string, passkeys: Passkeys, onMade: (made: Made) => void): Passkeys {
  return {
    ...passkeys,
    registration: async (given, rpId, origin) => {
      if (given === person) return passkeys.registration(person, rpId, origin)
      throw new InputError(
        `This page adds a passkey for ${quotation(person)} alone: run the command for another person.`,
        'Nothing was added.',
      )
    },
    register: (registration) => passkeys.register({ ...registration, addedBy: operator() }),
    add: async (passkey, proof) => {
      await passkeys.add(passkey, proof)
      onMade({ passkey, isAdded: true })
    },
    lineFor: (passkey) => {
      onMade({ passkey, isAdded: false })
      return passkeys.lineFor(passkey)
    },
  }
}

function refuseOther({ publicUrl }: Settings, { isTerminal }: CommandContext): void {
  if (publicUrl !== undefined && new URL(publicUrl).hostname !== 'localhost')
    throw new SettingsError(
      `Passkeys of the service belong to its own page, and one of this machine is none there: log in at ${publicUrl}/passkeys to add one.`,
    )
  // The link gives the right to add a key, and to approve: what runs the command through a pipe may be an assistant.
  if (!isTerminal())
    throw new SettingsError(
      `Adding a passkey needs a person at a terminal: run \`${ownCommand('passkey add NAME')}\` in one, without pipes.`,
    )
}

/** What the place of the file means. */
function noteOn(passkeys: Passkeys, path: string): string | undefined {
  if (passkeys.mayWrite())
    return `${path}: this file is yours to change, and so is it for any program you run. Let another user own it, and name it with QUALYS_PASSKEYS_FILE, to be safe from those.`
  if (passkeys.mayReplace())
    return `${path}: this file belongs to another user, but its folder is yours, so you and any program you run can replace it.`
  return undefined
}

function report({ passkey, isAdded }: Made, passkeys: Passkeys, path: string, context: CommandContext): void {
  const { print, warn } = context
  const what = `${quotation(passkey.label)} of ${quotation(passkey.person)}, for pages of ${passkey.rpId}`
  if (isAdded) print(`Added: ${what}. It counts at once, in running servers too.`)
  else {
    print(`Made, and counts when this line is in the list "passkeys" of ${path}: ${what}.`)
    print(passkeys.lineFor(passkey))
  }
  const note = noteOn(passkeys, path)
  if (note !== undefined) warn(note)
}

/** What a test does without: a browser, and time. */
interface AddOptions {
  readonly openPage?: typeof openRegistrationPage
  readonly graceMs?: number
}

/**
 * `qualys-mcp passkey add NAME`: waits until the person has made a passkey in the browser. Exit code 1 if none came.
 */
export async function addPasskey(
  name: string,
  passkeys: Passkeys,
  settings: Settings,
  context: CommandContext,
  { openPage = openRegistrationPage, graceMs = usualGraceMs }: AddOptions = {},
): Promise<number> {
  refuseOther(settings, context)
  // Tells at once what is wrong with the file.
  passkeys.list()
  const { print, cleanup } = context
  let onMade: (made: Made) => void = () => {}
  const made = new Promise<Made>((resolve) => {
    onMade = resolve
  })
  const page = await openPage(name, observed(name, passkeys, onMade), settings, context)
  cleanup.add(page.close)
  print(
    page.link === undefined
      ? `The page is open in your browser: add a passkey for ${quotation(name)} there, within ten minutes.`
      : `Open this link on this machine within ten minutes, show it to nobody, and add a passkey for ${quotation(name)}: ${page.link}`,
  )
  const given = await waitAtMost(patienceMs, made)
  if (!given) {
    print('No passkey was made: nothing was changed.')
    return 1
  }
  report(given, passkeys, passkeysPath(settings), context)
  await sleep(graceMs)
  return 0
}
