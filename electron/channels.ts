/** The only roads between a page and the main process. */
export const CHANNELS = {
  say: 'decklog:say',
  tell: 'decklog:tell',
  facts: 'decklog:facts',
  giveEvidence: 'decklog:give-evidence',
  chooseEvidence: 'decklog:choose-evidence',
  chooseRuleFolder: 'decklog:choose-rule-folder',
  save: 'decklog:save',
  reveal: 'decklog:reveal',
  recent: 'decklog:recent',
  openRecent: 'decklog:open-recent',
  openCase: 'decklog:open-case',
  newCase: 'decklog:new-case',
} as const;
