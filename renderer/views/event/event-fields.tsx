import { type ReactNode, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { EventDetail, ParsedField } from '../../../core/contract/event-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { withCondition } from '../../words/condition.ts';
import { entityOfField } from '../../words/entity-of-field.ts';

const FIRST = 16;

/** The event's fields, each with filter in, filter out and pivot. */
export function EventFields({ detail }: { readonly detail: EventDetail }): ReactNode {
  const [showsAll, setShowsAll] = useState(false);
  const marked = new Set(detail.matched.map((match) => match.field.toLowerCase()));
  const fields = showsAll ? detail.fields : detail.fields.slice(0, FIRST);
  return (
    <section className="sec">
      <h2>
        Fields {detail.matched.length === 0 ? null : <small>marked: why an alert fired</small>}
        <span className="sp" />
        {detail.fields.length > FIRST ? (
          <button type="button" className="btn quiet" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Fewer' : `All ${detail.fields.length}`}
          </button>
        ) : null}
      </h2>
      <dl>
        {fields.map((field, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field with several values stands once for each
          <FieldRow key={`${field.field}${index}`} field={field} isMarked={marked.has(field.field.toLowerCase())} />
        ))}
      </dl>
    </section>
  );
}

function FieldRow({ field, isMarked }: { readonly field: ParsedField; readonly isMarked: boolean }): ReactNode {
  const place = usePlace();
  const entity = entityOfField(field.field, field.value);
  const filter = (isExcluded: boolean): void =>
    place.go('hunt', { q: withCondition(place.search.q ?? '', field.condition, isExcluded) });
  return (
    <div className="kv">
      <dt className="clip" title={field.field}>
        <EvidenceText>{field.field}</EvidenceText>
      </dt>
      <dd title={visibleText(field.value)}>
        <span className={isMarked ? 'marked' : undefined}>
          <EvidenceText>{field.value}</EvidenceText>
        </span>
      </dd>
      <dd className="act">
        <button
          type="button"
          className="act-button"
          aria-label={`Filter in ${field.field}`}
          title="Filter in"
          onClick={() => filter(false)}
        >
          <Icon name="plus" size={12} />
        </button>
        <button
          type="button"
          className="act-button"
          aria-label={`Filter out ${field.field}`}
          title="Filter out"
          onClick={() => filter(true)}
        >
          <Icon name="minus" size={12} />
        </button>
        <button
          type="button"
          className="act-button"
          aria-label={entity === null ? `Hunt for ${field.field} alone` : `Open ${entity.kind}`}
          title={entity === null ? 'Hunt for this alone' : `Open this ${entity.kind}`}
          onClick={() =>
            entity === null ? place.go('hunt', { q: field.condition }) : place.go('entities', entitySearch(entity))
          }
        >
          <Icon name="pivot" size={12} />
        </button>
      </dd>
    </div>
  );
}
