import type { Input } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { withoutCredentials } from '../policy/credential-warnings.ts'

/**
 * The arguments for the audit log, which many people read: the content of a script or template, or of edits, becomes a
 * hash, and what looks like a credential is masked.
 */
export function auditArguments(args: Input): Input {
  const { content, edits, sections, ...rest } = args
  const text = content instanceof StoredText ? content.bytes : content
  return {
    ...withoutCredentials(rest),
    ...((typeof text === 'string' || Buffer.isBuffer(text)) && { content: `sha256 ${sha256(text)}` }),
    ...(edits !== undefined && { edits: `sha256 ${sha256(canonicalJson(edits))}` }),
    ...(sections !== undefined && { sections: `sha256 ${sha256(canonicalJson(sections))}` }),
  }
}
