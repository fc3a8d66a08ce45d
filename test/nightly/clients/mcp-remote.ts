import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { Host } from '../../support/clients/host.ts'
import { withService } from '../../support/clients/own-service.ts'
import { converseWith } from '../../support/clients/sdk.ts'
import { type CallResult, clientInfo, type Peer } from '../../support/stdio/peers.ts'
import { installedFile, ownNode } from './client-program.ts'

// mcp-remote: a bridge for clients that speak stdio only to a service over HTTP.

/** A client over stdio, whose process is the bridge. Its own state is in a folder of its own. */
async function connectThrough(url: string, authorization: string, folder: string): Promise<Peer> {
  const client = new Client(clientInfo)
  const bridge = [installedFile('mcp-remote/dist/proxy.js'), url, '--allow-http', '--transport', 'http-only']
  const transport = new StdioClientTransport({
    command: ownNode(),
    // A blank within an argument is lost in some hosts, so that its documentation shows this form.
    args: [...bridge, '--header', `Authorization:${authorization}`],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: 'ignore',
  })
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    callTool: async (request) => (await client.callTool(request)) as unknown as CallResult,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

export const mcpRemoteHost: Host = {
  checksArguments: false,
  showsForms: false,
  rowsFor: 'model',
  isRemote: true,
  converse: (model, server) =>
    withService(server, async ({ url, authorization }) => {
      const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-remote-'))
      try {
        return await converseWith(await connectThrough(url, authorization, folder), model)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }),
}
