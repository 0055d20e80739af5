/** The load file of payment applications that practice cards carry from the factory. */
import type { ApplicationProgram } from '../application.ts'
import { PaymentApplication } from './application.ts'
import { DirectoryApplication } from './directory.ts'

/** Under a provider that nobody registered (ISO/IEC 7816-5, category F). */
export const paymentLoadFile = 'F043415244575201'

export const paymentProgram: ApplicationProgram = {
  loadFile: paymentLoadFile,
  module: `${paymentLoadFile}01`,
  create: (identifier) => new PaymentApplication(identifier),
}

export const directoryProgram: ApplicationProgram = {
  loadFile: paymentLoadFile,
  module: `${paymentLoadFile}02`,
  create: (identifier) => new DirectoryApplication(identifier),
}
