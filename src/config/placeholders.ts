// Clients pass a variable as they found it when an optional field is left blank, or when the variable that it
// names is not set where they run.

/**
 * Forms that are never meant as a value, not even as a password: `${…}`, `$(NAME)` (Kubernetes), `{{…}}`
 * (templates), `<your password>` (documentation), and a variable of this program by name.
 */
const never =
  /^(?:(?:\$\{(?:[^{}]|\{[^{}]*\})*\})+|\$\([A-Za-z_][\w.-]*\)|\{\{[^{}]*\}\}|<[A-Za-z][A-Za-z _-]*>|%QUALYS_\w*%|\$QUALYS_\w*)$/

/** Forms that could be a password, but no other setting: `%NAME%` and `$NAME`. */
const notAsText = /^(?:%[A-Z_][A-Z0-9_]*%|\$[A-Z_][A-Z0-9_]*)$/

/** True for a text that as a whole is a placeholder. */
export const isPlaceholder = (text: string): boolean => never.test(text.trim())

/** True for a text that is a placeholder unless it is a secret. */
export const isPlaceholderOfText = (text: string): boolean => notAsText.test(text.trim())
