import type { Operation } from '../../operations/operation.ts'
import type { Reads as ReadsOf } from '../../operations/reads/local-filter.ts'
import type { Texts } from '../../operations/reads/texts.ts'
import { decodeText } from '../../shared/text-decoding.ts'
import { hostCounts } from '../effects/targets/host-counts.ts'
import { type ListContext, listsOf } from '../lists.ts'
import { readableText } from './readable-text.ts'

export type Reads = ReadsOf<Operation>

const textsOf = ({ session, signal }: ListContext): Texts => ({
  json: async (bytes) => {
    const { readJson } = await import('../../session/products/exact-json.ts')
    return readJson(decodeText(bytes))
  },
  readable: (text) => readableText(text, session, signal),
})

/** What the local filters of one call may read. */
export const readsOf = (context: ListContext): Reads => ({
  ...listsOf(context),
  ...textsOf(context),
  countHosts: hostCounts(context),
})
