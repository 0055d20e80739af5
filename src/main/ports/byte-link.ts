/**
 * A line of bytes to one machine: a serial port, a socket or a pipe in memory. Chunks arrive as the operating system
 * happens to cut them; whoever listens puts them together.
 */
export interface ByteLink {
  /** What a person calls it: `COM3`, `/dev/ttyUSB0`, `simulator`. */
  readonly name: string
  /** Resolves when the bytes were handed to the line. Rejects with `device.link-lost` when the line is gone. */
  write(bytes: Uint8Array): Promise<void>
  /** Every chunk as it arrives. Returns the function that stops listening. */
  onData(listener: (bytes: Uint8Array) => void): () => void
  /** The line went away (unplugged, closed by the other side). Called at most once. */
  onClose(listener: () => void): () => void
  close(): Promise<void>
}

export interface LineSettings {
  baudRate: number
  dataBits: 7 | 8
  parity: 'none' | 'even' | 'odd'
  stopBits: 1 | 2
  flowControl: 'none' | 'hardware' | 'software'
  /** Modem lines asserted after opening, and the pause that follows, in milliseconds. */
  dtr: boolean
  rts: boolean
  settle: number
}

/** Opens links; the shells give the real one, tests a memory pipe. */
export interface LinkOpener {
  open(settings: LineSettings): Promise<ByteLink>
}
