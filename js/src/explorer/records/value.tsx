import { useEffect, useState } from 'preact/hooks';

import type { CellAnswer } from '../../contract';
import { useApp } from '../app';
import { copy } from '../parts/copying';
import { Icon } from '../parts/icons';
import type { Looked } from './grid';
import { JsonTree } from './json_tree';
import type { Query } from './records';

interface Props {
  query: Query;
  cell: Looked;
  close(): void;
}

/** One cell whole: long text to read, nested values to expand. */
export function ValuePanel({ query, cell, close }: Props) {
  const { wire, troubles, said } = useApp();
  const [answer, setAnswer] = useState<CellAnswer | null>(null);
  const { column, row, record } = cell;
  const { scope, table } = query;

  useEffect(() => {
    const own = new AbortController();
    const question = { scope, table, row: record, column: column.name };
    setAnswer(null);
    wire.ask('cell', question, { signal: own.signal }).then(
      ({ result }) => setAnswer(result),
      error => troubles.tell(error, 'records'),
    );
    return () => own.abort();
  }, [scope, table, record, column.name]);

  const copyIt = () =>
    copy(answer?.text ?? '').then(
      () => {
        said.value = `${column.name} of row ${row + 1} is copied.`;
      },
      error => troubles.tell(error, 'records'),
    );
  return (
    <section class="hs-Value" aria-label={`Value of ${column.name}`}>
      <header>
        <strong>{column.name}</strong>
        <span class="hs-quiet">
          row {row + 1}
          {column.unit && `, in ${column.unit}`}
        </span>
        <button
          type="button"
          class="hs-IconButton"
          aria-label="Copy value"
          title="Copy"
          onClick={copyIt}
        >
          <Icon name="copy" />
        </button>
        <button
          type="button"
          class="hs-IconButton"
          aria-label="Close value"
          title="Close"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      {column.meaning && <p class="hs-quiet">{column.meaning}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <div class="hs-Value-body" tabIndex={0}>
        {answer && <Value answer={answer} />}
        {answer?.cut && <p class="hs-quiet">It is longer; push the table to have all of it.</p>}
      </div>
    </section>
  );
}

function Value({ answer: { text, kind } }: { answer: CellAnswer }) {
  if (text === null) {
    return <p class="hs-quiet">missing</p>;
  }
  if (kind === 'nested') {
    try {
      return <JsonTree value={JSON.parse(text)} />;
    } catch {
      // Cut, or no JSON: the text itself is shown.
    }
  }
  return <pre>{text}</pre>;
}
