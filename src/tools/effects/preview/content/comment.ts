import { controls, unseen } from '../../../../shared/characters/unseen.ts'
import { sha256 } from '../../../../shared/crypto.ts'
import { counted } from '../../../../shared/format.ts'
import type { ScriptLanguage } from '../../targets/script-language.ts'
import { joined, type Line, masked } from './lines.ts'

// A licence at the head of a script gives way to code. What is no comment in the language of the script runs: in doubt a
// line is no comment.

/** How comments are written. */
interface Syntax {
  /** Matches a line that is a comment. */
  readonly line?: RegExp
  /** The signs around a comment of several lines. */
  readonly blocks?: readonly (readonly [begin: string, end: string])[]
  /** What makes a comment run. */
  readonly runs?: RegExp
}

const numberSign: Syntax = { line: /^[ \t]*#/ }
/** JScript compiles a comment that begins with `@` (conditional compilation). */
const slashes: Syntax = { line: /^[ \t]*\/\//, blocks: [['/*', '*/']], runs: /@/ }

/** By the name of the language. A word that a shell would run is a comment in no other language's name. */
const syntaxes: readonly (readonly [name: RegExp, syntax: Syntax])[] = [
  [/powershell/i, { ...numberSign, blocks: [['<#', '#>']] }],
  [/python/i, { ...numberSign, blocks: ['"""', "'''"].map((quotes) => [quotes, quotes] as const) }],
  [/vbs|visual ?basic/i, { line: /^[ \t]*(?:'|rem(?:[ \t]|$))/i }],
  // A caret goes on in the next line, and what follows one of the other signs runs.
  [/batch|\bcmd\b/i, { line: /^[ \t]*(?:rem[ \t]|::)[^&|<>^%]*$/i }],
  [/lua/i, { line: /^[ \t]*--(?!\[)/ }],
  [/java|jscript|node/i, slashes],
  [/shell|bash|perl|ruby/i, numberSign],
]

/** In a language that is not known: the sign that is a comment, or an error, in all that CAR runs. */
function syntaxOf({ name, platform }: ScriptLanguage): Syntax {
  const known = name === undefined ? undefined : syntaxes.find(([pattern]) => pattern.test(name))
  if (known) return known[1]
  return platform === 'WINDOWS' ? { ...numberSign, blocks: [['<#', '#>']] } : numberSign
}

/** A comment says something to the interpreter, or must be seen: it stays. */
const directive = /^(?:#!|[ \t]*#[ \t]*requires\b)/i

/** These programs take the comments of all languages that begin with `#!` for comments. Others, such as PHP, run some. */
const interpreter =
  /^#! ?(?:\/[\w./]+\/)?(?:env (?:-S )?)?(?:(?:ba|da|k|z|a)?sh|python[\d.]*|perl|ruby|lua[\d.]*|pwsh|node)(?: (?:-[a-z]{1,4}|--[a-z]+))*\s*$/i
const isStrangeProgram = (text: string): boolean => text.startsWith('#!') && !interpreter.test(text)

/** Python reads the rest of the file in this encoding, and in some of them a comment holds code (PEP 263). */
const encoding = /^[ \t]*#.*?coding[:=][ \t]*([-\w.]*)/i
const plainEncoding = /^(?:utf-?8(?:-sig)?|(?:us-)?ascii|latin-?1|iso-8859-1|cp1252)$/i
const isStrangeEncoding = (text: string): boolean => {
  const name = encoding.exec(text)?.[1]
  return name !== undefined && !plainEncoding.test(name)
}

/** What a terminal, or an interpreter, may take for more than a character of a comment. */
const unclear = new RegExp(`[\\n${controls}${unseen}\\p{Cn}]`, 'u')

/** A byte order mark is no part of the first line. */
const textAt = (lines: readonly Line[], at: number): string => {
  const text = lines[at]?.text ?? ''
  return at === 0 ? text.replace(/^\uFEFF/, '') : text
}

/** The number of lines of the comment of several lines that begins here; 0 if none does. */
function blockLength(lines: readonly Line[], from: number, { blocks = [], runs }: Syntax): number {
  const head = textAt(lines, from).trimStart()
  const [begin, end] = blocks.find(([sign]) => head.startsWith(sign)) ?? []
  if (begin === undefined || end === undefined) return 0
  for (let at = from; at < lines.length; at++) {
    const text = at === from ? head.slice(begin.length) : (lines[at]?.text ?? '')
    const place = text.indexOf(end)
    // A backslash before a quote keeps it from ending a text.
    if (unclear.test(text) || runs?.test(text) || (begin === end && text.includes(`\\${end.charAt(0)}`)))
      return 0
    if (place >= 0) return text.slice(place + end.length).trim() === '' ? at + 1 - from : 0
  }
  return 0
}

/** Some lines of a comment, and what stands for them. */
export interface LeadingComment {
  readonly lines: readonly Line[]
  readonly mark: string
}

/** A comment of so many lines is shown. */
const maxShown = 3
const maxWordsLength = 60
const maxLinesOfWords = 20

function markOf(lines: readonly Line[]): string {
  const words = lines
    .slice(0, maxLinesOfWords)
    .map(({ covered }) => covered.replace(/^[\s#/*'"<>!-]+|^\s*rem\b\s*/i, '').slice(0, maxWordsLength))
    .filter((text) => text !== '')
    .join(' ')
  const first = masked(words.slice(0, maxWordsLength))
  return `comment, ${counted(lines.length, 'line')}, sha256 ${sha256(joined(lines))}: "${first}"`
}

/** The comments before the first line of code that are longer than a few lines, without what stays. */
export function leadingComments(lines: readonly Line[], language: ScriptLanguage): LeadingComment[] {
  if (isStrangeProgram(textAt(lines, 0)) || [0, 1].some((at) => isStrangeEncoding(textAt(lines, at))))
    return []
  const syntax = syntaxOf(language)
  const ranges = [{ from: 0, to: 0 }]
  for (let at = 0; at < lines.length; ) {
    const text = textAt(lines, at)
    const isBlank = text.trim() === ''
    const stays = directive.test(text)
    const length = isBlank || stays ? 1 : commentLength(lines, at, syntax)
    if (length === 0) break
    const range = ranges.at(-1)
    // Blank lines belong to a comment if it goes on behind them.
    if (stays) ranges.push({ from: 0, to: 0 })
    else if (range && !isBlank) {
      if (range.to === 0) range.from = at
      range.to = at + length
    }
    at += length
  }
  return ranges
    .filter(({ from, to }) => to - from > maxShown)
    .map(({ from, to }) => ({ lines: lines.slice(from, to), mark: markOf(lines.slice(from, to)) }))
}

/** The number of lines of the comment that begins here; 0 if the line is code. */
function commentLength(lines: readonly Line[], at: number, syntax: Syntax): number {
  const text = textAt(lines, at)
  if (syntax.line?.test(text) && !unclear.test(text) && !syntax.runs?.test(text)) return 1
  return blockLength(lines, at, syntax)
}
