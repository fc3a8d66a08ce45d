import { readFileSync } from 'node:fs'

/** One block of code of a page, and where it goes. */
export interface Edit {
  readonly file: string
  /** Absent: the block is the whole file. */
  readonly place?: {
    readonly at: 'before' | 'after' | 'instead of the last' | 'at the end'
    /** The start of the line that the block goes before, after or instead of. */
    readonly anchor: string
  }
  readonly text: string
}

/** A section of a page: what it adds, and the sentence that a test says without it. */
export interface Part {
  readonly title: string
  readonly edits: readonly Edit[]
  readonly commands: readonly (readonly string[])[]
  readonly sentence?: string
}

const directive =
  /<!-- (?:file: (\S+)|in: (\S+); (before|after|instead of the last|at the end)(?:: (.*?))?) -->\n\n```\w+\n([\s\S]*?)```/g
const command = /```sh\n([\s\S]*?)```/g
const expectation = /Without it:\n\n```text\n(.*)\n```/

function editsIn(section: string): Edit[] {
  return [...section.matchAll(directive)].map(([, whole, file = '', at, anchor = '', text = '']) =>
    whole === undefined ? { file, place: { at: at as 'before', anchor }, text } : { file: whole, text },
  )
}

function partOf(section: string): Part {
  const [title = ''] = section.split('\n')
  const sentence = expectation.exec(section)?.[1]
  const lines = [...section.matchAll(command)].flatMap(([, text = '']) => text.trim().split('\n'))
  const commands = lines.map((line) => line.split(' '))
  return { title, edits: editsIn(section), commands, ...(sentence !== undefined && { sentence }) }
}

/** The parts of a page of docs/contributing, in order. Sections that add nothing are left out. */
export function partsOf(path: string): readonly Part[] {
  const [, ...sections] = readFileSync(path, 'utf8').split(/^## /m)
  return sections.map(partOf).filter(({ edits, commands }) => edits.length > 0 || commands.length > 0)
}

/** The text of a file with an edit. Throws if the place cannot be found. */
export function editedText(before: string, { file, place, text }: Edit): string {
  if (!place) return text
  if (place.at === 'at the end') return before + text
  const lines = before.split('\n')
  const isAnchor = (line: string): boolean => line.startsWith(place.anchor)
  const index = place.at === 'instead of the last' ? lines.findLastIndex(isAnchor) : lines.findIndex(isAnchor)
  if (index < 0) throw new Error(`${file} has no line that begins with "${place.anchor}".`)
  const [from, removed] = { before: [index, 0], after: [index + 1, 0], 'instead of the last': [index, 1] }[
    place.at
  ] as [number, number]
  return lines.toSpliced(from, removed, ...text.replace(/\n$/, '').split('\n')).join('\n')
}
