import type { ApprovalWay } from '../config/approval/parsers.ts'

/** What makes calls identical: the same approval is for all of them. */
export interface ApprovalSubject {
  /** The state folder of the server that asks: see effects/approval/server-id.ts. */
  readonly server: string
  /** Who acts at Qualys. */
  readonly account: string
  /** `sandbox`, the code of a platform, or the host of a private one. */
  readonly platform: string
  /** Who asks: an approval for one caller is none for another. */
  readonly caller: string
  readonly tool: string
  readonly effect: string
  /** SHA-256 of the arguments as they were passed, and of all that they stand for. */
  readonly arguments: string
  /** SHA-256 of the facts of the preview. */
  readonly preview: string
}

/**
 * What is asked, as one line of canonical JSON (design 13). Long parts are hashes, so that it fits into a line of the
 * audit log, and whoever has the parts can check it.
 */
export interface ApprovalRecord extends ApprovalSubject {
  readonly v: 1
  /** 128 random bits, in hexadecimal: no two records are the same. */
  readonly id: string
  /** When a person was asked, and until when the record is good: in UTC. */
  readonly asked: string
  readonly until: string
}

/** A record in the state folder. */
export interface KnownRecord {
  readonly record: ApprovalRecord
  readonly digest: string
  readonly isApproved: boolean
}

/** The records of this process. */
export interface ApprovalRecords {
  /** The record of a call: that of an identical call while it is good, otherwise a new one. `known`: those of the folder. */
  readonly recordFor: (subject: ApprovalSubject, known: readonly KnownRecord[]) => ApprovalRecord
  /** Ends a record: it was used or declined. False if it had ended before. */
  readonly end: (digest: string) => boolean
  readonly hasEnded: (digest: string) => boolean
}

/** A pinned passkey, as far as an approval says who signed it. */
export interface SigningPasskey {
  readonly person: string
  readonly credentialId: string
  readonly publicKey: string
  readonly rpId: string
}

/** A signature that counts. */
export interface VerifiedSignature {
  readonly passkey: SigningPasskey
  /** What was verified, and nothing else that the browser sent. */
  readonly assertion: unknown
  /** The page on which it was made. */
  readonly origin: string
}

/** The signature of a record, and what it is checked against. */
export interface SignatureCheck {
  /** As the browser gave it. */
  readonly assertion: unknown
  /** Of the record, in hexadecimal: the challenge. */
  readonly digest: string
  readonly origins: readonly string[]
  /** Only keys of this person count; absent for anybody's. */
  readonly person?: string | undefined
  /** True if the page verified and counted the signature before. */
  readonly isAgain?: boolean
}

/** Verifies signatures with the keys that are pinned now. Throws an InputError or a SetupError that says why not. */
export interface PasskeyVerifier {
  /** The keys that count. Throws a SetupError for a file that cannot be used. */
  readonly list: () => readonly SigningPasskey[]
  readonly verify: (check: SignatureCheck) => Promise<VerifiedSignature>
}

/** The approval page of this process. */
export interface ApprovalPage {
  /** Starts it if need be. Throws a SetupError where it cannot be started. Returns the address for a code. */
  readonly start: () => Promise<(code: string) => string>
  /** The address that lets whoever opens it approve: for the window of a client, never for a model. */
  readonly keyLinkFor?: (code: string) => Promise<string>
  /** Opens the page of a code in the browser of this machine; true if a browser was started. */
  readonly openInBrowser?: (code: string) => Promise<boolean>
  /** Every origin at which it was served. */
  readonly origins: () => readonly string[]
}

/** How people approve elsewhere than in a form of the client. */
export interface Approvals {
  /** The ways that count unless QUALYS_APPROVE_BY names others. */
  readonly usualWays: readonly ApprovalWay[]
  readonly records: ApprovalRecords
  readonly page?: ApprovalPage | undefined
  readonly passkeys: () => Promise<PasskeyVerifier>
  /** The key with which the page of this service seals what was approved there. */
  readonly sealKey: Buffer
  /** True in a service: a yes of the page counts with its seal alone, whoever the journal of a plan says that asked. */
  readonly needsSeal?: boolean
  /** True if the caller sees the progress of its calls, and waits for a person at once. */
  readonly waitsAtOnce: boolean
}

/** How long a call may wait for a person, and until when its request may leave: ms since it arrived. */
export interface CallTimes {
  readonly waitMs: number
  readonly sendMs: number
}
