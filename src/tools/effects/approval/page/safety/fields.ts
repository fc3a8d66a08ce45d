import { isObject, parseJson } from '../../../../../shared/json.ts'
import type { PageRequest } from '../contract.ts'

/** The fields of a post. */
export interface PostedFields {
  /** The texts, as an authority reads them. */
  readonly fields: URLSearchParams
  /** Everything, of a body of JSON; empty for a form. */
  readonly values: Readonly<Record<string, unknown>>
}

/** The fields of a post: of a form, or the members of an object in JSON. */
export function postedFields({ headers, body }: PageRequest): PostedFields {
  const text = body.toString('utf8')
  if (!(headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
    return { fields: new URLSearchParams(text), values: {} }
  const value = parseJson(text)
  const values = isObject(value) ? value : {}
  const fields = new URLSearchParams()
  for (const [name, part] of Object.entries(values)) if (typeof part === 'string') fields.set(name, part)
  return { fields, values }
}
