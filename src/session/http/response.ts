import { decodeText } from '../../shared/text-decoding.ts'

/** One HTTP response, read completely. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The body, unpacked. */
  readonly bytes: Buffer
  /** The body as text. It is decoded when it is first read: a copy of the object would decode it. */
  readonly text: string
}

/** Makes a response from its body. */
export function httpResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
): HttpResponse {
  let text: string | undefined
  return {
    status,
    headers,
    bytes,
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
