import { sha256 } from '../../../../shared/crypto.ts'
import { counted, texts } from '../../../../shared/format.ts'
import type { ScriptLanguage } from '../../targets/script-language.ts'
import { joined, type Line } from './lines.ts'

/** More broken blocks are not told of one by one. */
const maxFaults = 3

/** How a signature block is written in a script. */
interface Style {
  readonly begin: RegExp
  /** A line of base64 between the two markers. */
  readonly body: RegExp
  /** A line between the two markers that holds no base64. */
  readonly other?: RegExp
  readonly end: RegExp
  /** True if nothing may stand behind the block (about_Signing: "the signature must be the last thing"). */
  readonly isLast: boolean
  /** The languages in which these lines are comments; without it, they run in none. */
  readonly languages?: RegExp
}

/** The markers of Authenticode (about_Signing, Set-AuthenticodeSignature, the script hosts of Windows). */
const authenticode = (start: string, name: string, languages?: RegExp): Style => ({
  begin: new RegExp(`^${start}${name} Begin signature block$`, 'i'),
  body: new RegExp(`^${start}(?:${name} )?([A-Za-z0-9+/]+={0,2})$`),
  end: new RegExp(`^${start}${name} End signature block$`, 'i'),
  isLast: true,
  ...(languages && { languages }),
})

/**
 * An armored signature whose lines are all comments. Without a comment sign a shell would run them: then they are
 * shown as the lines that they are.
 */
const armored = (start: string, languages?: RegExp): Style => {
  const label = '(?:PGP SIGNATURE|SIGNATURE|PKCS ?#?7|CMS)'
  return {
    begin: new RegExp(`^${start}-----BEGIN ${label}-----$`),
    body: new RegExp(`^${start}([A-Za-z0-9+/]+={0,2})$`),
    other: new RegExp(`^${start}(?:=[A-Za-z0-9+/]{4}|(?:Version|Hash|Comment): [\\w .:/@()-]*)?$`),
    end: new RegExp(`^${start}-----END ${label}-----$`),
    isLast: false,
    ...(languages && { languages }),
  }
}

const basic = /vbs|visual ?basic/i
const script = /java|jscript|node/i

/** A word that begins a comment in one language is the name of a command in another. */
const styles: readonly Style[] = [
  authenticode('# ', 'SIG #'),
  authenticode("'' ", "SIG ''", basic),
  authenticode('// ', 'SIG //', script),
  armored('# ?'),
  armored('// ?', script),
  armored("' ?", basic),
  armored('REM ', /vbs|visual ?basic|batch|\bcmd\b/i),
  armored('-- ?', /lua/i),
]

/** The styles of a language. One that is not known may be VBScript on Windows: no other language there takes its lines. */
const stylesOf = ({ name, platform }: ScriptLanguage): Style[] =>
  styles.filter(
    ({ languages }) =>
      !languages ||
      (name === undefined ? platform === 'WINDOWS' && languages === basic : languages.test(name)),
  )

/** Programs write base64 in lines of one width, from 40 letters on; the last one may be shorter. */
const leastWidth = 32

/** True for lines that hold base64: words in place of it are shown. */
function areBase64(letters: readonly string[]): boolean {
  const [first = '', ...others] = letters
  const last = others.pop() ?? ''
  const isMixed = [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(letters.join('')))
  const isOneWidth = others.every(({ length }) => length === first.length)
  return isMixed && isOneWidth && first.length >= leastWidth && last.length <= first.length
}

const shortestMarker = '-----END CMS-----'.length

/** Most lines are no marker: this look at them is cheap. */
const isMarker = ({ covered }: Line): boolean =>
  covered.length >= shortestMarker && /signature block|-----(?:begin|end) /i.test(covered.slice(0, 100))

/** A signature block of a script, whole or broken. */
export interface SignatureBlock {
  /** From the first marker to the last; of a broken one, the first marker alone. */
  readonly lines: readonly Line[]
  /** Why it is no signature, as one sentence; undefined for a whole block. */
  readonly fault: string | undefined
  readonly isLast: boolean
}

/** The signature block that begins on this line. `lastEnd`: where the last marker of an end is. */
function blockAt(
  lines: readonly Line[],
  at: number,
  styles: readonly Style[],
  lastEnd: number,
): SignatureBlock | undefined {
  const first = lines[at]
  const style = first && isMarker(first) && styles.find(({ begin }) => begin.test(first.covered))
  if (!style || !first) return undefined
  const { body, other, end, isLast } = style
  const broken = (fault: string): SignatureBlock => ({ lines: [first], fault, isLast })
  const letters: string[] = []
  let to = at + 1
  for (; to < lines.length; to++) {
    const { covered = '' } = lines[to] ?? {}
    const part = body.exec(covered)?.[1]
    if (part !== undefined) letters.push(part)
    else if (!other?.test(covered)) break
  }
  const last = lines[to]
  if (lastEnd < to)
    return broken(`The signature block that begins on line ${first.number} has no end: it does not verify.`)
  if (!last || !end.test(last.covered))
    return broken(
      `Line ${last?.number} of a signature block is no base64 in a comment: the signature does not verify.`,
    )
  return areBase64(letters)
    ? { lines: lines.slice(at, to + 1), fault: undefined, isLast }
    : broken(
        `The signature block that begins on line ${first.number} holds no base64 of one width: it does not verify.`,
      )
}

/** All signature blocks of a script. */
export function signatureBlocks(lines: readonly Line[], language: ScriptLanguage): SignatureBlock[] {
  const styles = stylesOf(language)
  const lastEnd = lines.findLastIndex(
    (line) => isMarker(line) && styles.some(({ end }) => end.test(line.covered)),
  )
  const blocks: SignatureBlock[] = []
  for (let at = 0; at < lines.length; at++) {
    const block = blockAt(lines, at, styles, lastEnd)
    if (!block) continue
    blocks.push(block)
    at += block.lines.length - 1
  }
  return blocks
}

/** What stands for a whole block. */
export const signatureMark = ({ lines }: SignatureBlock): string =>
  `signature block, ${counted(lines.length, 'line')}, sha256 ${sha256(joined(lines))}`

interface Signed {
  readonly signed: string
  readonly signature: string
}

/** The last signature of a script and what it signs. */
function lastSignature(lines: readonly Line[], blocks: readonly SignatureBlock[]): Signed | undefined {
  const block = blocks.findLast(({ fault }) => fault === undefined)
  const first = block?.lines[0]
  return (
    block &&
    first && {
      signed: joined(lines.slice(0, first.number - 1)),
      signature: block.lines.map(({ text }) => text).join('\n'),
    }
  )
}

/** What a person must know about the signatures of new content, one sentence each. */
export function signatureWarnings(
  lines: readonly Line[],
  stored: readonly Line[] | undefined,
  language: ScriptLanguage,
): string[] {
  const blocks = signatureBlocks(lines, language)
  const first = blocks.find(({ fault, isLast }) => fault === undefined && isLast)
  const behind = first && lines.slice(first.lines.at(-1)?.number).find(({ text }) => /\S/.test(text))
  const last = lastSignature(lines, blocks)
  const old = stored && lastSignature(stored, signatureBlocks(stored, language))
  return texts(
    blocks.flatMap(({ fault }) => fault ?? []).slice(0, maxFaults),
    behind && `Line ${behind.number} stands behind the signature block: the signature does not verify.`,
    old?.signature === last?.signature &&
      old?.signed !== last?.signed &&
      'The signature block is that of the stored content: it does not verify any more.',
  )
}
