/** Names of commands as their standards print them. They are not translated. */

/** Interindustry commands: ISO/IEC 7816-4 and -9, EMV 4.3 Book 3. */
const interindustry: Readonly<Record<number, string>> = {
  0x04: 'DEACTIVATE FILE',
  0x0e: 'ERASE BINARY',
  0x10: 'PERFORM SCQL OPERATION',
  0x20: 'VERIFY',
  0x22: 'MANAGE SECURITY ENVIRONMENT',
  0x24: 'CHANGE REFERENCE DATA',
  0x26: 'DISABLE VERIFICATION REQUIREMENT',
  0x28: 'ENABLE VERIFICATION REQUIREMENT',
  0x2a: 'PERFORM SECURITY OPERATION',
  0x2c: 'RESET RETRY COUNTER',
  0x44: 'ACTIVATE FILE',
  0x46: 'GENERATE ASYMMETRIC KEY PAIR',
  0x70: 'MANAGE CHANNEL',
  0x82: 'EXTERNAL AUTHENTICATE',
  0x84: 'GET CHALLENGE',
  0x86: 'GENERAL AUTHENTICATE',
  0x87: 'GENERAL AUTHENTICATE',
  0x88: 'INTERNAL AUTHENTICATE',
  0xa4: 'SELECT',
  0xb0: 'READ BINARY',
  0xb1: 'READ BINARY',
  0xb2: 'READ RECORD',
  0xc0: 'GET RESPONSE',
  0xc2: 'ENVELOPE',
  0xca: 'GET DATA',
  0xcb: 'GET DATA',
  0xd0: 'WRITE BINARY',
  0xd2: 'WRITE RECORD',
  0xd6: 'UPDATE BINARY',
  0xd7: 'UPDATE BINARY',
  0xda: 'PUT DATA',
  0xdb: 'PUT DATA',
  0xdc: 'UPDATE RECORD',
  0xe0: 'CREATE FILE',
  0xe2: 'APPEND RECORD',
  0xe4: 'DELETE FILE',
  0xe6: 'TERMINATE DF',
  0xe8: 'TERMINATE EF',
  0xfe: 'TERMINATE CARD USAGE',
}

/** Proprietary class (bit 8): GlobalPlatform 2.3, 11; EMV 4.3 Book 3, 6.5; Mastercard and Visa for 2A and D0. */
const proprietary: Readonly<Record<number, string>> = {
  0x16: 'CARD BLOCK',
  0x18: 'APPLICATION UNBLOCK',
  0x1e: 'APPLICATION BLOCK',
  0x24: 'PIN CHANGE/UNBLOCK',
  0x2a: 'COMPUTE CRYPTOGRAPHIC CHECKSUM',
  0x50: 'INITIALIZE UPDATE',
  0x78: 'END R-MAC SESSION',
  0x7a: 'BEGIN R-MAC SESSION',
  0xa8: 'GET PROCESSING OPTIONS',
  0xae: 'GENERATE APPLICATION CRYPTOGRAM',
  0xd8: 'PUT KEY',
  0xe2: 'STORE DATA',
  0xe4: 'DELETE',
  0xe6: 'INSTALL',
  0xe8: 'LOAD',
  0xf0: 'SET STATUS',
  0xf2: 'GET STATUS',
}

/** The command's name, or undefined for one that no standard here knows. */
export function instructionName(cla: number, ins: number): string | undefined {
  const names = (cla & 0x80) === 0 ? [interindustry] : [proprietary, interindustry]
  return names.map((table) => table[ins]).find((name) => name !== undefined)
}
