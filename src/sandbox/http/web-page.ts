import type { Reply } from './reply.ts'

/** A page of the web server, for paths without a service. */
export function webPage(status: number, title: string, headers: Record<string, string> = {}): Reply {
  const text = `<!DOCTYPE html>\n<html><head><title>${status} ${title}</title></head><body><h1>HTTP Status ${status} - ${title}</h1></body></html>\n`
  return { status, headers, content: { text, type: 'text/html;charset=utf-8' } }
}
