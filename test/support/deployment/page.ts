import { readFileSync } from 'node:fs'

/** A block of code of a page: its language, the words behind it (`name=value`), and its text. */
export interface CodeBlock {
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  readonly code: string
}

const fence = /^( *)```(\w+)((?: [\w=.]+)*)\n([\s\S]*?)^\1```$/gm

/** The blocks of code of a Markdown page, in lists too. */
export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(fence)].map(([, indent = '', language = '', info = '', code = '']) => ({
    language,
    words: Object.fromEntries(
      info
        .trim()
        .split(' ')
        .filter((word) => word.includes('='))
        .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    ),
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** The page of the service. */
export const servicePage = readFileSync('docs/service.md', 'utf8')

/** The blocks of a set-up, in their order. Throws if there are none. */
function setUp(name: string): CodeBlock[] {
  const found = codeBlocks(servicePage).filter(({ words }) => words['setup'] === name)
  if (found.length === 0) throw new Error(`docs/service.md has no set-up ${name}`)
  return found
}

/** The commands of a set-up, without those of its parts; or those of one part. */
export const commandsOf = (name: string, part?: string): string =>
  setUp(name)
    .filter(({ language, words }) => language === 'sh' && words['part'] === part)
    .map(({ code }) => code)
    .join('')

/** The file that a set-up prints. */
export const fileOf = (name: string, file: string): string =>
  setUp(name)
    .filter(({ words }) => words['file'] === file)
    .map(({ code }) => code)
    .join('')

/** A text with each of these replaced wherever it stands. Throws for one that does not stand there. */
export function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`"${from}" is not in the text`)
    return changed.replaceAll(from, to)
  }, text)
}
