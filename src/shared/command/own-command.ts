let findCall = (): string => 'qualys-mcp'

/** Sets what finds out how this program was started, as a shell takes it. It runs when a text needs it. */
export function setOwnCommand(find: () => string): void {
  findCall = find
}

/**
 * A command of this program for a person to type, such as `qualys-mcp doctor`. It is named as this program was
 * started, since most have no `qualys-mcp` on their PATH.
 */
export const ownCommand = (...words: readonly string[]): string => [findCall(), ...words].join(' ')
