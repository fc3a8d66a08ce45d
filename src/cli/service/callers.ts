import { namesIn } from '../../config/parsers.ts'
import { readSettings } from '../../config/settings.ts'
import { addCaller, removeCaller, storedCallers } from '../../service/callers/callers-changes.ts'
import {
  type CallerEntry,
  callerSchema,
  expiryOf,
  rolesOf,
} from '../../service/callers/callers-file-schema.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { randomBytes, sha256 } from '../../shared/crypto.ts'
import { SettingsError } from '../../shared/errors.ts'
import { counted, tableLines, texts } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Invocation } from '../command-line.ts'
import type { Command, CommandContext } from '../context.ts'

const usageError = (): SettingsError =>
  new SettingsError(
    `Say what to do with the callers: ${ownCommand('callers add NAME')}, ${ownCommand('callers list')}, or ${ownCommand('callers remove NAME')}.`,
  )

/** The callers file of the settings. No other setting is needed. */
function fileOf({ invocation, environment }: CommandContext): string {
  const { callersFile } = readSettings(invocation.settings, environment).settings
  if (callersFile !== undefined) return callersFile
  throw new SettingsError(
    'QUALYS_CALLERS_FILE is not set: name the file of the callers with it, or with --callers-file.',
  )
}

/** What a message calls each member of an entry. */
const namesOfMembers: Readonly<Record<string, string>> = {
  name: 'NAME',
  role: '--role',
  person: '--person',
  expires: '--expires',
  toolsets: '--toolsets',
  tags: '--tags',
  maxAssetsPerRun: '--max-assets-per-run',
}

/** Items parted by commas: the name of a tag may hold blanks. */
const itemsIn = (text: string): string[] => text.split(',').map((item) => item.trim())

/** The entry of a new caller. Throws a SettingsError that names the flag. */
function entryOf(name: string, token: string, flags: Invocation['flags']): CallerEntry {
  const text = (flag: string): string | undefined =>
    flags[flag] === undefined ? undefined : String(flags[flag])
  const [person, expires] = [text('person'), text('expires')]
  const [toolsets, tags, most] = [text('toolsets'), text('tags'), text('max-assets-per-run')]
  const { data, error } = callerSchema.safeParse({
    name,
    ...(person !== undefined && { person }),
    sha256: sha256(token),
    role: namesIn(text('role') ?? 'viewer'),
    ...(toolsets !== undefined && { toolsets: namesIn(toolsets) }),
    ...(tags !== undefined && { tags: itemsIn(tags) }),
    ...(most !== undefined && { maxAssetsPerRun: /^\d+$/.test(most) ? Number(most) : most }),
    ...(expires !== undefined && { expires }),
  })
  const [issue] = error?.issues ?? []
  if (!data)
    throw new SettingsError(`${namesOfMembers[String(issue?.path[0])] ?? 'The caller'} ${issue?.message}.`)
  if ((expiryOf(data) ?? Number.POSITIVE_INFINITY) <= Date.now())
    throw new SettingsError(
      '--expires is past: name a later date, or leave it out for a token without an end.',
    )
  return data
}

function add(name: string, context: CommandContext): void {
  const token = `qmc_${randomBytes(32).toString('base64url')}`
  const entry = entryOf(name, token, context.invocation.flags)
  addCaller(fileOf(context), entry)
  context.print(token)
  context.warn(
    `This is the token of ${name} (${[...rolesOf(entry)].join(', ')}), shown this once: the file keeps only its hash.`,
  )
}

function limitsOf({ toolsets, tags, maxAssetsPerRun }: CallerEntry): string {
  const limits = texts(
    toolsets && `toolsets ${toolsets.join(', ')}`,
    tags && `tags ${tags.join(', ')}`,
    maxAssetsPerRun !== undefined && `${counted(maxAssetsPerRun, 'host')} a run`,
  )
  return limits.join('; ') || '-'
}

function endOf(entry: CallerEntry): string {
  const { expires = '-' } = entry
  return (expiryOf(entry) ?? Number.POSITIVE_INFINITY) <= Date.now() ? `${expires} (past)` : expires
}

function list(context: CommandContext): void {
  const callers = storedCallers(fileOf(context))
  const rows = callers.map((caller) => [
    caller.name,
    caller.person ?? caller.name,
    [...rolesOf(caller)].join(', '),
    endOf(caller),
    oneLine(limitsOf(caller), 1_000),
  ])
  for (const line of tableLines([['name', 'person', 'roles', 'end', 'limits'], ...rows])) context.print(line)
}

/** `qualys-mcp callers add NAME`, `callers list` and `callers remove NAME`: who may call the service. */
export const callersCommand: Command = async (context) => {
  const { operands, flags } = context.invocation
  const [word, name] = operands
  const hasName = name !== undefined && operands.length === 2
  if (word === 'add' && hasName) add(name, context)
  else if (Object.keys(flags).length > 0) throw usageError()
  else if (word === 'list' && operands.length === 1) list(context)
  else if (word === 'remove' && hasName) {
    removeCaller(fileOf(context), name)
    context.print(`${name} is removed: a running service refuses the token within a second.`)
  } else throw usageError()
  return 0
}
