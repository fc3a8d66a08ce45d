import { commandsOf, fallenCommands } from '../../../../operations/car/guardrails.ts'
import { counted, texts } from '../../../../shared/format.ts'
import type { CarTargets } from '../../targets/car-targets.ts'
import type { Target } from '../../targets/lookup.ts'
import { blocksOf, labelled, type PreviewBlock, sentenceBelow } from '../preview.ts'
import { field, tableOf } from './rows.ts'

/** What an effect does to the commands of one set. */
interface SetChange {
  readonly set: Target
  /** Undefined if the set could not be read. */
  readonly falling: readonly string[] | undefined
  readonly staying: readonly string[]
  readonly coming: readonly string[]
}

/** Undefined new commands: the set is deleted. */
function changeOf(set: Target, newCommands: readonly string[] | undefined): SetChange {
  const { row } = set
  const stored = commandsOf(row)
  const coming = (newCommands ?? []).filter((command) => !stored?.includes(command.trim()))
  const falling = fallenCommands(row, newCommands ?? [])
  const staying = stored?.filter((command) => !falling?.includes(command)) ?? []
  return { set, falling, staying, coming }
}

const commandRows = (label: string, commands: readonly string[]): PreviewBlock[] =>
  tableOf(
    label,
    [],
    commands.map((command) => [command]),
  )

function setBlocks({ set: { id, row }, falling, staying, coming }: SetChange): PreviewBlock[] {
  const facts = blocksOf<PreviewBlock>(
    row
      ? labelled(
          `set ${id} of blocked commands`,
          field(row, 'language') ?? 'no language',
          field(row, 'platform') ?? '',
        )
      : `set ${id} of blocked commands could not be looked up`,
    row !== undefined && falling === undefined && sentenceBelow('its commands could not be read'),
  )
  return [
    ...facts,
    ...commandRows(`commands of set ${id} that fall`, falling ?? []),
    ...commandRows(`commands of set ${id} that stay`, staying),
    ...commandRows(`commands of set ${id} that come`, coming),
  ]
}

/** How many commands fall, and whether that is all that is known. */
function fallWarnings(changes: readonly SetChange[]): string[] {
  const fallen = changes.reduce((sum, { falling }) => sum + (falling?.length ?? 0), 0)
  const unread = changes.filter(({ falling }) => falling === undefined).map(({ set }) => set.id)
  return texts(
    fallen > 0 &&
      `${counted(fallen, 'blocked command')} fall${fallen === 1 ? 's' : ''}: new scripts may hold ${fallen === 1 ? 'it' : 'them'} again.`,
    unread.length > 0 &&
      `The commands of set ${unread.join(', ')} could not be read: all of them count as falling.`,
  )
}

/** What becomes of sets of blocked commands, command by command. */
export function commandSets({ named, records }: CarTargets): {
  readonly blocks: readonly PreviewBlock[]
  readonly warnings: readonly string[]
} {
  const { newCommands } = named
  const sets = records.find(({ kind }) => kind === 'commandSets')?.targets
  if (!sets) return { blocks: commandRows('commands that come', newCommands ?? []), warnings: [] }
  const changes = sets.map((set) => changeOf(set, newCommands))
  return { blocks: changes.flatMap(setBlocks), warnings: fallWarnings(changes) }
}
