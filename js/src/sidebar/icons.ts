import { LabIcon } from '@jupyterlab/ui-components';

const COURSE = 'M2 15.5c2.6 0 2.7-4.5 5-4.5 2.6 0 2.8 7 5.2 7C15 18 15 6 18 6c2.2 0 2.3 4.5 4 4.5';
const MOMENT = 'M9.5 2.5h6v19h-6z';
const ENDS = 'M9.5 3v18M15.5 3v18';

/** A rating's course, and the moment that is selected in it. */
export const icon = new LabIcon({
  name: 'hs-jupyter:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24" fill="none" stroke-linecap="round">
    <path class="jp-icon3 jp-icon-selectable" fill="#616161" fill-opacity=".28" d="${MOMENT}"/>
    <path class="jp-icon3 jp-icon-selectable" stroke="#616161" stroke-width="1.6" d="${ENDS}"/>
    <path class="jp-icon3 jp-icon-selectable" stroke="#616161" stroke-width="2" d="${COURSE}"/>
  </svg>`,
});

const CARD = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-linecap="round">
  <path fill="#d55e00" fill-opacity=".25" d="${MOMENT}"/>
  <path stroke="#d55e00" stroke-width="1.6" d="${ENDS}"/>
  <path stroke="#0072b2" stroke-width="2" d="${COURSE}"/>
</svg>`;

/** The same in colour, for the launcher, which shows pictures beside those of kernels. */
export const cardUrl = `data:image/svg+xml,${encodeURIComponent(CARD)}`;

/** Two halves, the right one filled: into the main area. */
export const besideIcon = new LabIcon({
  name: 'hs-jupyter:beside',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16" fill="none">
    <rect class="jp-icon3" stroke="#616161" x="1.75" y="2.75" width="12.5" height="10.5" rx="1.5"/>
    <path class="jp-icon3" fill="#616161" d="M8.5 4.5h4a.5.5 0 0 1 .5.5v6a.5.5 0 0 1-.5.5h-4z"/>
  </svg>`,
});

/** The left edge filled: back to the sidebar. */
export const homeIcon = new LabIcon({
  name: 'hs-jupyter:home',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16" fill="none">
    <rect class="jp-icon3" stroke="#616161" x="1.75" y="2.75" width="12.5" height="10.5" rx="1.5"/>
    <path class="jp-icon3" fill="#616161" d="M3.5 4.5h2v7h-2a.5.5 0 0 1-.5-.5V5a.5.5 0 0 1 .5-.5z"/>
  </svg>`,
});
