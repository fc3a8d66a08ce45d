import { StoredText } from '../../../operations/stored-text.ts'
import { isObject } from '../../../shared/json.ts'

/** A text among the arguments of a call. */
export interface ArgumentText {
  /** Names of members and positions in lists, from the argument on. */
  readonly path: readonly string[]
  readonly text: string
}

/** Every text at any depth, names of members included. */
export function textsIn(value: unknown, path: readonly string[] = []): ArgumentText[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (value instanceof StoredText) return [{ path, text: value.text }]
  if (Array.isArray(value)) return value.flatMap((part, index) => textsIn(part, [...path, String(index)]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, part]) => {
    const place = [...path, name]
    return [{ path: place, text: name }, ...textsIn(part, place)]
  })
}

/** The lines of positions in a text, counted from 1; undefined if the text has one line only. */
export function lineFinder(text: string): (index: number) => number | undefined {
  // Most texts hold nothing whose line is asked for.
  let found: readonly number[] | undefined
  return (index) => {
    found ??= [...text.matchAll(/\r\n|[\n\r]/g)].map((end) => end.index)
    const ends = found
    if (ends.length === 0) return undefined
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] as number) < index) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
