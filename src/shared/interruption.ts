/** The answer to a call that the shutdown interrupts. */
export const interruptedMessage =
  'qualys-mcp was told to end before the call was answered. If the call changes something, look up whether that happened before making it again.'
