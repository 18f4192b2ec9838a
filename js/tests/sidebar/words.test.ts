import { describe, expect, it, vi } from 'vitest';

import { complete } from '../../src/sidebar/code';
import { firstNotebook, pythonOf } from '../../src/sidebar/first';
import { drawNotice, noticeOf, type Shown } from '../../src/sidebar/notices';
import { choose } from '../../src/sidebar/places';
import { SEEN } from './fakes';

describe('what the panel belongs to', () => {
  const open = new Set(['a', 'b', 'c']);

  it('is what is worked in', () => {
    expect(choose(open, 'b', 'a', ['c', null])).toBe('b');
  });

  it('stays while something else has the focus: a file, the launcher, the panel itself', () => {
    expect(choose(open, 'launcher', 'a', ['c', null])).toBe('a');
    expect(choose(open, null, 'a', ['c', null])).toBe('a');
  });

  it('is what was worked in before, when its own is closed', () => {
    expect(choose(open, 'launcher', 'gone', [null, 'c'])).toBe('c');
    expect(choose(open, 'launcher', null, ['gone', 'b'])).toBe('b');
  });

  it('is nothing where nothing is open', () => {
    expect(choose(new Set(), 'launcher', 'gone', [null, null])).toBeNull();
    expect(choose(open, undefined, null, [null])).toBeNull();
  });
});

describe('code that runs from a notebook alone', () => {
  const LINE = '%hs bundle room r1 -o moment';

  it('brings what it needs', () => {
    expect(complete(LINE, false, ['x = 1'])).toBe(`%load_ext hs_jupyter\n${LINE}`);
    expect(complete(LINE, true, [])).toBe(`%load_ext hs_jupyter\n%hs demo\n${LINE}`);
  });

  it('brings nothing twice', () => {
    expect(complete(LINE, true, ['import os\n%load_ext hs_jupyter', 'study = %hs demo'])).toBe(
      LINE,
    );
    expect(complete(LINE, true, ['%load_ext hs_jupyter\nstudy = hs.demo()'])).toBe(LINE);
    expect(complete(LINE, true, ['# %load_ext hs_jupyter\n# %hs demo'])).toBe(
      `%load_ext hs_jupyter\n%hs demo\n${LINE}`,
    );
  });

  it('keeps the import of Python first', () => {
    const code = 'import hs_jupyter as hs\n\nmoment = hs.bundle(room="r1")';
    expect(complete(code, false, [])).toBe(code);
    expect(complete(code, true, [])).toBe(
      'import hs_jupyter as hs\nhs.demo()\n\nmoment = hs.bundle(room="r1")',
    );
  });
});

describe('a notebook on the demo study', () => {
  const spec = (name: string, language = 'python') => ({ name, language, display_name: name });

  it('has the default kernel, if it is a Python', () => {
    const kernelspecs = { a: spec('a'), r: spec('r', 'R'), b: spec('b', 'Python') };
    expect(pythonOf({ default: 'b', kernelspecs }).name).toBe('b');
    expect(pythonOf({ default: 'r', kernelspecs }).name).toBe('a');
  });

  it('needs one', () => {
    expect(() => pythonOf({ default: 'r', kernelspecs: { r: spec('r', 'R') } })).toThrow(
      'no Python',
    );
    expect(() => pythonOf(null)).toThrow('no Python');
  });

  it('is a notebook of version 4.5', () => {
    const { cells, metadata } = firstNotebook(spec('python3'));
    expect(cells[0]?.source).toBe('%load_ext hs_jupyter\n%hs demo');
    expect(new Set(cells.map(one => one.id)).size).toBe(cells.length);
    expect(metadata.kernelspec.name).toBe('python3');
  });
});

describe('a notice', () => {
  const STATES: Shown[] = [
    { kind: 'nowhere' },
    { kind: 'no widgets' },
    { kind: 'no kernel' },
    { kind: 'dead' },
    { kind: 'other language', language: '<b>R</b>' },
    { kind: 'no package', old: false },
    { kind: 'no package', old: true },
    { kind: 'no key', seen: { ...SEEN, model_id: null, problem: 'In the settings, <b>x</b>' } },
    { kind: 'failed', sentence: '<img src=x onerror=alert(1)>' },
    ...(['kernel', 'restart', 'answer', 'cell', 'demo'] as const).map(reason => ({
      kind: 'waiting' as const,
      for: reason,
    })),
  ];

  it.each(STATES)('of $kind says what is and what can be done', state => {
    const notice = noticeOf(state, 'console');
    const act = vi.fn();
    const drawn = drawNotice(notice ?? { title: '' }, act);
    expect(drawn.textContent?.length).toBeGreaterThan(10);
    expect(drawn.querySelector('b, img')).toBeNull();
    const buttons = [...drawn.querySelectorAll('button')];
    for (const button of buttons) {
      button.click();
    }
    expect(act.mock.calls.map(([action]) => action)).toEqual(
      (notice?.actions ?? []).map(([action]) => action),
    );
    expect(buttons.length > 0 || notice?.waiting || notice?.code).toBeTruthy();
  });

  it('is none while the explorer is shown', () => {
    expect(noticeOf({ kind: 'shown', seen: SEEN })).toBeNull();
  });
});
