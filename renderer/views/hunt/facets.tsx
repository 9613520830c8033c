import { type ReactNode, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { Facet } from '../../../core/contract/hunt-calls.ts';
import type { Scope } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { FaultNote, Waiting } from '../../parts/state.tsx';
import { chosenValues, toggled, without } from '../../words/conjuncts.ts';
import { count, counted } from '../../words/number.ts';

const FIELDS: readonly (readonly [string, string])[] = [
  ['verb', 'Verb'],
  ['resource', 'Resource'],
  ['namespace', 'Namespace'],
  ['user', 'Identity'],
  ['sourceIPs', 'Source'],
  ['userAgent', 'Client'],
  ['code', 'Code'],
  ['subresource', 'Subresource'],
  ['impersonatedUser', 'Acting as'],
  ['apiGroup', 'API group'],
  ['level', 'Level'],
  ['server', 'Server'],
];
const SHOWN = 6;
const FIRST_FIELDS = 7;

/** Values with counts that follow the query; choosing two of a field asks for either. */
export function Facets({ scope, onQuery }: { readonly scope: Scope; onQuery(query: string): void }): ReactNode {
  const [showsAll, setShowsAll] = useState(false);
  const [search, setSearch] = useState('');
  const fields = showsAll ? FIELDS : FIELDS.slice(0, FIRST_FIELDS);
  const names = fields.map(([field]) => field);
  const request = search.trim() === '' ? {} : { search: search.trim() };
  const facets = useCall('hunt/facets', { scope, fields: names, limit: SHOWN, ...request }, { keeps: true });
  return (
    <aside className="pane-scroll facets" aria-label="Facets">
      <label className="field facet-search">
        <Icon name="search" />
        <input
          value={search}
          placeholder="Find a value"
          aria-label="Find a value in the facets"
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      {facets.error === null ? null : <FaultNote error={facets.error} />}
      {facets.data === undefined && facets.error === null ? <Waiting rows={8} /> : null}
      {(facets.data?.facets ?? []).map((facet) => (
        <FacetBox
          key={facet.field}
          facet={facet}
          title={FIELDS.find(([field]) => field === facet.field)?.[1] ?? facet.field}
          total={facets.data?.total ?? 0}
          scope={scope}
          onQuery={onQuery}
        />
      ))}
      <button type="button" className="btn quiet" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
        {showsAll ? 'Fewer fields' : counted(FIELDS.length - FIRST_FIELDS, 'more field')}
      </button>
    </aside>
  );
}

interface FacetBoxProps {
  readonly facet: Facet;
  readonly title: string;
  readonly total: number;
  readonly scope: Scope;
  onQuery(query: string): void;
}

function FacetBox({ facet, title, total, scope, onQuery }: FacetBoxProps): ReactNode {
  const [isOpen, setOpen] = useState(true);
  const [most, setMost] = useState(SHOWN);
  const chosen = chosenValues(scope.query, facet.field);
  // A field that was chosen from shows its other values too, counted without its own condition.
  const asksItself = chosen.length > 0 || most > SHOWN;
  const own = useCall(
    'hunt/facets',
    { scope: { ...scope, query: without(scope.query, facet.field) }, fields: [facet.field], limit: most },
    { isOn: asksItself, keeps: true },
  );
  const shown = (asksItself ? own.data?.facets[0] : undefined) ?? facet;
  const most_ = Math.max(1, asksItself ? (own.data?.total ?? total) : total);
  if (shown.values.length === 0) return null;
  return (
    <section className="sec facet">
      <h3>
        <button type="button" className="facet-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span className={isOpen ? 'turn open' : 'turn'}>
            <Icon name="right" size={11} />
          </span>
          {title}
          <small>
            {chosen.length > 0 ? `${chosen.length} chosen` : counted(shown.values.length + shown.others, 'value')}
          </small>
        </button>
      </h3>
      {isOpen
        ? shown.values.map((value) => {
            const isOn =
              chosen.includes(value.condition.slice(facet.field.length + 1)) || scope.query === value.condition;
            return (
              <label key={value.condition} className="fv" title={visibleText(value.text ?? 'none')}>
                <input
                  type="checkbox"
                  checked={isOn}
                  onChange={() => onQuery(toggled(scope.query, facet.field, value.condition))}
                />
                <span className="clip">
                  {value.text === null || value.text === '' ? (
                    <span className="t3">none</span>
                  ) : (
                    <EvidenceText>{value.text}</EvidenceText>
                  )}
                </span>
                <span className="num t2 tn">{count(value.count)}</span>
                <i style={{ width: `${Math.max(1, (value.count / most_) * 86)}%` }} />
              </label>
            );
          })
        : null}
      {isOpen && shown.others > 0 ? (
        <button type="button" className="btn quiet facet-more" onClick={() => setMost(most + 20)}>
          {counted(shown.others, 'more value')}
        </button>
      ) : null}
    </section>
  );
}
