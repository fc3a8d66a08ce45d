import { sep } from 'node:path'

/** A word as a shell takes it: in quotes if it holds anything that a shell may read. */
export function shellWord(word: string, isWindows = sep === '\\'): string {
  if (isWindows) return /^[\w.:\\/+=@~-]+$/.test(word) ? word : `"${word}"`
  return /^[\w.:/+=@%,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
