import { BusyError, SetupError } from '../../../../shared/errors.ts'
import type { Preview } from '../../preview/preview.ts'
import { fitsInto, shortLines, wholeText } from '../../preview/text.ts'
import type { Offer } from '../offer.ts'
import { pendingUri } from '../pending/pending-resource.ts'

/** A form of more lines is read by nobody. */
export const maxFormLines = 60

/** Where the rest of a short view stands. */
function placesOf({ code, link, command }: Offer): string {
  const places = [
    `resource ${pendingUri(code)}`,
    ...(link === undefined ? [] : [link]),
    ...(command === undefined ? [] : [`\`${command}\` in a terminal`]),
  ]
  const last = places.pop() ?? ''
  return places.length === 0 ? last : `${places.join(', ')}, or ${last}`
}

/**
 * What a form of the client shows: the whole preview, or a short view and the way to the rest; undefined if that is too
 * long as well. `offer` keeps the call for those who look at the rest, or says why that is not possible.
 */
export async function formQuestion(
  preview: Preview,
  offer: () => Promise<Offer | SetupError | BusyError>,
): Promise<string | SetupError | BusyError | undefined> {
  if (fitsInto(maxFormLines, preview)) return wholeText(preview)
  if (shortLines(preview, '').length > maxFormLines) return undefined
  const open = await offer()
  if (open instanceof SetupError || open instanceof BusyError) return open
  return shortLines(preview, placesOf(open)).join('\n')
}
