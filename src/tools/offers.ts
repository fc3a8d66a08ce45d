import type {
  CacheHint,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerContext,
} from '@modelcontextprotocol/server'

// What a server offers besides tools. The handlers of MCP's methods list it, and find what a request names.

/** One resource. */
export interface ResourceOffer {
  readonly listed: Resource
  readonly cacheHint: CacheHint
  readonly read: () => Promise<ReadResourceResult>
}

/** All resources whose address has one form. */
export interface ResourceTemplateOffer {
  readonly listed: ResourceTemplateType
  readonly cacheHint: CacheHint
  /** Those that are listed; absent if none is. */
  readonly list?: () => Promise<readonly Resource[]>
  /** `variables`: what the address has in place of each name in braces. */
  readonly read: (
    uri: string,
    variables: Readonly<Record<string, unknown>>,
    request: ServerContext,
  ) => Promise<ReadResourceResult>
}

/** The resources of a server, in the order in which they are listed. */
export interface ResourceOffers {
  readonly single: readonly ResourceOffer[]
  readonly templates: readonly ResourceTemplateOffer[]
}

/** One prompt. */
export interface PromptOffer {
  readonly listed: Prompt
  readonly get: (args: unknown) => Promise<GetPromptResult>
  /** Values of an argument for what was typed of it; none for an argument that takes any. */
  readonly complete: (argument: string, typed: string) => Promise<readonly string[]>
}
