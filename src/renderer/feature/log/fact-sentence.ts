/** Shared with reports and the command line. */
export * from '#shared/journal/fact-sentence.ts'
