import { isUtf8 } from 'node:buffer'
import { decodeText, encodeWindows1252, encodingOf } from '../shared/text-decoding.ts'

const encoders: Readonly<Record<string, (text: string) => Buffer | undefined>> = {
  'utf-8': (text) => Buffer.from(text, 'utf8'),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
  'windows-1252': encodeWindows1252,
}

/**
 * A text as Qualys stores it: shown as text, compared and changed by its bytes. In JSON it is its text, so that
 * everything that redacts and shows records treats it as one.
 */
export class StoredText {
  readonly bytes: Buffer
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` or the like: as the bytes show it. */
  readonly encoding: string
  /** With its byte order mark, if it is in UTF-8. A byte that is bad in its encoding is U+FFFD. */
  readonly text: string

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.encoding = encodingOf(bytes)
    this.text = this.encoding === 'utf-8' ? bytes.toString('utf8') : decodeText(bytes)
  }

  /** True if creating or updating with this text stores the same bytes: everything is sent in UTF-8. */
  get isExact(): boolean {
    // The ASCII of UTF-16 is UTF-8, too, with zeros between the letters.
    return this.encoding === 'utf-8' && isUtf8(this.bytes)
  }

  /** Another text in the encoding of this one; undefined if the encoding has not all of its characters. */
  encode(text: string): Buffer | undefined {
    return encoders[this.encoding]?.(text)
  }

  toJSON(): string {
    return this.text
  }
}
