/** Vega, as the explorer draws with it: a part of its own, which a page needs once. */
export { View } from 'vega';
export { INTERPRETED, runtimeOf } from './runtime';
