/** The payment program of the masks VSDC and M/Chip: the behaviour of `emv/` on files. Which of the two it is, the directory's name says. */
import { beginLife, contextOn, paymentCommand } from '../emv/application.ts'
import { fileControlInformation } from '../emv/reading.ts'
import { newSession } from '../emv/session.ts'
import { EmvState } from '../emv/state.ts'
import type { Answer, Command } from '../application.ts'
import { paymentCells } from './payment-files.ts'
import type { NativeProgram, ProgramPlace } from './system.ts'

export class PaymentProgram implements NativeProgram {
  #session = newSession()

  activate(place: ProgramPlace): void {
    beginLife(new EmvState(cellsOf(place)))
  }

  select(_command: Command, place: ProgramPlace): Answer {
    this.#session = newSession()
    return fileControlInformation(nameOf(place), new EmvState(cellsOf(place)))
  }

  process(command: Command, place: ProgramPlace): Answer {
    return paymentCommand(contextOn(nameOf(place), cellsOf(place), this.#session, place.card), command)
  }
}

const cellsOf = ({ files, directory, card }: ProgramPlace) => paymentCells(files, directory, card.memory)
const nameOf = ({ files, directory }: ProgramPlace): Uint8Array => files.get(directory).name ?? new Uint8Array(0)
