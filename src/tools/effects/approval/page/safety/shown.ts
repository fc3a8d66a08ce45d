import { sealedFacts } from '../../../preview/sealed.ts'
import { hashOfJson } from '../../approval-record.ts'
import type { StoredCall } from '../../pending/stored-call.ts'

/** What is said of a request whose file was changed. */
export const changedPreview =
  'The file of this request was changed since it was asked, so what is shown here may not be what would run: it cannot be approved.'

/** True if the preview that is shown is the one whose hash the record holds, and so the digest that is approved. */
export const showsWhatIsSealed = ({ preview, record }: Pick<StoredCall, 'preview' | 'record'>): boolean =>
  hashOfJson(sealedFacts(preview.facts)) === record.preview
