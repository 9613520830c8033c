import type { RunWarning } from '../../core/contract/rows.ts';

/** What a limit that the rules reached means for an examiner, and what to do. */
export interface WarningAdvice {
  readonly means: string;
  readonly next: string;
}

export const WARNING_ADVICE: Readonly<Record<RunWarning['kind'], WarningAdvice>> = {
  baseline: {
    means: 'This baseline raised no alert at all. That it is silent proves nothing.',
    next: 'Give the case a baseline file from a quiet time, or read a shorter stretch into a case of its own.',
  },
  crowd: {
    means: 'A deed that everybody does tells little of one of them, so all of it is one alert. No request is left out.',
    next: 'Filter what is normal here, with a reason, or narrow the rule; then run the rules again.',
  },
  listed: {
    means: 'The alert counts all requests and shows the first of them.',
    next: 'Hunt for the rest with the condition of the rule.',
  },
  links: {
    means:
      'Links between identities may be missing: what are two incidents here may be one, and a stranger may go unnoticed.',
    next: 'Group the alerts by identity and compare by hand, or read a shorter stretch into a case of its own.',
  },
};
