// Server-sent events (HTML Living Standard, 9.2.6), as far as Streamable HTTP uses them.

const lineEnd = /\r\n|\n|\r/

/** Collects the lines of one event. */
class EventReader {
  #data: string[] = []
  #type = ''

  /** Reads a line; the data of an event of type `message` that ends with it. */
  read(line: string): string | undefined {
    if (line === '') return this.#end()
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#type = value
    return undefined
  }

  #end(): string | undefined {
    const isMessage = this.#data.length > 0 && (this.#type === '' || this.#type === 'message')
    const data = isMessage ? this.#data.join('\n') : undefined
    this.#data = []
    this.#type = ''
    return data
  }
}

/**
 * The data of each event of type `message` in a stream. An event that does not end is left out, as the standard says.
 * Throws if a line has more characters.
 */
export async function* eventsIn(body: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<string> {
  // It also skips a byte order mark.
  const decoder = new TextDecoder()
  const reader = new EventReader()
  let pieces: string[] = []
  let length = 0
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true })
    if (text === '') continue
    pieces.push(text)
    length += text.length
    if (length > maxLength) throw new Error('the answer is too large')
    // A long line comes in many chunks, which are joined once.
    if (!/[\r\n]/.test(text)) continue
    const whole = pieces.join('')
    // The second half of a line end may come with the next chunk.
    const end = whole.endsWith('\r') ? whole.length - 1 : whole.length
    const lines = whole.slice(0, end).split(lineEnd)
    const rest = (lines.pop() ?? '') + whole.slice(end)
    pieces = [rest]
    length = rest.length
    for (const line of lines) {
      const data = reader.read(line)
      if (data !== undefined) yield data
    }
  }
}
