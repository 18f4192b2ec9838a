/** The bundler gathers stylesheets beside the module. */
declare module '*.css';
