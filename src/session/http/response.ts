import { decodeText } from '../../shared/text-decoding.ts'

/** One HTTP response, read completely. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body, unpacked. */
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
  end(whole: Buffer): Promise<unknown>
}

/** Makes a response from its body. */
export function httpResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  parsed?: { readonly value: unknown },
): HttpResponse {
  let text: string | undefined
  return {
    status,
    headers,
    bytes,
    parsed,
    get text() {
      text ??= decodeText(bytes)
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
  bytes: response.bytes,
  get text() {
    return response.text
  },
})
