import type { Place } from '../../contract';
import { useApp } from '../app';
import { Icon } from './icons';

/** What went wrong here, in a sentence, with what can be done about it. */
export function Alerts({ places }: { places: readonly Place[] }) {
  const { troubles } = useApp();
  return (
    <>
      {places.map(place => {
        const trouble = troubles.at.value[place];
        if (!trouble) {
          return null;
        }
        const { problem, again } = trouble;
        const retry = (yes: boolean) => () => {
          troubles.clear(place);
          again?.(yes);
        };
        return (
          <div class="hs-Alert" role="alert" key={place} data-reason={problem.reason}>
            <Icon name="warning" />
            <p>{problem.sentence}</p>
            {again && problem.reason === 'plan' && (
              <button type="button" class="hs-Button" onClick={retry(true)}>
                Go ahead
              </button>
            )}
            {again && !FINAL.has(problem.reason) && (
              <button type="button" class="hs-Button" onClick={retry(false)}>
                Try again
              </button>
            )}
            <button
              type="button"
              class="hs-IconButton"
              aria-label="Dismiss"
              title="Dismiss"
              onClick={() => troubles.clear(place)}
            >
              <Icon name="close" />
            </button>
          </div>
        );
      })}
    </>
  );
}

/** Reasons for which the same question gives the same answer. */
const FINAL = new Set(['plan', 'input', 'key', 'not found']);
