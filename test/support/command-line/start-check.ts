import { checkTool, readArguments } from '../../../src/cli/call-arguments.ts'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'

/** A command line and an environment. */
export interface StartInput {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Why the program refuses to start (src/main.ts) before it sends anything; undefined if it starts. */
export function startError({ args = [], env = {} }: StartInput): string | undefined {
  try {
    const { command, operands, settings } = readCommandLine(args)
    const catalogue = catalogueOf(readSettings(settings, env).settings)
    const [tool, text] = operands
    if (command === 'call' && tool !== undefined) {
      checkTool(tool, catalogue)
      readArguments(text)
    }
    return undefined
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
}
