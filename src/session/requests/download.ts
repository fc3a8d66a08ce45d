import type { Operation } from '../../operations/operation.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Download } from '../answer.ts'
import type { HttpResponse } from '../http/response.ts'
import type { Product, Success } from '../products/product.ts'

/** The file in an answer, with the name and media type that Qualys gives it. */
export function downloadOf(
  response: HttpResponse & Success,
  { operation, product }: { readonly operation: Operation; readonly product: Product },
  redact: Redact,
): Download {
  const { bytes, headers } = response
  const mediaType = headers['content-type'] ?? 'application/octet-stream'
  product.checkFile(response, mediaType, operation, redact)
  const filename = /filename="?([^";]+)"?/i.exec(redact(headers['content-disposition'] ?? ''))?.[1]
  return { kind: 'file', bytes, mediaType, filename }
}
