/** Arrow IPC, decoded where it arrives: the rest of the explorer meets tables. */
import { type Table, tableFromIPC } from '@uwdata/flechette';

import type { TABLES } from '../contract';
import type { Buffers } from './model';

export type { Table };

/** Numbers are read in place, and stand at multiples of so many bytes. */
const ALIGNED = 8;

/** Exactly the bytes of a buffer: it may be a view into a larger one, and begin anywhere in it. */
export function bytesOf(buffer: Buffers[number]): Uint8Array {
  if (!ArrayBuffer.isView(buffer)) {
    return new Uint8Array(buffer);
  }
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return bytes.byteOffset % ALIGNED ? bytes.slice() : bytes;
}

/** The tables of a message by name; its buffers stand in the order of the names. */
export function tablesOf(
  names: readonly string[],
  buffers: Buffers,
): Readonly<Record<string, Table>> {
  return Object.fromEntries(names.map((name, index) => [name, tableOf(name, buffers[index])]));
}

function tableOf(name: string, buffer: Buffers[number] | undefined): Table {
  const table = buffer && tableFromIPC(bytesOf(buffer));
  // The reader makes an empty table of bytes that are no Arrow stream.
  if (!table?.numCols) {
    throw new Error(`the table ${name} did not come, or is broken`);
  }
  return table;
}

type Wire = { text: string; float64: number; int32: number; bool: boolean };

/** A row of one of the contract's fixed tables; missing is null. */
export type Row<T extends keyof typeof TABLES> = {
  readonly [K in keyof (typeof TABLES)[T]]: Wire[(typeof TABLES)[T][K] & keyof Wire] | null;
};

/** The rows of one of the contract's fixed tables. */
export function rowsOf<T extends keyof typeof TABLES>(
  tables: Readonly<Record<string, Table>>,
  name: T,
): readonly Row<T>[] {
  return (tables[name]?.toArray() ?? []) as unknown as readonly Row<T>[];
}
