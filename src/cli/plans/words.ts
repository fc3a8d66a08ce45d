import { ownCommand } from '../../shared/command/own-command.ts'
import { SettingsError } from '../../shared/errors.ts'
import { oneLine, quotation } from '../../shared/safe-text.ts'
import { type Invocation, usageOf } from '../command-line.ts'

interface Word {
  /** How the words and flags after it are shown. */
  readonly usage: string
  /** Maximum number of arguments; the first one is the id of a rollout. */
  readonly operands: 0 | 1 | 2
  /** Without dashes. */
  readonly flags: readonly string[]
}

/** What can be done with rollouts. */
const words = {
  list: { usage: '[--all]', operands: 0, flags: ['all'] },
  show: { usage: 'ID [--jsonl]', operands: 1, flags: ['jsonl'] },
  advance: { usage: '[--watch]', operands: 0, flags: ['watch'] },
  approve: { usage: 'ID [--page]', operands: 1, flags: ['page'] },
  hold: { usage: 'ID [REASON]', operands: 2, flags: [] },
  resume: { usage: 'ID [--adopt JOB | --not-run]', operands: 1, flags: ['adopt', 'not-run'] },
  stop: { usage: 'ID [REASON]', operands: 2, flags: [] },
} as const satisfies Readonly<Record<string, Word>>

type PlansWord = keyof typeof words

/** What a person asks `plans` for. */
export interface PlansCall {
  readonly word: PlansWord
  /** In capitals, whatever case was typed; empty where the word takes none. */
  readonly id: string
  readonly reason?: string
}

const isWord = (word: string): word is PlansWord => Object.hasOwn(words, word)

const usageOfWord = (word: PlansWord): string => ownCommand('plans', word, words[word].usage)

/** What the words and flags after `plans` ask for; without any, the list. Throws a SettingsError for anything else. */
export function readPlansCall({ operands, flags }: Invocation): PlansCall {
  const [word = 'list', ...given] = operands
  if (!isWord(word))
    throw new SettingsError(
      `Nothing is called ${quotation(oneLine(word, 60))} here. There is: ${usageOf('plans')}`,
    )
  const spec: Word = words[word]
  const other = Object.keys(flags).find((flag) => !spec.flags.includes(flag))
  if (other !== undefined)
    throw new SettingsError(`--${other} is no flag of \`plans ${word}\`: ${usageOfWord(word)}`)
  if (given.length > spec.operands)
    throw new SettingsError(
      `Too many arguments: ${usageOfWord(word)}${spec.operands === 2 ? ', with the reason in quotes' : ''}`,
    )
  const [id = '', reason] = given
  if (spec.operands > 0 && id.trim() === '')
    throw new SettingsError(
      `Name the rollout: ${usageOfWord(word)}; \`${ownCommand('plans list')}\` shows the ids.`,
    )
  return { word, id: id.trim().toUpperCase(), ...(reason !== undefined && { reason }) }
}
