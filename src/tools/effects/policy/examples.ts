// Texts that have the form of a credential and are none: examples of documentation, and what a script fills in.

const exampleWords =
  /example|sample|dummy|placeholder|your|change.?(?:me|it|this)|replace|insert|redacted|fake|todo|fixme|foobar|qwerty|x{4}|\*{3}|\.{3}|…/i

/** The key of every storage emulator of Azure, which Microsoft publishes. */
const publicKeys = /^Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u/

/** The share of characters in runs of three or more: the same again, or in the order of the alphabet. */
function shareOfRuns(text: string): number {
  let length = 1
  let total = 0
  for (let index = 1; index <= text.length; index++) {
    // Past the end, the step is NaN and ends the run.
    const step = text.charCodeAt(index) - text.charCodeAt(index - 1)
    if (Math.abs(step) <= 1) length++
    else {
      if (length >= 3) total += length
      length = 1
    }
  }
  return total / text.length
}

/** True for a token that somebody wrote by hand: words such as `your`, repeated or sequential letters. */
export const isExample = (token: string): boolean =>
  exampleWords.test(token) ||
  publicKeys.test(token) ||
  shareOfRuns(token) >= 0.5 ||
  new Set(token.toLowerCase()).size <= 2

/** Shannon entropy, in bits for each character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
}

/** Variables and templates of shells, PowerShell, batch, Ansible, Jinja, Terraform, .NET and documentation. */
const filledIn =
  /(?<!\$)\$(?:[({]|env:|script:|global:|[A-Za-z_]\w{2,})|^\$\w+$|%[A-Za-z_]\w*%|%\(\w+\)|![A-Za-z_]\w*!|\{\{|^\{.*\}$|<[^>]+>|^\[.*\]$|^__\w+__$|^@\w+@$|#\{|^`|^!\w|ENC\[/

/** What reads the value from elsewhere: a path, a call, an environment, a store. */
const readElsewhere =
  /^(?:[~.]{0,2}[\\/]|[A-Za-z]:[\\/]|\\\\|(?:file|https?|env|vault|secret|ssm|arn|op|keyring|azurekeyvault):|process\.env|os\.|ENV\b)/i

const ordinaryWords =
  /^(?:(?:my|the|a|an|no|new|old|some|user|admin|root|db|database|enter|set|use|get|test|default|access|api|auth|client|secure)?[-_ ]?(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|key|credentials?)[-_ ]?(?:here|value|name|field|hash)?|true|false|null|none|nil|undefined|yes|no|required|optional|empty|string|str|text|secure|plain|prompt|ask|stdin)$/i

/** True for a value that stands in a script in place of a password: it is filled in, read, or no value. */
export const isPlaceholder = (value: string): boolean =>
  exampleWords.test(value) ||
  shareOfRuns(value) === 1 ||
  publicKeys.test(value) ||
  filledIn.test(value) ||
  readElsewhere.test(value) ||
  ordinaryWords.test(value)
