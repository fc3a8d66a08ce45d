import { parseArgs } from 'node:util'
import { closestMatch } from 'leven'
import { flagOf, type SettingName, SettingsError, settingFlags, specs } from './settings.ts'

/** A command of the program, as `--help` shows it. */
interface CommandSpec {
  readonly usage: string
  readonly help: string
  /** Flags of its own, and whether they take a value. */
  readonly flags: Readonly<Record<string, boolean>>
  /** Most arguments after the command's name. */
  readonly operands: number
}

/** Every command; the one without a name serves MCP. */
export const commands = {
  stdio: { usage: '', help: 'serve MCP over stdin and stdout', flags: {}, operands: 0 },
  sandbox: {
    usage: '[--port 8480] [--jobs 15000] [--seed 1] [--evidence documented]',
    help: 'run the pretend Qualys alone; prints one JSON line with its addresses and credentials',
    flags: { '--port': true, '--jobs': true, '--seed': true, '--evidence': true },
    operands: 0,
  },
  call: {
    usage: 'TOOL [JSON|-] [--json]',
    help: 'call one tool and print what an assistant would get',
    flags: { '--json': false },
    operands: 2,
  },
  tools: {
    usage: '[--json]',
    help: 'what an assistant sees, and what it costs in tokens',
    flags: { '--json': false },
    operands: 0,
  },
  doctor: {
    usage: '',
    help: 'check settings, login and a first call; says what fails and what to do',
    flags: {},
    operands: 0,
  },
} as const satisfies Readonly<Record<string, CommandSpec>>

export type CommandName = keyof typeof commands

/** A command line, understood. */
export interface Invocation {
  readonly command: CommandName | 'help' | 'version'
  readonly operands: readonly string[]
  /** The command's own flags, without their dashes. */
  readonly flags: Readonly<Record<string, string | true>>
  /** Settings given as flags. */
  readonly settings: Readonly<Partial<Record<SettingName, string>>>
}

const isCommand = (name: string): name is CommandName => name in commands && name !== 'stdio'

/** Secrets have no flags: a command line is visible to every user of the machine. */
function refuseSecretFlag(flag: string): void {
  const env = `QUALYS_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`
  if (Object.values(specs).some((spec) => spec.env === env && flagOf(spec) === undefined)) {
    throw new SettingsError(
      `${flag} is no flag, since a command line is visible to others: set ${env} or ${env}_FILE instead.`,
    )
  }
}

function refuseUnknownFlag(flag: string, known: readonly string[]): void {
  if (known.includes(flag)) return
  refuseSecretFlag(flag)
  const near = closestMatch(flag, known, { maxDistance: 3 })
  throw new SettingsError(
    `There is no flag ${flag.slice(0, 60)}: ${near ? `did you mean ${near}?` : 'see qualys-mcp --help.'}`,
  )
}

function commandIn(words: readonly string[]): CommandName {
  const [word] = words
  if (word === undefined) return 'stdio'
  if (isCommand(word)) return word
  const near = closestMatch(word, Object.keys(commands), { maxDistance: 2 })
  throw new SettingsError(
    `There is no command "${word.slice(0, 60)}": ${near ? `did you mean ${near}?` : 'see qualys-mcp --help.'}`,
  )
}

/** Reads a command line; what it does not know stops here, with the nearest right name. */
export function readCommandLine(argv: readonly string[]): Invocation {
  const own = Object.assign({}, ...Object.values(commands).map(({ flags }) => flags)) as Record<
    string,
    boolean
  >
  const fromSettings = [...settingFlags].map(([flag, { takesValue }]) => [flag, takesValue] as const)
  const takesValue = new Map<string, boolean>([...Object.entries(own), ...fromSettings])
  const options = Object.fromEntries(
    [...takesValue].map(([flag, value]) => [
      flag.slice(2),
      { type: value ? ('string' as const) : ('boolean' as const) },
    ]),
  )
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []))
  if (given.some(({ name }) => name === 'help'))
    return { command: 'help', operands: [], flags: {}, settings: {} }
  if (given.some(({ name }) => name === 'version'))
    return { command: 'version', operands: [], flags: {}, settings: {} }

  const flagged = ({ name, rawName }: { readonly name: string; readonly rawName: string }): string =>
    rawName.startsWith('--') ? `--${name}` : rawName
  // Flags first: what follows an unknown one looks like a command.
  for (const token of given) refuseUnknownFlag(flagged(token), [...takesValue.keys()])
  const command = commandIn(words)
  const spec: CommandSpec = commands[command]
  const operands = words.slice(1)
  if (operands.length > spec.operands) {
    throw new SettingsError(`Too many arguments: qualys-mcp ${command} ${spec.usage}`)
  }
  const known = [...Object.keys(spec.flags), ...settingFlags.keys()]
  const flags: Record<string, string | true> = {}
  const settings: Partial<Record<SettingName, string>> = {}
  for (const { name, rawName, value } of given) {
    const flag = flagged({ name, rawName })
    if (!known.includes(flag))
      throw new SettingsError(`${flag} is no flag of this command: qualys-mcp ${command} ${spec.usage}`)
    const wantsValue = takesValue.get(flag) === true
    if (wantsValue && (value === undefined || value === ''))
      throw new SettingsError(`${flag} needs a value: ${flag} VALUE.`)
    const setting = settingFlags.get(flag)
    if (setting) settings[setting.name] = wantsValue ? String(value) : (value ?? '1')
    else if (!wantsValue && value !== undefined) throw new SettingsError(`${flag} takes no value.`)
    else flags[name] = wantsValue ? String(value) : true
  }
  return { command, operands, flags, settings }
}

/** The text of `--help`. */
export function helpText(): string {
  const lines = Object.entries(commands as Readonly<Record<string, CommandSpec>>).map(
    ([name, { usage, help }]) => {
      const call = ['qualys-mcp', name === 'stdio' ? '' : name, usage].filter((part) => part !== '').join(' ')
      return `  ${call}\n      ${help}`
    },
  )
  const settings = Object.values(specs).map((spec) => {
    const flag = flagOf(spec)
    return `  ${[spec.env, flag].filter((part) => part !== undefined).join(', ')}\n      ${spec.help.replaceAll('`', '')}${'fallback' in spec && spec.fallback ? ` (default ${spec.fallback})` : ''}`
  })
  return [
    'qualys-mcp: Qualys CAR for AI assistants, as an MCP server',
    '',
    'Commands:',
    ...lines,
    '',
    'Settings (environment, flag); secrets have no flag, but may come from the file that <NAME>_FILE names:',
    ...settings,
  ].join('\n')
}
