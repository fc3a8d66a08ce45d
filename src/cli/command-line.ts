import { parseArgs } from 'node:util'
import { closestMatch } from 'leven'
import { flagOf, type SettingName, settingFlags } from '../config/settings.ts'
import { specs } from '../config/specs.ts'
import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'

/** A command of the program, as `--help` shows it. */
interface CommandSpec {
  readonly usage: string
  readonly help: string
  /** Flags of this command; the value is true if the flag takes an argument. */
  readonly flags?: Readonly<Record<string, boolean>>
  /** Maximum number of arguments after the command's name; none if absent. */
  readonly operands?: number
  /** True for a command that answers the request to end itself; or the first words after its name with which it does. */
  readonly serves?: true | readonly string[]
  /** True for a command that reads its files again when it gets SIGHUP. */
  readonly reloads?: true
  /** True for a command that runs on after its terminal is closed, as with `nohup`. */
  readonly outlivesTerminal?: true
}

/** Every command. `stdio`, which has no name on the command line, serves MCP. */
export const commands = {
  stdio: {
    usage: '',
    help: 'serve MCP over stdin and stdout',
    serves: true,
  },
  http: {
    usage: '[--host localhost] [--port 8765]',
    help: 'serve MCP over HTTP at /mcp, for a team',
    flags: { '--host': true, '--port': true },
    serves: true,
    outlivesTerminal: true,
    reloads: true,
  },
  connect: {
    usage: 'URL [--token-file FILE | --client-id ID]',
    help: 'serve a client over stdin and stdout with the `http` service at a URL',
    flags: { '--token-file': true, '--client-id': true },
    operands: 1,
    serves: true,
  },
  callers: {
    usage:
      'add NAME [--role viewer,operator] [--person P] [--expires 2027-01-31] [--toolsets car] [--tags a,b] [--max-assets-per-run 5] | list | remove NAME',
    help: 'who may call `http`, in the file of QUALYS_CALLERS_FILE; `add` shows the new token once',
    flags: {
      '--role': true,
      '--person': true,
      '--expires': true,
      '--toolsets': true,
      '--tags': true,
      '--max-assets-per-run': true,
    },
    operands: 2,
  },
  passkey: {
    usage: 'add NAME | list | remove ID|NAME',
    help: 'the passkeys that approve calls, in the file of QUALYS_PASSKEYS_FILE; `add` makes one for a person in the browser of this machine',
    operands: 2,
  },
  sandbox: {
    usage: '[--port 8480] [--jobs 15000] [--seed 1] [--evidence documented]',
    help: 'run the pretend Qualys alone; prints one JSON line with its addresses and credentials',
    flags: { '--port': true, '--jobs': true, '--seed': true, '--evidence': true },
    serves: true,
    outlivesTerminal: true,
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
  },
  approve: {
    usage: 'CODE [--page]',
    help: 'approve one waiting call, in a terminal or on a page that it opens, for clients that cannot ask',
    flags: { '--page': false },
    operands: 1,
  },
  plans: {
    usage:
      '[list [--all] | show ID [--jsonl] | advance [--watch] | approve ID [--page] | hold ID [REASON] | resume ID [--adopt JOB | --not-run] | stop ID [REASON]]',
    help: 'rollouts: list them, show one or its journal, move all of them on as far as they go now or until this is ended, approve what one waits for, hold, resume or stop it',
    flags: {
      '--all': false,
      '--jsonl': false,
      '--watch': false,
      '--page': false,
      '--adopt': true,
      '--not-run': false,
    },
    operands: 3,
    serves: ['advance'],
  },
  audit: {
    usage: 'verify FILE [--passkeys FILE] | show FILE [CALL]',
    help: 'check an audit log for lines that are missing, changed, repeated or moved, and the signatures in it; list its calls, or show one as a person reads it',
    flags: { '--passkeys': true },
    operands: 3,
  },
  doctor: {
    usage: '[--record FILE | --compare FILE | --http URL]',
    help: 'check settings, login and a first call; record how Qualys answers every read, say what a recording tells of the guesses, or check an `http` service',
    flags: { '--record': true, '--compare': true, '--http': true },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>

export type CommandName = keyof typeof commands

/** A parsed command line. */
export interface Invocation {
  readonly command: CommandName | 'help' | 'version'
  readonly operands: readonly string[]
  /** The command's own flags, without dashes. */
  readonly flags: Readonly<Record<string, string | true>>
  /** Settings given as flags. */
  readonly settings: Readonly<Partial<Record<SettingName, string>>>
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name) && name !== 'stdio'

/** Every flag of every command; the value is true if the flag takes an argument. */
const flags: ReadonlyMap<string, boolean> = new Map<string, boolean>([
  ...Object.values<CommandSpec>(commands).flatMap(({ flags = {} }) => Object.entries(flags)),
  ...[...settingFlags].map(([flag, { takesValue }]) => [flag, takesValue] as const),
  ['--help', false],
  ['--version', false],
])

/** The table's entry of a command; `help` and `version` have none of their own. */
export function specOf(command: Invocation['command']): CommandSpec | undefined {
  return command === 'help' || command === 'version' ? undefined : commands[command]
}

/** True if the command answers the request to end itself. */
export function answersEnd({ command, operands: [word = ''] }: Invocation): boolean {
  const { serves } = specOf(command) ?? {}
  return serves === true || serves?.includes(word) === true
}

/** The usage line of a command. */
export function usageOf(command: CommandName): string {
  const words = [command === 'stdio' ? '' : command, commands[command].usage]
  return ownCommand(...words.filter((word) => word !== ''))
}

function refuseUnknownFlag(flag: string): void {
  if (flags.has(flag)) return
  // Secrets have no flags: other users of the machine can see a command line.
  const env = `QUALYS_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`
  if (Object.values(specs).some((spec) => spec.env === env && flagOf(spec) === undefined)) {
    throw new SettingsError(
      `${flag} is no flag, since a command line is visible to others: set ${env} or ${env}_FILE instead.`,
    )
  }
  const near =
    closestMatch(flag, [...settingFlags.keys()], { maxDistance: 2 }) ??
    closestMatch(flag, [...flags.keys()], { maxDistance: 3 })
  throw new SettingsError(
    `There is no flag ${flag.slice(0, 60)}: ${near ? `did you mean ${near}?` : `see ${ownCommand('--help')}.`}`,
  )
}

function commandNamed(word: string | undefined): CommandName {
  if (word === undefined) return 'stdio'
  if (isCommand(word)) return word
  const near = closestMatch(word, Object.keys(commands), { maxDistance: 2 })
  throw new SettingsError(
    `There is no command "${word.slice(0, 60)}": ${near ? `did you mean ${near}?` : `see ${ownCommand('--help')}.`}`,
  )
}

interface ParsedFlag {
  readonly flag: string
  readonly value: string | undefined
}

/** Splits a command line into words and flags. Throws a SettingsError for a flag that no command has. */
function parseWords(argv: readonly string[]) {
  const options = [...flags].map(
    ([flag, takesValue]) => [flag.slice(2), { type: takesValue ? 'string' : 'boolean' }] as const,
  )
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(options), help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = tokens.flatMap((token): ParsedFlag[] => {
    if (token.kind !== 'option') return []
    const isLong = token.rawName.startsWith('--') || token.name === 'help'
    return [{ flag: isLong ? `--${token.name}` : token.rawName, value: token.value }]
  })
  for (const { flag } of given) refuseUnknownFlag(flag)
  return { words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])), given }
}

