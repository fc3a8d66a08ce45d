import { counted, texts } from '../../../../shared/format.ts'
import { sha256 } from '../../../../shared/sha256.ts'
import { joined, type Line } from './lines.ts'

/** More broken blocks are not told of one by one. */
const maxFaults = 3

/** How a signature block is written in a script. */
interface Style {
  readonly begin: RegExp
  /** A line between the two markers: a comment that holds base64 and nothing else. */
  readonly body: RegExp
  readonly end: RegExp
  /** True if nothing may stand behind the block (about_Signing: "the signature must be the last thing"). */
  readonly isLast: boolean
}

const letters = '[A-Za-z0-9+/]+={0,2}'

/** The markers of Authenticode (about_Signing, Set-AuthenticodeSignature, the script hosts of Windows). */
const authenticode = (start: string, name: string, end = ''): Style => ({
  begin: new RegExp(`^${start}${name} Begin signature block${end}$`, 'i'),
  body: new RegExp(`^${start}(?:${name} )?${letters}${end}$`),
  end: new RegExp(`^${start}${name} End signature block${end}$`, 'i'),
  isLast: true,
})

/**
 * An armored signature whose lines are all comments. Without a comment sign a shell would run them: then they are
 * shown as the lines that they are.
 */
const armored = (start: string): Style => {
  const label = '(?:PGP SIGNATURE|SIGNATURE|PKCS ?#?7|CMS)'
  return {
    begin: new RegExp(`^${start}-----BEGIN ${label}-----$`),
    body: new RegExp(`^${start}(?:=?${letters}|(?:Version|Hash|Comment): [\\w .:/@()-]*)?$`),
    end: new RegExp(`^${start}-----END ${label}-----$`),
    isLast: false,
  }
}

const styles: readonly Style[] = [
  authenticode('# ', 'SIG #'),
  authenticode("'' ", "SIG ''"),
  authenticode('// ', 'SIG //'),
  authenticode('<!-- ', 'SIG #', ' -->'),
  ...['# ?', '// ?', "' ?", 'REM ', '-- ?'].map(armored),
]

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
function blockAt(lines: readonly Line[], at: number, lastEnd: number): SignatureBlock | undefined {
  const first = lines[at]
  const style = first && isMarker(first) && styles.find(({ begin }) => begin.test(first.covered))
  if (!style || !first) return undefined
  const { body, end, isLast } = style
  const broken = (fault: string): SignatureBlock => ({ lines: [first], fault, isLast })
  let to = at + 1
  while (to < lines.length && body.test(lines[to]?.covered ?? '')) to++
  const last = lines[to]
  if (last && end.test(last.covered) && to > at + 1)
    return { lines: lines.slice(at, to + 1), fault: undefined, isLast }
  if (lastEnd < to)
    return broken(`The signature block that begins on line ${first.number} has no end: it does not verify.`)
  return broken(
    `Line ${last?.number} of a signature block is no base64 in a comment: the signature does not verify.`,
  )
}

/** All signature blocks of a script. */
export function signatureBlocks(lines: readonly Line[]): SignatureBlock[] {
  const lastEnd = lines.findLastIndex(
    (line) => isMarker(line) && styles.some(({ end }) => end.test(line.covered)),
  )
  const blocks: SignatureBlock[] = []
  for (let at = 0; at < lines.length; at++) {
    const block = blockAt(lines, at, lastEnd)
    if (!block) continue
    blocks.push(block)
    at += block.lines.length - 1
  }
  return blocks
}

/** What stands for a whole block. */
export const signatureMark = ({ lines }: SignatureBlock): string =>
  `signature block, ${counted(lines.length, 'line')}, sha256 ${sha256(joined(lines))}`

/** The last signature of a script and what it signs. */
function lastSignature(lines: readonly Line[]): { signed: string; signature: string } | undefined {
  const block = signatureBlocks(lines).findLast(({ fault }) => fault === undefined)
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
export function signatureWarnings(lines: readonly Line[], stored: readonly Line[] | undefined): string[] {
  const blocks = signatureBlocks(lines)
  const first = blocks.find(({ fault, isLast }) => fault === undefined && isLast)
  const behind = first && lines.slice(first.lines.at(-1)?.number).find(({ text }) => /\S/.test(text))
  const [last, old] = [lastSignature(lines), stored && lastSignature(stored)]
  return texts(
    blocks.flatMap(({ fault }) => fault ?? []).slice(0, maxFaults),
    behind && `Line ${behind.number} stands behind the signature block: the signature does not verify.`,
    old?.signature === last?.signature &&
      old?.signed !== last?.signed &&
      'The signature block is that of the stored content: it does not verify any more.',
  )
}
