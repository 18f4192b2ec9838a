/** The plugins of the extension, apart from the renderer of plots, which is a MIME extension. */
import sidebar from './sidebar';
import still from './still';

export default [still, sidebar];
