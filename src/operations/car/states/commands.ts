import type { NewState, ShownTargets } from '../../effects/new-state.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { counted, quoted } from '../../sentences.ts'
import { idIn, someOf, textIn, word } from './words.ts'

// The blocked commands after an effect, by one search (release_2_5_2_api.htm). The answer of a call that adds some holds
// an id that the samples do not tell from that of the language, so the set is looked for by its commands.

/** A set of blocked commands as the list shows it; a field that it does not show in the documented form is undefined. */
interface CommandSet {
  readonly id: string | undefined
  readonly languageId: string | undefined
  readonly language: string | undefined
  readonly commands: readonly string[] | undefined
}

function setOf(row: Input): CommandSet {
  const { commands } = row
  const isList = Array.isArray(commands) && commands.every((command) => typeof command === 'string')
  return {
    id: idIn(row, 'commandId'),
    languageId: idIn(row, 'languageId'),
    language: textIn(row, 'language'),
    commands: isList ? commands.map((command) => command.trim()) : undefined,
  }
}

interface ListedSets {
  readonly sets: readonly CommandSet[]
  /** True if there are no others, and each shows its language. */
  readonly isWhole: boolean
  /** True if there are no others, and each shows its number. */
  readonly isNumbered: boolean
}

async function readSets(list: Operation, lists: Lists<Operation>): Promise<ListedSets> {
  const { rows, isWhole } = await lists.first(list)
  const sets = rows.map(setOf)
  return {
    sets,
    isWhole: isWhole && sets.every(({ languageId }) => languageId !== undefined),
    isNumbered: isWhole && sets.every(({ id }) => id !== undefined),
  }
}

const shownBy = 'car_search_blocked_commands'
const mayTakeTime = `look again with ${shownBy}: it may take a while`
const notRead = `what is blocked now cannot be read in ${shownBy}`

const total = (sets: readonly CommandSet[]): number | undefined =>
  sets.every(({ commands }) => commands !== undefined)
    ? new Set(sets.flatMap(({ commands = [] }) => commands)).size
    : undefined

/** The number of commands that are blocked for a language, and in how many sets. */
function countText(sets: readonly CommandSet[], languageId: string, shown: ShownTargets): string {
  const name = sets[0]?.language ?? textIn(shown.row('language', languageId), 'name')
  const count = total(sets)
  const whose = name === undefined ? `language ${languageId}` : quoted(name)
  const number = count === undefined ? 'an unknown number of commands' : counted(count, 'command')
  return `${whose} has ${number} blocked now${sets.length > 1 ? `, in ${counted(sets.length, 'set')}` : ''}`
}

/** The state after commands were added: the number of their set, and how many there are for the language. */
export async function addedCommandsState(
  { languageId, commands }: { readonly languageId: string; readonly commands: readonly string[] },
  record: Input,
  list: Operation,
  lists: Lists<Operation>,
  shown: ShownTargets,
): Promise<NewState> {
  const { sets, isWhole } = await readSets(list, lists)
  const added = [...new Set(commands.map((command) => command.trim()))]
  const own = sets.filter((set) => set.languageId === languageId)
  if (own.some((set) => set.commands === undefined) || (!isWhole && own.length === 0))
    return { text: notRead }
  const holding = own.filter((set) => added.every((command) => set.commands?.includes(command)))
  const exact = holding.filter((set) => set.commands?.length === added.length)
  const answered = holding.filter(({ id }) => id !== undefined && id === idIn(record))
  const found =
    [answered, exact, holding].find((some) => some.length === 1) ?? (exact.length > 0 ? exact : holding)
  const missing = added.filter((command) => !own.some((set) => set.commands?.includes(command)))
  if (missing.length > 0) {
    const names = someOf(
      missing.map((command) => quoted(command)),
      3,
    )
    return isWhole
      ? { text: `BUT ${shownBy} does not show ${names} for language ${languageId}: ${mayTakeTime}` }
      : { text: `${shownBy} shows only a part of its sets, without ${names}` }
  }
  const isOwn = found.every((set) => set.commands?.length === added.length)
  const ids = found.flatMap(({ id }) => id ?? [])
  const number =
    ids.length === 0
      ? 'the number of the set is not shown'
      : ids.length === 1
        ? `${isOwn ? '' : 'in '}set ${word(ids[0])}${isOwn ? '' : ' with others'}`
        : `in one of the sets ${ids.map(word).join(', ')}`
  if (!isWhole)
    return { text: number, fields: { ...(ids.length === 1 && { commandId: ids[0] }), languageId } }
  return {
    text: `${number}; ${countText(own, languageId, shown)}`,
    fields: {
      ...(ids.length === 1 && { commandId: ids[0] }),
      ...{ languageId, blockedCommands: total(own), sets: own.length },
    },
  }
}

/** The state after a set was replaced. */
export async function replacedCommandsState(
  {
    languageId,
    commandId,
    commands,
  }: { readonly languageId: string; readonly commandId: string; readonly commands: readonly string[] },
  list: Operation,
  lists: Lists<Operation>,
  shown: ShownTargets,
): Promise<NewState> {
  const { sets, isWhole, isNumbered } = await readSets(list, lists)
  const set = sets.find(({ id }) => id === commandId)
  if (!set)
    return isNumbered
      ? { text: `BUT ${shownBy} does not show set ${commandId}: ${mayTakeTime}` }
      : { text: notRead }
  const stored = set.commands
  if (!stored) return { text: notRead }
  const sent = new Set(commands.map((command) => command.trim()))
  const fields = { commandId, languageId, commands: stored }
  const others = stored.filter((command) => !sent.has(command))
  const missing = [...sent].filter((command) => !stored.includes(command))
  if (others.length + missing.length > 0) {
    const differences = [
      ...(missing.length > 0
        ? [
            `lacks ${someOf(
              missing.map((command) => quoted(command)),
              3,
            )}`,
          ]
        : []),
      ...(others.length > 0
        ? [
            `still holds ${someOf(
              others.map((command) => quoted(command)),
              3,
            )}`,
          ]
        : []),
    ]
    return { text: `BUT as ${shownBy} shows it, it ${differences.join(' and ')}: ${mayTakeTime}`, fields }
  }
  const count = `it holds ${counted(stored.length, 'command')} now`
  if (!isWhole) return { text: count, fields }
  const own = sets.filter((one) => one.languageId === languageId)
  return own.length > 1
    ? { text: `${count}; ${countText(own, languageId, shown)}`, fields }
    : { text: count, fields }
}

/** The state after sets were deleted: those that are left. */
export async function deletedCommandsState(
  { commandIds }: { readonly commandIds: readonly string[] },
  list: Operation,
  lists: Lists<Operation>,
): Promise<NewState> {
  const { sets, isNumbered } = await readSets(list, lists)
  const left = commandIds.filter((commandId) => sets.some(({ id }) => id === commandId))
  if (left.length > 0)
    return {
      text: `BUT ${shownBy} still shows ${counted(left.length, 'set')} of them (${left.join(', ')}): ${mayTakeTime}`,
      fields: { stillThere: left },
    }
  if (!isNumbered) return { text: notRead }
  const noun = sets.length === 1 ? 'set is' : 'sets are'
  return {
    text: `${sets.length.toLocaleString('en')} ${noun} left`,
    fields: { deleted: commandIds, setsLeft: sets.length },
  }
}
