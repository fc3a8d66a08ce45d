import { unseen } from '../../unseen.ts'

/** A stretch of the stored text, in UTF-16 code units. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

const anyLineEnd = /\r\n|\r|\n/g

/** A text in which each line end is one LF. */
const withLineFeeds = (text: string): string => text.replace(anyLineEnd, '\n')

/** What a text that is shown is without: colours, characters that nobody sees. */
const notShown = new RegExp(`\\x1b\\[[0-?]*[ -/]*[@-~]|[\\s\\p{Cc}${unseen}]`, 'gu')

/** A text without what a reader may have lost or changed: case, blanks, characters that are not shown. */
const fold = (text: string): string => text.replace(notShown, '').toLowerCase()

/** More places are not told apart: thousands of them would take seconds. */
export const maxPlaces = 100

/** Where a text begins in another one, one place more than that at most; also where two of its places overlap. */
function placesOf(text: string, wanted: string): number[] {
  const places: number[] = []
  let at = text.indexOf(wanted)
  while (at !== -1 && places.length <= maxPlaces) {
    places.push(at)
    at = text.indexOf(wanted, at + 1)
  }
  return places
}

/**
 * Finds texts in a script as a reader sees it: a line end of any kind is a line end, and a covered secret is no
 * text. So what is found, how often and where tells nothing about a secret.
 */
export class Search {
  readonly #text: string
  /** Where each character of the text stands in the script; the last one is its end. */
  readonly #places: Uint32Array
  /** Where each line of the script begins. */
  readonly #lineStarts: number[] = [0]

  /** `covered`: the script, each character of its secrets covered. */
  constructor(covered: string) {
    this.#text = withLineFeeds(covered)
    this.#places = new Uint32Array(this.#text.length + 1)
    let place = 0
    for (let at = 0; at < this.#text.length; at++) {
      this.#places[at] = place
      place += covered.startsWith('\r\n', place) ? 2 : 1
      if (this.#text[at] === '\n') this.#lineStarts.push(place)
    }
    this.#places[this.#text.length] = place
  }

  /** Every place of a text in the script, and no more than are told apart. */
  find(wanted: string): Stretch[] {
    const text = withLineFeeds(wanted)
    return placesOf(this.#text, text).map((at) => ({
      from: this.#places[at] ?? 0,
      to: this.#places[at + text.length] ?? 0,
    }))
  }

  /** The line that holds the text in another spelling. */
  lineOfSimilar(wanted: string): number | undefined {
    const text = fold(wanted)
    if (text === '') return undefined
    const lines = this.#text.split('\n').map(fold)
    const at = lines.join('').indexOf(text)
    if (at === -1) return undefined
    let line = 0
    for (let end = 0; end <= at; line++) end += lines[line]?.length ?? 1
    return line
  }

  /** The line, counted from 1, of a place in the script. */
  lineAt(place: number): number {
    let [low, high] = [0, this.#lineStarts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= place) low = middle
      else high = middle
    }
    return high
  }
}
