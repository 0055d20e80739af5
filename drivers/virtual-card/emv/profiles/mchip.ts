/**
 * M/Chip (4, Select and Advance in what they have in common, contact interface). The groupings A002 to A007 of its own common
 * personalization are lists of values whose order is for licensees alone; here they come as data objects with the tags that GET DATA
 * and PUT DATA have for them (C3 to C5 card issuer action codes, D5 application control ...), and anything else is kept unread. A005 is the answer of GET PROCESSING
 * OPTIONS, A006 the key of the ICC dynamic number; the B groupings belong to the contactless interface.
 */
import type { CryptogramVersion } from '../cryptogram.ts'
import type { EmvProfile } from '../profile.ts'

const ownKeys = { sessionKey: 'mchip', padding: 'iso', issuerAuthentication: { method: 1, key: 'master' }, script: 'common' } as const
const treeKeys = { ...ownKeys, sessionKey: 'tree' } as const
const commonKeys = { ...ownKeys, sessionKey: 'common', issuerAuthentication: { method: 1, key: 'session' } } as const
const plain = { ending: 'verification-results' } as const
const counted = { ending: 'verification-results-and-counters' } as const

export const mchipVersions: Readonly<Record<number, CryptogramVersion>> = {
  0x10: { ...ownKeys, ...plain },
  0x11: { ...ownKeys, ...counted },
  0x12: { ...treeKeys, ...plain },
  0x13: { ...treeKeys, ...counted },
  0x14: { ...commonKeys, ...plain },
  0x15: { ...commonKeys, ...counted },
}

const own = { kind: 'tags', otherwise: 'kept' } as const
const contactless = { kind: 'kept', secret: false } as const

export const mchipProfile: EmvProfile = {
  scheme: 'mchip',
  groupings: {
    '8001': { kind: 'kept', secret: true },
    '9001': contactless,
    A001: own,
    A002: own,
    A003: own,
    A004: own,
    A005: { kind: 'processing-options' },
    A006: { kind: 'keys', keys: ['idn'], secret: true },
    A007: own,
    B001: contactless,
    B002: contactless,
    B003: contactless,
    B004: contactless,
    B005: contactless,
    B006: { kind: 'kept', secret: true },
    B007: contactless,
  },
  responseFormat: '77',
  getData: ['C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'CA', 'CB', 'D1', 'D3', 'D5', 'D6', '9F14', '9F23', '9F7E'],
  putData: ['C3', 'C4', 'C5', 'C6', 'C8', 'C9', 'CA', 'CB', 'D1', 'D3', 'D5', 'D6', '9F14', '9F23', '9F17'],
  dynamicNumber: 8,
}
