import { useRef } from 'preact/hooks';

import type { ScopeState } from '../../contract';
import { useApp } from '../app';
import { Alerts } from '../parts/alert';
import { Icon } from '../parts/icons';
import { ScopeTree } from './tree_view';

/** The scope picker: a search box over a tree. */
export function ScopePicker({ chosen }: { chosen(): void }) {
  const { scopes, state } = useApp();
  const tree = useRef<HTMLDivElement>(null);

  const open = (scope: ScopeState) => {
    state.opening.value = scope;
    chosen();
  };
  const openFirst = async () => {
    const [first] = await scopes.find();
    if (first?.scope) {
      open(first.scope);
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && scopes.text.value.trim()) {
      event.preventDefault();
      void openFirst();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      tree.current?.focus();
    } else if (event.key === 'Escape' && scopes.text.value) {
      event.stopPropagation();
      scopes.text.value = '';
    }
  };

  return (
    <div class="hs-Scopes">
      <div class="hs-Scopes-head">
        <div class="hs-Search">
          <Icon name="search" />
          <input
            type="search"
            class="hs-Input"
            aria-label="Find an experiment, room or participant"
            placeholder="Name or ID"
            spellcheck={false}
            autocomplete="off"
            value={scopes.text.value}
            onInput={event => {
              scopes.text.value = event.currentTarget.value;
            }}
            onKeyDown={keyDown}
          />
        </div>
        <button
          type="button"
          class="hs-IconButton"
          aria-label="List again"
          title="List again: asks the service"
          onClick={() => scopes.refresh()}
        >
          <Icon name="refresh" />
        </button>
      </div>
      <Alerts places={['scopes']} />
      {scopes.sentence.value && (
        <p class="hs-Scopes-sentence" aria-live="polite">
          {scopes.sentence.value}
        </p>
      )}
      <ScopeTree box={tree} open={open} />
    </div>
  );
}
