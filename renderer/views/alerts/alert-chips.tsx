import type { ReactNode } from 'react';
import type { AlertCounts } from '../../../core/contract/alert-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { usePlace } from '../../place.ts';
import type { SearchParams } from '../../search-params.ts';
import { shortUser } from '../../words/identity.ts';
import { range as rangeText } from '../../words/time.ts';

/** What narrows the list, each with a way to drop it. */
export function AlertChips({ counts }: { readonly counts: AlertCounts | undefined }): ReactNode {
  const { search, set, range, setRange } = usePlace();
  const rule = counts?.rules.find((each) => each.text === search.rule);
  const chips: readonly (readonly [string, string, () => void])[] = [
    ...chip('rule', search.rule, rule === undefined ? 'one rule' : rule.title, { rule: undefined }),
    ...chip('incident', search.incident, search.incident === 0 ? 'in no incident' : `INC-${search.incident}`, {
      incident: undefined,
    }),
    ...chip('entity', search.entity, shortUser(search.entity ?? ''), { entity: undefined, kind: undefined }),
    ...chip('starred', search.starred, 'only starred', { starred: undefined }),
    ...(range === null ? [] : [['range', `in ${rangeText(range.from, range.to)}`, () => setRange(null)] as const]),
  ];
  function chip(
    key: string,
    value: unknown,
    title: string,
    without: { readonly [K in keyof SearchParams]?: undefined },
  ): readonly (readonly [string, string, () => void])[] {
    return value === undefined ? [] : [[key, title, () => set(without)]];
  }
  if (chips.length === 0) return null;
  return (
    <div className="bar chips">
      {chips.map(([key, title, drop]) => (
        <span key={key} className="chip on">
          <span className="clip">
            <EvidenceText>{title}</EvidenceText>
          </span>
          <button type="button" className="chip-x" aria-label={`Drop: ${title}`} onClick={drop}>
            <Icon name="close" size={10} />
          </button>
        </span>
      ))}
    </div>
  );
}
