// A client of the SDK as a program of its own, which trusts the CAs of Node alone (NODE_EXTRA_CA_CERTS). Prints how many
// tools it sees in each era, or why it cannot connect.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

const { MCP_URL = '', MCP_TOKEN = '' } = process.env

async function toolsIn(mode) {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
  const requestInit = { headers: { authorization: `Bearer ${MCP_TOKEN}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(MCP_URL), { requestInit }))
  const { tools } = await client.listTools()
  await client.close()
  return tools.length
}

try {
  process.stdout.write(JSON.stringify({ legacy: await toolsIn('legacy'), modern: await toolsIn('auto') }))
} catch (error) {
  process.stdout.write(JSON.stringify({ error: String(error?.cause?.code ?? error?.message ?? error) }))
}