/** The value of one flag: its text, or true for a switch. */
function flagValue({ flag, value }: ParsedFlag): string | true {
  const takesValue = flags.get(flag) === true
  if (takesValue && !value) throw new SettingsError(`${flag} needs a value: ${flag} VALUE.`)
  if (!takesValue && value !== undefined && flag !== '--sandbox')
    throw new SettingsError(`${flag} takes no value.`)
  return value ?? true
}

/** Parses a command line. Throws a SettingsError for anything unknown and names the nearest valid name. */
export function readCommandLine(argv: readonly string[]): Invocation {
  const { words, given } = parseWords(argv)
  const nothing = { operands: [], flags: {}, settings: {} }
  if (given.some(({ flag }) => flag === '--help')) return { command: 'help', ...nothing }
  if (given.some(({ flag }) => flag === '--version')) return { command: 'version', ...nothing }

  const [word, ...operands] = words
  const command = commandNamed(word)
  const { flags: ownFlags = {}, operands: maxOperands = 0 }: CommandSpec = commands[command]
  if (operands.length > maxOperands) throw new SettingsError(`Too many arguments: ${usageOf(command)}`)
  const own: Record<string, string | true> = {}
  const settings: Partial<Record<SettingName, string>> = {}
  for (const one of given) {
    const setting = settingFlags.get(one.flag)
    const value = flagValue(one)
    // A command may give a flag of a setting another meaning.
    if (one.flag in ownFlags) own[one.flag.slice(2)] = value
    else if (setting) settings[setting.name] = value === true ? '1' : value
    else throw new SettingsError(`${one.flag} is no flag of this command: ${usageOf(command)}`)
  }
  return { command, operands, flags: own, settings }
}
