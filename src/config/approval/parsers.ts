import { lowerCase, normalizedBy, plainText } from '../normalizations.ts'
import { namesIn, parser } from '../parsers.ts'

/** The ways in which a person can say yes. */
const ways = ['client', 'page', 'terminal'] as const

/** A way in which a person can say yes. */
export type ApprovalWay = (typeof ways)[number]

/** A subset of the ways. */
export const approvalWays = normalizedBy(
  parser(
    (text): readonly ApprovalWay[] | undefined => {
      const words = new Set(namesIn(text))
      const chosen = ways.filter((way) => words.has(way))
      return chosen.length > 0 && chosen.length === words.size ? chosen : undefined
    },
    `must be some of ${ways.join(', ')}, parted by commas`,
  ),
  ...plainText,
  lowerCase,
)
