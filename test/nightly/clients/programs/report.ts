import { failuresOf } from '../../../support/clients/conversations.ts'
import type { Host, ServerCommand } from '../../../support/clients/host.ts'

/** Has the conversations with the server that the step names, and prints what went wrong as one line of JSON. */
export async function report(host: Host): Promise<void> {
  const server = JSON.parse(process.argv[2] ?? '') as ServerCommand
  console.log(JSON.stringify(await failuresOf(host, server)))
}
