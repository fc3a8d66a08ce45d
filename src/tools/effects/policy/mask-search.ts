import { unseen } from '../../../shared/characters/unseen.ts'
import { mask } from '../../../shared/secrets.ts'

// A model that passes back what it read changes a mask on the way: its case, its brackets, its hyphens, its
// encoding, its language, or where a line ends.

const words = mask.replace(/^\[|\]$/g, '').split('-')

/** What stands between two letters of a wrapped text. */
const glue = `[\\s${unseen}]{0,16}`

/** Hyphens, what replaces them in names of variables, and their escapes. */
const hyphen =
  '(?:[-_.\\u00ad\\u2010-\\u2015\\u2043\\u2212\\ufe58\\ufe63\\uff0d]|%(?:2d|5f)|\\\\+(?:u002d|x2d|-)|&#(?:0*45|x0*2d);|&(?:hyphen|dash|minus|shy|[mn]dash);)'

/** Between words, a line may be continued, quoted or commented. */
const gap = `(?:[\\s"'\`+&.,\\\\#/*>|^<;${unseen}]{0,16})`

const plainPattern = words.map((word) => [...word].join(glue)).join(`(?:${gap}${hyphen}${gap})?`)

/** The mask within a base64 text, which may be wrapped: the characters that do not depend on what surrounds it. */
function base64Pattern(bytes: Buffer, offset: number): string {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
  const letters = shifted
    .toString('base64url')
    .slice(Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6))
  return [...letters].join('\\s{0,4}')
}

const hexPattern = [...Buffer.from(words.join('-')).toString('hex')].join('\\s{0,4}')

/** UTF-16 is what PowerShell's -EncodedCommand takes. */
const base64Patterns = [Buffer.from(words.join('-')), Buffer.from(words.join('-'), 'utf16le')].flatMap(
  (bytes) => [0, 1, 2].map((offset) => base64Pattern(bytes, offset)),
)

const maskPattern = new RegExp([plainPattern, hexPattern, ...base64Patterns].join('|'), 'giu')

const bracketed = /[[({<【「«⟨]([^\][(){}<>【】「」«»⟨⟩\n]{12,60})[\])}>】」»⟩]/gu

/** "Masked" and its like, as far as they are alike, in the languages that models translate to. */
const maskedWords =
  /mask|masq|masch|masc|redact|hidden|censor|verborg|versteck|geschw|zensur|cach|ocult|oscur|verber|скры|замаск|マスク|掩|屏蔽|遮|가려|마스/iu

/** A mask in other words: nothing but them and this program's name in brackets. */
function isTranslated(words: string): boolean {
  return /qualys[-_ ]mcp/i.test(words) && maskedWords.test(words) && words.trim().split(/[-_\s]+/).length <= 5
}

/** Where the masks of a text begin. */
export function findMasks(text: string): number[] {
  const plain = [...text.matchAll(maskPattern)].map(({ index }) => index)
  if (plain.length > 0 || !/qualys/i.test(text)) return plain
  return [...text.matchAll(bracketed)]
    .filter(([, words = '']) => isTranslated(words))
    .map(({ index }) => index)
}
