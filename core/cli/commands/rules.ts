import type { GroupDefinition } from '../definition.ts';
import { rulesCheck } from './rules-check.ts';
import { rulesList } from './rules-list.ts';
import { rulesTest } from './rules-test.ts';
import { rulesTry } from './rules-try.ts';

export const rules: GroupDefinition = {
  name: 'rules',
  summary: 'check, test, try and list detection rules',
  commands: [rulesCheck, rulesTest, rulesTry, rulesList],
};
