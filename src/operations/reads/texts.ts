/** Reads files and texts of Qualys. */
export interface Texts {
  /** The JSON value of a file, with long numbers as text; undefined if it holds none. */
  json(bytes: Buffer): Promise<unknown>
  /** A text as replies show its lines: secrets masked, without hidden characters, with LF line ends. */
  readable(text: string): Promise<{ readonly text: string; readonly isMasked: boolean }>
}
