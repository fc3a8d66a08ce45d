import { withQuestionnaires } from '../processes.ts'
import type { Measured } from '../table.ts'

// Walking questionnaires in XML, compared with a bare loop that requests the same batches with undici, and parses them
// with saxes into plain objects.

const rows = 10_000

export async function xml(quick: boolean): Promise<Measured> {
  // Code is compiled while a second of documents is read, as in the other walks.
  const rounds = { pairs: quick ? 1 : 4, rounds: 8, warmUp: 8 }
  const { ratio, from } = await withQuestionnaires(rows, ({ compare }) => compare('walk-xml', rounds))
  const what = `walking ${rows.toLocaleString('en')} questionnaires in XML, over a bare loop`
  return { figures: [{ name: 'xml', what, figure: ratio, unit: 'x', goal: 1.4, from }] }
}
