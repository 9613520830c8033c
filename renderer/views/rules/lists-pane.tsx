import { type ReactNode, useState } from 'react';
import type { RuleList } from '../../../core/contract/rows.ts';
import { useAct, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { Answered, Empty } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';
import { counted } from '../../words/number.ts';
import { IndicatorLists } from './indicator-lists.tsx';

/** Lists that rules compare with, and lists of indicators; what a case adds is kept in the case. */
export function ListsPane(): ReactNode {
  const lists = useCall('lists/all', {}, { keeps: true });
  return (
    <div className="pane-scroll lists">
      <IndicatorLists />
      <section className="sec" aria-label="Lists of the rules">
        <h2>
          Lists of the rules <small>values of this case count when the rules are run again</small>
        </h2>
        <Answered call={lists} rows={6}>
          {(all) =>
            all.length === 0 ? (
              <Empty title="No rule uses a list." />
            ) : (
              all.map((list) => <OneList key={list.name} list={list} />)
            )
          }
        </Answered>
      </section>
    </div>
  );
}

function OneList({ list }: { readonly list: RuleList }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const remove = async (value: string): Promise<void> => {
    const done = await act('lists/remove', { list: list.name, values: [value], note: '' });
    if (done !== null)
      tell(`“${value}” taken off ${list.name}.`, async () => {
        await act('lists/add', { list: list.name, values: [value], note: 'undone' });
      });
  };
  return (
    <details className="list">
      <summary>
        <b className="mono">{list.name}</b> <EvidenceText>{list.title}</EvidenceText>{' '}
        <span className="t3">
          {list.isReplaced ? 'shipped values do not count' : counted(list.shipped.length, 'shipped value')}
          {list.own.length === 0 ? '' : `, ${counted(list.own.length, 'own value')}`}
          {list.date === null ? '' : `, of ${list.date}`}
        </span>
      </summary>
      <p className="t2">
        <EvidenceText>{list.description}</EvidenceText>
      </p>
      {list.rules.length === 0 ? null : <p className="t3">Used by {list.rules.join('; ')}</p>}
      <ul>
        {list.own.map((own) => (
          <li key={own.value} className="row">
            <span className="mono">
              <EvidenceText>{own.value}</EvidenceText>
            </span>
            <span className="t3 grow">
              <EvidenceText>{own.note}</EvidenceText> · <EvidenceText>{own.examiner}</EvidenceText>
            </span>
            {mayChange ? (
              <IconButton
                icon="close"
                size={11}
                label={`Take ${own.value} off ${list.name}`}
                onClick={() => void remove(own.value)}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {mayChange ? <AddValue list={list.name} /> : null}
      <p className="mono t2 breaks">
        <EvidenceText>{list.shipped.slice(0, 200).join(', ')}</EvidenceText>
        {list.shipped.length > 200 ? ` and ${counted(list.shipped.length - 200, 'more')}` : ''}
      </p>
    </details>
  );
}

function AddValue({ list }: { readonly list: string }): ReactNode {
  const act = useAct();
  const [value, setValue] = useState('');
  const [note, setNote] = useState('');
  const save = async (): Promise<void> => {
    const values = value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    if (values.length === 0 || (await act('lists/add', { list, values, note })) === null) return;
    tell(`${counted(values.length, 'value')} added to ${list}. Run the rules again to use them.`, async () => {
      await act('lists/remove', { list, values, note: 'undone' });
    });
    setValue('');
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        className="field grow"
        aria-label={`New value of ${list}`}
        placeholder="New value; several with commas"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <input
        className="field"
        aria-label={`Why it belongs to ${list}`}
        placeholder="Why"
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <button type="submit" className="btn" disabled={value.trim() === ''}>
        Add
      </button>
    </form>
  );
}
