import { expect, test } from 'vitest';

import { offlineLoader, refusalNote } from '../../src/vega/loader';

function loaderWithLog() {
  const refused: string[] = [];
  return { refused, loader: offlineLoader(uri => refused.push(uri)) };
}

test.each([
  'https://example.org/a.csv',
  '//example.org/a.csv',
  '/files/secret.csv',
  'a.csv',
  'file:///etc/passwd',
  'blob:https://example.org/1',
  'javascript:alert(1)',
  ' data:text/csv,a',
])('%s is not loaded, and that is told', async uri => {
  const { loader, refused } = loaderWithLog();
  await expect(loader.load(uri)).rejects.toThrow('outside its notebook');
  await expect(loader.http(uri, {})).rejects.toThrow();
  await expect(loader.file(uri)).rejects.toThrow();
  expect(refused).toEqual([uri, uri, uri]);
});

test('data: is read', async () => {
  const { loader, refused } = loaderWithLog();
  expect(await loader.load('data:text/csv,a%0A1')).toBe('a\n1');
  expect(await loader.load('data:application/json;base64,WzFd')).toBe('[1]');
  expect(refused).toEqual([]);
});

test('only pictures that are data are shown', async () => {
  const { loader, refused } = loaderWithLog();
  const png = 'data:image/png;base64,AAAA';
  expect(await loader.sanitize(png, { context: 'image' })).toEqual({ href: png });
  for (const uri of [
    'https://example.org/a.png',
    'data:image/svg+xml;base64,AAAA',
    'data:text/html,x',
  ]) {
    await expect(loader.sanitize(uri, { context: 'image' })).rejects.toThrow();
  }
  expect(refused).toHaveLength(3);
});

test('links in marks are off, silently: a link is no missing data', async () => {
  const { loader, refused } = loaderWithLog();
  await expect(loader.sanitize('https://example.org', { context: 'href' })).rejects.toThrow();
  expect(refused).toEqual([]);
});

test('the note names places once, never what may be private', () => {
  const note = refusalNote([
    'https://me:secret@data.example.org/a.csv?token=secret',
    'https://data.example.org/b.csv',
    'local.csv?token=secret#x',
    `${'long'.repeat(40)}.csv`,
  ]);
  expect(note).toContain('(data.example.org, local.csv, longlong');
  expect(note).not.toContain('secret');
  expect(note.length).toBeLessThan(200);
});
