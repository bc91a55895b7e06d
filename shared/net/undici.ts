// Loaded lazily, by this file: of a CommonJS module that is imported lazily itself a bundle gives the default alone.
export { Agent, Client } from 'undici';
