import leven from 'leven'
import { readSettings, type Settings } from '../../config/settings.ts'
import { passkeysPath, stateDirOf } from '../../config/state-dir.ts'
import { SecretsInUse } from '../../session/secrets-in-use.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { QualysError, SettingsError } from '../../shared/errors.ts'
import { tableLines } from '../../shared/format.ts'
import { comparableName, oneLine, quotation } from '../../shared/safe-text.ts'
import type { Passkey } from '../../tools/effects/approval/page/passkeys/passkey-schema.ts'
import { openPasskeys, type Passkeys } from '../../tools/effects/approval/page/passkeys/passkeys.ts'
import { safeguardsOf } from '../../tools/effects/safeguards.ts'
import type { Command, CommandContext } from '../context.ts'
import { addPasskey } from './passkey-add.ts'

/** Characters of an id that a list shows; a shorter beginning is enough to remove a key if it is the only such one. */
const shownIdLength = 12
const minIdLength = 4
const maxNearest = 3

const usageError = (): SettingsError =>
  new SettingsError(
    `Say what to do with the passkeys: ${ownCommand('passkey add NAME')}, ${ownCommand('passkey list')}, or ${ownCommand('passkey remove ID|NAME')}.`,
  )

/** The passkeys of the settings, whose changes go into the audit log of the settings. No account is needed. */
function passkeysOf(settings: Settings, { onExit, reportBy }: CommandContext): Passkeys {
  const { redact } = new SecretsInUse(settings)
  reportBy({ redact })
  const { audit } = safeguardsOf(settings, redact)
  onExit(() => audit?.close())
  return openPasskeys({ path: passkeysPath(settings), stateDir: stateDirOf(settings), audit })
}

const shownId = ({ credentialId }: Passkey): string => credentialId.slice(0, shownIdLength)

const rowOf = (passkey: Passkey): string[] => {
  const { person, label, rpId, addedAt, addedBy, counter } = passkey
  const added = `${addedAt.slice(0, 16).replace('T', ' ')} by ${oneLine(addedBy, 40)}`
  return [shownId(passkey), oneLine(person, 60), oneLine(label, 60), rpId, added, String(counter)]
}

function list(passkeys: Passkeys, path: string, { print }: CommandContext): void {
  const known = passkeys.list()
  if (known.length === 0) {
    print(`No passkey counts: add one with ${ownCommand('passkey add NAME')}, or its line to ${path}.`)
    return
  }
  const head = ['id', 'person', 'passkey', 'on pages of', 'added', 'counter']
  for (const line of tableLines([head, ...known.map(rowOf)])) print(line)
}

/** The keys that a word names: one by its id or the beginning of it, or all of a person. */
function named(passkeys: readonly Passkey[], word: string): readonly Passkey[] {
  const exact = passkeys.filter(({ credentialId }) => credentialId === word)
  if (exact.length > 0) return exact
  const begun = passkeys.filter(({ credentialId }) => credentialId.startsWith(word))
  if (word.length >= minIdLength && begun.length === 1) return begun
  return passkeys.filter(({ person }) => comparableName(person) === comparableName(word))
}

/** The error for a word that names no key: it lists the nearest ones. */
function unknownError(passkeys: readonly Passkey[], word: string): SettingsError {
  const distance = ({ person, credentialId }: Passkey): number =>
    Math.min(leven(word.toLowerCase(), person.toLowerCase()), leven(word, credentialId.slice(0, word.length)))
  const nearest = [...passkeys].sort((a, b) => distance(a) - distance(b)).slice(0, maxNearest)
  const shown = nearest.map((passkey) => `${shownId(passkey)} of ${quotation(passkey.person)}`)
  return new SettingsError(
    shown.length === 0
      ? 'There is no passkey at all, so none is removed.'
      : `There is no passkey ${quotation(oneLine(word, 64))}, so none is removed: the nearest are ${shown.join(', ')}.`,
  )
}

function remove(passkeys: Passkeys, word: string, { print }: CommandContext): void {
  const known = passkeys.list()
  const chosen = named(known, word)
  if (chosen.length === 0) throw unknownError(known, word)
  for (const { credentialId } of chosen) {
    const removed = passkeys.remove(credentialId)
    print(
      `Removed: ${quotation(removed.label)} of ${quotation(removed.person)} (${shownId(removed)}), which counts no longer, in running servers either.`,
    )
  }
}

/** Runs work on the passkeys. What is wrong with the file is printed like a wrong setting. */
async function withPasskeys<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof QualysError) throw new SettingsError(`${error.message} ${error.next}`)
    throw error
  }
}

/** `qualys-mcp passkey add NAME`, `passkey list` and `passkey remove ID|NAME`: the keys that approve calls. */
export const passkeyCommand: Command = async (context) => {
  const { invocation, environment } = context
  const [word, name] = invocation.operands
  const isNamed = name !== undefined && name.trim() !== ''
  const isKnown = word === 'list' ? name === undefined : isNamed && (word === 'add' || word === 'remove')
  if (!isKnown) throw usageError()
  const { settings } = readSettings(invocation.settings, environment)
  return withPasskeys(() => {
    const passkeys = passkeysOf(settings, context)
    if (word === 'add') return addPasskey(name?.trim() ?? '', passkeys, settings, context)
    if (word === 'list') list(passkeys, passkeysPath(settings), context)
    else remove(passkeys, name ?? '', context)
    return 0
  })
}
