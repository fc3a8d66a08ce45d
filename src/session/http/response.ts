import { decodeText } from '../../shared/text-decoding.ts'

/** The pieces of a body as they came. */
export class Body {
  #pieces: readonly Buffer[]
  readonly byteLength: number

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces
    this.byteLength = pieces.reduce((sum, { length }) => sum + length, 0)
  }

  /** All of them, joined when they are first read. */
  get bytes(): Buffer {
    const [only] = this.#pieces
    const joined = only && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces)
    this.#pieces = [joined]
    return joined
  }
}

/** One HTTP response, read completely. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Length of the body, unpacked. */
  readonly byteLength: number
  /** The body, unpacked. Its pieces are joined when it is first read: an answer that was parsed needs no copy. */
  readonly bytes: Buffer
  /** The body as text. It is decoded when it is first read: a copy of the object would decode it. */
  readonly text: string
  /** What the parser made of the body while it came; absent if there was none. */
  readonly parsed?: { readonly value: unknown } | undefined
}

/** Parses the body of one attempt while it comes. */
export interface BodyParser {
  /** Takes the next bytes, unpacked. */
  write(bytes: Buffer): Promise<void>
  /** The value of the whole body. Throws a VendorError if the body stops early: a read is tried again. */
  end(whole: Body): Promise<unknown>
}

/** Makes a response from its body. */
export function httpResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Body | Buffer,
  parsed?: { readonly value: unknown },
): HttpResponse {
  let text: string | undefined
  return {
    status,
    headers,
    byteLength: body.byteLength,
    get bytes() {
      return body instanceof Body ? body.bytes : body
    },
    parsed,
    get text() {
      text ??= decodeText(this.bytes)
      return text
    },
  }
}

/** The response with the value of its body. */
export const parsedResponse = <Value extends object>(
  response: HttpResponse,
  value: Value,
): HttpResponse & Value => ({
  ...value,
  status: response.status,
  headers: response.headers,
  byteLength: response.byteLength,
  get bytes() {
    return response.bytes
  },
  get text() {
    return response.text
  },
})
