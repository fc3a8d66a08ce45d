import type { Row } from '../../../src/session/answer.ts'
import { decodeOutput } from '../../../src/shared/text-decoding.ts'
import { hostResultOf } from '../../../src/tools/workflows/run/host-output.ts'
import { hostsReply } from '../workflows/runs.ts'
import type { FleetHost } from './fleet.ts'

/** The hosts as Qualys lists them, with their outputs in base64. */
export function rowsOf(hosts: readonly FleetHost[]): readonly Row[] {
  const { body } = hostsReply(hosts) as {
    readonly body: { readonly list: readonly { readonly data: Row }[] }
  }
  return body.list.map(({ data }) => data)
}

/** The output of a host, as the session decodes it. */
export const decodedOutput = (row: Row): string =>
  decodeOutput(Buffer.from(String(row['scriptResult']), 'base64'))

/** The result of a host without secrets to hide. */
export const resultOf = (row: Row) =>
  hostResultOf({ ...row, scriptResult: decodedOutput(row) }, (text) => text)
