import packageJson from '../../package.json' with { type: 'json' }
import { flagOf } from '../config/settings.ts'
import { specs } from '../config/specs.ts'
import { type CommandName, commands, usageOf } from './command-line.ts'
import type { Command } from './context.ts'

/** The text of `--help`. */
export function helpText(): string {
  const lines = (Object.keys(commands) as CommandName[]).map(
    (name) => `  ${usageOf(name)}\n      ${commands[name].help}`,
  )
  const settings = Object.values(specs).map((spec) => {
    const flag = flagOf(spec)
    return `  ${[spec.env, flag].filter((part) => part !== undefined).join(', ')}\n      ${spec.help.replaceAll('`', '')}${'default' in spec && spec.default ? ` (default ${spec.default})` : ''}`
  })
  return [
    'qualys-mcp: Qualys CAR and SAQ for AI assistants, as an MCP server',
    '',
    'Commands:',
    ...lines,
    '',
    'Settings (environment, flag); secrets have no flag, but may come from the file that <NAME>_FILE names:',
    ...settings,
  ].join('\n')
}

/** The text of `--version`. */
export const versionText = `qualys-mcp ${packageJson.version} (Qualys CAR and SAQ)`

export const helpCommand: Command = async ({ print }) => {
  print(helpText())
  return 0
}

export const versionCommand: Command = async ({ print }) => {
  print(versionText)
  return 0
}
