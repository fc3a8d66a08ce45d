import { checkTool, readArguments } from '../../../src/cli/call.ts'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { readSettings } from '../../../src/config/settings.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'

/** A command line and an environment. */
export interface Start {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Why the program would refuse to start (src/main.ts), before anything is asked of anybody; undefined where it would not. */
export function refusalOf({ args = [], env = {} }: Start): string | undefined {
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
