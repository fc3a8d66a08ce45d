// Clients pass a variable as they found it when an optional field is left blank, or when the variable that it
// names is not set where they run.

/** Forms that are never meant as a value, not even as a password. */
const never = [
  /(?:\$\{(?:[^{}]|\{[^{}]*\})*\})+/,
  // Kubernetes, templates, n8n.
  /\$\([A-Za-z_][\w.-]*\)/,
  /=?\{\{[^{}]*\}\}/,
  // opencode, PowerShell, 1Password.
  /\{(?:env|file):[^{}]*\}/,
  /\$env:\w+/,
  /op:\/\/[^/]+\/[^/]+\/.+/,
  // Documentation, and a variable of this program by name.
  /<[A-Za-z][A-Za-z _-]*>/,
  /%QUALYS_\w*%/,
  /\$QUALYS_\w*/,
  // What JavaScript makes of a value that is missing.
  /undefined|null|\[object Object\]/,
]

/** Forms that could be a password, but no other setting: `%NAME%` and `$NAME`. */
const notAsText = [/%[A-Z_]\w*%/, /\$[A-Z_]\w*/]

/** A text that as a whole has one of the forms; an env file may have kept the quotes around it. */
const wholeOf = (forms: readonly RegExp[]): RegExp =>
  new RegExp(`^\\s*(["']?)(?:${forms.map(({ source }) => source).join('|')})\\1\\s*$`, 'i')

const neverMeant = wholeOf(never)
const notMeantAsText = wholeOf(notAsText)

/** True for a text that as a whole is a placeholder. */
export const isPlaceholder = (text: string): boolean => neverMeant.test(text)

/** True for a text that is a placeholder unless it is a secret. */
export const isPlaceholderOfText = (text: string): boolean => notMeantAsText.test(text)
