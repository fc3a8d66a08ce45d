/** Begins what goes on with the line before: no line of a preview begins like this. */
const mark = '      | '
const least = 20

/** The columns of a terminal that a character takes at most. */
const columnsOf = (character: string): number => (/^[ -~]$/.test(character) ? 1 : 2)

/**
 * A line in parts that fit into a terminal. The terminal itself would break it anywhere, and the rest of a value could
 * then look like a line of its own.
 */
export function foldLine(line: string, width: number): string[] {
  const room = Math.max(width, least)
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const character of line) {
    const columns = columnsOf(character)
    if (used + columns > room) {
      parts.push(part)
      part = mark
      used = mark.length
    }
    part += character
    used += columns
  }
  return [...parts, part]
}
