import { closestMatch } from 'leven'
import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { parseArguments } from '../shared/json.ts'
import { decodeText, isCertainText } from '../shared/text-decoding.ts'
import type { Catalogue } from '../tools/server/catalogue.ts'

/**
 * Throws a SettingsError for a tool that is not listed; names the nearest tool, or the setting that withholds
 * it.
 */
export function checkTool(name: string, { manifests, withheldTools }: Catalogue): void {
  const names = manifests.map((manifest) => manifest.name)
  if (names.includes(name)) return
  const by = withheldTools.get(name)
  if (by !== undefined)
    throw new SettingsError(`The tool ${name} is withheld by ${by}: change that setting to use it.`)
  const near = closestMatch(name, names, { maxDistance: Math.max(3, Math.floor(name.length / 3)) })
  throw new SettingsError(
    `There is no tool "${name.slice(0, 60)}": ${near ? `did you mean ${near}?` : `\`${ownCommand('tools')}\` lists them.`}`,
  )
}

/** The text of stdin, as PowerShell and editors write it. A guess could change what is sent. */
function textOf(bytes: Buffer): string {
  if (isCertainText(bytes)) return decodeText(bytes)
  throw new SettingsError('The arguments are no text in UTF-8 or UTF-16: save them again as UTF-8.')
}

/** The arguments of a call: a JSON object, or nothing. */
export function readArguments(source: string | Buffer | undefined): Record<string, unknown> {
  const text = Buffer.isBuffer(source) ? textOf(source) : (source ?? '')
  const args = parseArguments(text)
  if (args) return args
  throw new SettingsError(
    `The arguments must be one JSON object, e.g. '{"pageSize":3}' (or - to read it from stdin).`,
  )
}
