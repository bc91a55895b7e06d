import './node24.mjs';

// Only now, because an older Node cannot read it.
await import('./start.ts');
