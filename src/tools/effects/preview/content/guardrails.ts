import { counted, texts } from '../../../../shared/format.ts'
import { oneLine, quotation } from '../../../../shared/safe-text.ts'
import type { Guardrails } from '../../targets/guardrails.ts'
import type { Line } from './lines.ts'

// Blocked commands in new content. How Qualys looks for them is not public: a match of whole words in any case, in comments
// too, is a warning, and Qualys decides.

/** More hits are counted. */
const maxHits = 4
const maxCommandLength = 60

/** A blocked command, and the first line that holds it. */
interface Hit {
  readonly command: string
  readonly language: string | undefined
  readonly line: number
}

/** In lower case, with single blanks: line breaks keep their places. */
const folded = (text: string): string => text.toLowerCase().replace(/[^\S\r\n]+/g, ' ')

const isWord = (character: string | undefined): boolean => character !== undefined && /^\w$/.test(character)

/**
 * Where a command stands in a text as a whole; -1 if it does not. After a place within a word the search goes on behind
 * that word, so that a text of one letter takes no longer than another.
 */
function placeOf(command: string, text: string): number {
  const [startsWord, endsWord] = [isWord(command[0]), isWord(command.at(-1))]
  const nextWord = /\W|$/g
  for (let at = text.indexOf(command); at >= 0; ) {
    const isWhole = !(startsWord && isWord(text[at - 1])) && !(endsWord && isWord(text[at + command.length]))
    if (isWhole) return at
    nextWord.lastIndex = at + 1
    const from = startsWord ? (nextWord.exec(text)?.index ?? text.length) : at + 1
    at = text.indexOf(command, from)
  }
  return -1
}

/** The blocked commands that a script holds, in the order of their lines. */
export function findBlockedCommands(lines: readonly Line[], { sets = [] }: Guardrails): Hit[] {
  const text = folded(lines.map((line) => line.text).join('\n'))
  const hits = new Map<string, Hit & { readonly at: number }>()
  for (const { commands, language } of sets)
    for (const command of commands) {
      const wanted = folded(command).trim()
      if (wanted === '' || hits.has(wanted)) continue
      const at = placeOf(wanted, text)
      if (at >= 0) hits.set(wanted, { command, language, at, line: 0 })
    }
  let line = 1
  let from = 0
  return [...hits.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ command, language, at }) => {
      for (let next = text.indexOf('\n', from); next >= 0 && next < at; next = text.indexOf('\n', from)) {
        line++
        from = next + 1
      }
      return { command, language, line }
    })
}

/** What a person must know about blocked commands, one sentence each. */
export function guardrailWarnings(lines: readonly Line[], guardrails: Guardrails): string[] {
  const hits = findBlockedCommands(lines, guardrails)
  const more = hits.length - maxHits
  return texts(
    hits.slice(0, maxHits).map(({ command, language, line }) => {
      const [which, doubt] =
        guardrails.isOfOneLanguage || language === undefined
          ? ['', '']
          : [` for ${quotation(language)}`, ' (the language of the script is not known)']
      return `Line ${line} holds ${quotation(oneLine(command, maxCommandLength))}, which a guardrail${which} blocks${doubt}: Qualys may refuse the script.`
    }),
    more > 0 && `It holds ${counted(more, 'more command')} that guardrails block.`,
  )
}
