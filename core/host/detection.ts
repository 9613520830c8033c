import { CaseError } from '../fault.ts';

export const loadRules = (_: unknown): never => {
  throw new CaseError('usage', 'rules come next');
};
export const findingsOf = loadRules;
export const detectStored = loadRules;
export const recordRun = loadRules;
