import type { Routes } from './api.ts';
export const docsRoutes: Routes = () => {};
