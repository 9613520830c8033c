import type { ReactNode } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { RuleSettingForm } from './rule-setting.tsx';

/** How this case runs the rule that is open; one form where the text holds one rule, else they are set in the view of rules. */
export function RuleSettings({ path }: { readonly path: string }): ReactNode {
  const rules = useCall('rules/list', {}, { keeps: true }).data ?? [];
  const [rule, ...others] = rules.filter((line) => line.path === path);
  return rule === undefined || others.length > 0 ? null : <RuleSettingForm key={rule.id} rule={rule.id} />;
}
