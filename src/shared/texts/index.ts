/** All sentences of the product. Every subject registers here; react-intl and the command line read from it. */
import { callTexts } from './calls.ts'
import { chipData } from './chip-data.ts'
import { chipStations } from './chip-stations.ts'
import { cli } from './cli.ts'
import { cliChip } from './cli-chip.ts'
import { data } from './data.ts'
import { device } from './device.ts'
import { frame } from './frame.ts'
import { general } from './general.ts'
import { jobs } from './jobs.ts'
import { people } from './people.ts'
import { personalization } from './personalization.ts'
import { hostTexts } from './hosts.ts'
import { reports } from './reports.ts'
import { runs } from './runs.ts'
import { store } from './store.ts'
import { simulator } from './simulator.ts'
import { session } from './session.ts'
import { stations } from './stations.ts'
import { auditPage } from './audit-page.ts'
import { designsPage } from './designs-page.ts'
import { journalFacts } from './journal-facts.ts'
import { jobsPage } from './jobs-page.ts'
import { logPage } from './log-page.ts'
import { peoplePage } from './people-page.ts'
import { chipPage } from './chip-page.ts'
import { workbench } from './workbench.ts'
import { produce } from './produce.ts'
import { prompts } from './prompts.ts'
import { practiceCards } from './practice-cards.ts'
import { devicesPage } from './devices-page.ts'

export type { Language } from './define.ts'

export const texts = {
  en: { ...general.en, ...callTexts.en, ...chipData.en, ...chipStations.en, ...cli.en, ...cliChip.en, ...data.en, ...device.en, ...frame.en, ...jobs.en, ...people.en, ...personalization.en, ...hostTexts.en, ...reports.en, ...runs.en, ...simulator.en, ...store.en, ...session.en, ...stations.en, ...auditPage.en, ...designsPage.en, ...journalFacts.en, ...jobsPage.en, ...logPage.en, ...peoplePage.en, ...chipPage.en, ...workbench.en, ...produce.en, ...prompts.en, ...practiceCards.en, ...devicesPage.en },
  ru: { ...general.ru, ...callTexts.ru, ...chipData.ru, ...chipStations.ru, ...cli.ru, ...cliChip.ru, ...data.ru, ...device.ru, ...frame.ru, ...jobs.ru, ...people.ru, ...personalization.ru, ...hostTexts.ru, ...reports.ru, ...runs.ru, ...simulator.ru, ...store.ru, ...session.ru, ...stations.ru, ...auditPage.ru, ...designsPage.ru, ...journalFacts.ru, ...jobsPage.ru, ...logPage.ru, ...peoplePage.ru, ...chipPage.ru, ...workbench.ru, ...produce.ru, ...prompts.ru, ...practiceCards.ru, ...devicesPage.ru },
} as const

export type TextKey = keyof typeof texts.en
