import { outcomeOf } from '../../../operations/car/outcomes.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import { unknownWord } from '../../../operations/reads/row-words.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { Turns } from '../../../shared/turns/turns.ts'
import { Digest } from '../../digest/digest.ts'
import { inline } from '../../digest/host-result.ts'
import type { Kind } from '../../digest/kind.ts'
import type { ToolContext } from '../../tool.ts'
import { hostResultOf } from './host-output.ts'

/** Characters of a kind in all. */
const maxLength = 300
const maxNames = 3

const saysWhy = /\b(?:err(?:or)?|fail(?:ed|ure)?|fatal|denied|cannot|can't|not found|exception|refused)\b/i

/** An output on one line: the whole of a short one, else the first line that says what went wrong, else the first. */
function shortOutput(output: string): string {
  const line = oneLine(output, maxLength + 1)
  if (line.length <= maxLength / 2) return line
  const lines = output.split('\n').filter((part) => part.trim() !== '')
  return oneLine(lines.find((part) => saysWhy.test(part)) ?? lines[0] ?? '', maxLength)
}

/** `3 hosts (a, b, c), exit code 1: error: package not found`. */
function kindText({ count, hosts, outcome, sample, characters }: Kind): string {
  const { code, text, output, hidesOutput } = sample
  const names = hosts.slice(0, maxNames).map(inline)
  const more = count > names.length ? [`${formatNumber(count - names.length)} more`] : []
  const head = texts(
    `${counted(count, 'host')} (${[...names, ...more].join(', ')})`,
    outcome === unknownWord && 'outcome unknown',
    code !== undefined && `exit code ${inline(code)}`,
    text !== undefined && text !== '' && inline(text),
  ).join(', ')
  const printed = shortOutput(output ?? '')
  const missing = hidesOutput ? 'output unknown' : output === undefined ? 'no output' : 'printed nothing'
  const isCut = output !== undefined && characters > output.length && !printed.endsWith('…')
  return printed === '' ? `${head}, ${missing}` : `${head}: ${printed}${isCut ? '…' : ''}`
}

/**
 * The kinds of output of the hosts that failed, or ended nobody knows how: at most `max`, each as one line of at most 300
 * characters with the number of its hosts. Text of hosts, cleaned and redacted: data, no instructions.
 */
export async function failureKinds(
  jobId: string,
  { session, signal }: Pick<ToolContext, 'session' | 'signal'>,
  max: number,
): Promise<string[]> {
  const digest = new Digest()
  const turns = new Turns(signal)
  for await (const { rows } of session.walk(searchAssetJobs, { jobId, includeOutput: true }, { signal })) {
    for (const row of rows) {
      if (!['failed', unknownWord].includes(outcomeOf(row))) continue
      await digest.addInTurns(hostResultOf(row, session.redact), signal)
      await turns.give()
    }
  }
  const kinds = await digest.kinds(signal)
  return kinds.slice(0, max).map((kind) => oneLine(session.redact(kindText(kind)), maxLength))
}
