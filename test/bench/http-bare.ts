import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

// The smallest service that this SDK can be: one tool, no checks, no callers.

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'one-tool', version: '1' })
  const inputSchema = z.object({ text: z.string().optional() })
  server.registerTool('car_list_script_types', { description: 'One row.', inputSchema }, async () => ({
    content: [{ type: 'text', text: 'one row\nid\n1' }],
  }))
  return server
})
const answer = toNodeHandler(handler)
const server = createServer(
  (req, res) => void answer(Object.assign(req, { method: 'POST', url: '/mcp' }), res),
)
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, tokens: [] })),
)
