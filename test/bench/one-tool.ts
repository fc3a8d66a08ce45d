import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

// The smallest server that this SDK can serve: the baseline for our start time.

serveStdio(() => {
  const server = new McpServer({ name: 'one-tool', version: '1' })
  const inputSchema = z.object({ text: z.string() })
  server.registerTool('echo', { description: 'Says it again.', inputSchema }, async ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  return server
})
